import type { Condition } from "./archive.ts";
import type { ArchiveDialect, Bind } from "./archive-dialect.ts";
import { type Literal, type Plain } from "./condition.ts";
import { storableText } from "./json.ts";
import { encoded } from "./searchable.ts";

type AtomOf<Kind> = Extract<Condition, { readonly kind: Kind }>;
type Name = AtomOf<"name">;
type Word = AtomOf<"word">;

/** SQL of conditions. `t` is the turn's row, `c` its conversation's. Values are bound, never written. */
export interface ConditionSql {
  readonly sql: (condition: Plain, bind: Bind) => string;
  /** A query for the turns or the conversations that may meet it, as `id`, where an index finds them. `exact`: all that it finds meet it. */
  readonly source: (condition: Plain, bind: Bind) => Source | undefined;
}

export interface Source {
  readonly of: "turn" | "conversation";
  readonly sql: string;
  readonly exact: boolean;
}

const NOWHERE = "1 = 0";

export function conditionSql(dialect: ArchiveDialect): ConditionSql {
  const sql = (condition: Plain, bind: Bind): string => {
    if ("of" in condition) {
      const parts = condition.of.map((part) => sql(part, bind));
      return condition.kind === "all" ? joined(" AND ", parts, "1 = 1") : joined(" OR ", parts, NOWHERE);
    }
    const atom = atomSql(dialect, condition, bind);
    // What is absent is neither so nor known not to be so: SQL's NULL, which is not true.
    return condition.kind === "is" ? atom : `(${atom}) IS NOT TRUE`;
  };
  return { sql, source: (condition, bind) => sourceOf(dialect, condition, bind) };
}

/** Halves of halves: databases bound how deep an expression is (1,000 in SQLite, sqlite.org/limits.html), not how wide. */
function joined(operator: string, parts: readonly string[], empty: string): string {
  const [only] = parts;
  if (only === undefined) return empty;
  if (parts.length === 1) return only;
  const half = Math.ceil(parts.length / 2);
  return `(${joined(operator, parts.slice(0, half), empty)}${operator}${joined(operator, parts.slice(half), empty)})`;
}

function atomSql(dialect: ArchiveDialect, { atom }: Literal, bind: Bind): string {
  switch (atom.kind) {
    case "name":
      return nameSql(dialect, atom, bind);
    case "word":
      return wordSql(dialect, atom, bind);
    case "part":
      return partSql(dialect, atom, bind);
    case "number":
      return numberSql(dialect, atom, bind);
    default:
      return atom.words.length === 0
        ? NOWHERE
        : dialect.words.holds("t.id", bind, atom.words.map(encoded), atom.prefix);
  }
}

const WORDS = {
  platform: "c.platform",
  workspaceId: "c.workspace_id",
  channelId: "c.channel_id",
  kind: "c.kind",
  threadId: "c.thread_id",
  place: "c.place",
  telnyxId: "c.telnyx_id",
  model: "t.model",
  status: "t.status",
  error: "t.error",
} as const;

function wordSql({ texts, numbers, plain }: ArchiveDialect, { field, values }: Word, bind: Bind): string {
  if (values.length === 0) return NOWHERE;
  if (field === "turn") return `t.id IN ${numbers(bind(JSON.stringify(values.flatMap(turnId))))}`;
  const list = JSON.stringify(values.map(storableText));
  if (field === "userId")
    return `${plain("t.person")} IN (SELECT id FROM person_facts WHERE user_id IN ${texts(bind(list))})`;
  const column = WORDS[field];
  const [only] = values;
  if (values.length === 1 && only !== undefined) return `${plain(column)} = ${bind(storableText(only))}`;
  return `${plain(column)} IN ${texts(bind(list))}`;
}

/** Models and kinds of errors are few words in plain letters, so that the databases' own lower case will do. */
function partSql(
  { contains, plain }: Pick<ArchiveDialect, "contains" | "plain">,
  { field, match, value }: AtomOf<"part">,
  bind: Bind,
): string {
  const [column, kept] = [`lower(${plain(WORDS[field])})`, storableText(value)];
  if (match === "contains") return contains(column, bind(kept));
  return `substr(${column}, 1, ${bind(Array.from(kept).length)}) = ${bind(kept)}`;
}

const turnId = (value: string) => (/^[1-9]\d{0,14}$/.test(value) ? [Number(value)] : []);

const NUMBERS = {
  generation: "c.generation",
  started: "c.started_at",
  at: "t.at",
  tokens: "t.tokens",
  inputTokens: "t.input_tokens",
  outputTokens: "t.output_tokens",
  cost: "t.cost",
  firstText: "t.first_text",
  complete: "t.complete",
} as const;

function numberSql({ plain }: ArchiveDialect, { field, from, below }: AtomOf<"number">, bind: Bind): string {
  const column = plain(NUMBERS[field]);
  // PostgreSQL takes a value to be of the column's type, which may be too small for it.
  const bound = (value: number) => `CAST(${bind(whole(value))} AS BIGINT)`;
  const bounds = [
    ...(from === undefined ? [] : [`${column} >= ${bound(from)}`]),
    ...(below === undefined ? [] : [`${column} < ${bound(below)}`]),
  ];
  return bounds.length === 0 ? `${column} IS NOT NULL` : joined(" AND ", bounds, NOWHERE);
}

/** Columns are whole numbers: not below 0.5 is not below 1. What is no number at all is never reached. */
function whole(bound: number): number {
  if (Number.isNaN(bound)) return Number.MAX_SAFE_INTEGER;
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Math.ceil(bound)));
}

function nameSql(dialect: ArchiveDialect, atom: Name, bind: Bind): string {
  const names = namesSql(dialect, atom, bind);
  const { plain } = dialect;
  const { field, tense } = atom;
  if (field === "user") {
    if (tense === "then") return `${plain("t.user_name")} IN (${names})`;
    const persons =
      tense === "now"
        ? `SELECT p.id FROM person_facts p WHERE p.name IN (${names})`
        : `SELECT p.person FROM person_name p WHERE p.name IN (${names})`;
    return `${plain("t.person")} IN (${persons})`;
  }
  if (tense === "then") return `${plain(`t.${field}`)} IN (${names})`;
  if (tense === "now") return `${plain(`c.${field}`)} IN (${names})`;
  return `${plain("c.id")} IN (SELECT l.conversation FROM conversation_name l WHERE l.name IN (${names}))`;
}

/** A query for the numbers of the names that match. */
export function namesSql(
  { contains }: Pick<ArchiveDialect, "contains">,
  { field, match, value }: Pick<Name, "field" | "match" | "value">,
  bind: Bind,
): string {
  const kept = storableText(value);
  const of = `SELECT n.id FROM name_facts n WHERE n.field = ${bind(field)}`;
  if (match === "equals") return `${of} AND n.folded = ${bind(kept)}`;
  if (match === "contains") return `${of} AND ${contains("n.folded", bind(kept))}`;
  // Compared by bytes: no name that goes on behind `kept` is greater than `kept` and the greatest character there is.
  return `${of} AND n.folded >= ${bind(kept)} AND n.folded < ${bind(`${kept}\u{10FFFF}`)}`;
}

function sourceOf(dialect: ArchiveDialect, condition: Plain, bind: Bind): Source | undefined {
  if ("of" in condition)
    return condition.kind === "any"
      ? unionOf(condition.of.map((part) => sourceOf(dialect, part, bind)))
      : undefined;
  if (condition.kind === "isnt") return undefined;
  const { atom } = condition;
  const turn = (where: string): Source => ({
    of: "turn",
    sql: `SELECT t.id FROM turn_facts t WHERE ${where}`,
    exact: true,
  });
  const conversation = (where: string): Source => ({
    of: "conversation",
    sql: `SELECT c.id FROM conversation_facts c WHERE ${where}`,
    exact: true,
  });
  const open = { ...dialect, plain: (column: string) => column };
  switch (atom.kind) {
    case "text":
      if (atom.words.length === 0) return undefined;
      return { of: "turn", sql: dialect.words.find(bind, atom.words.map(encoded), atom.prefix), exact: true };
    case "name":
      if (atom.field === "user") return turn(nameSql(open, atom, bind));
      return {
        of: "conversation",
        sql: `SELECT l.conversation AS id FROM conversation_name l WHERE l.name IN (${namesSql(dialect, atom, bind)})`,
        exact: atom.tense === "ever",
      };
    case "word":
      if (atom.values.length === 0 || COARSE.has(atom.field)) return undefined;
      return (isOfTurns(atom.field) ? turn : conversation)(wordSql(open, atom, bind));
    case "part":
      return undefined;
    default:
      return atom.field === "at" ? turn(numberSql(open, atom, bind)) : undefined;
  }
}

/** Half of everything is one of these: there is no index. */
const COARSE: ReadonlySet<Word["field"]> = new Set(["platform", "workspaceId", "kind"]);
const isOfTurns = (field: Word["field"]) =>
  field === "turn" || field === "userId" || field === "model" || field === "status" || field === "error";

/** All of them together, if there are all. Conversations are taken as their turns where some are turns. */
function unionOf(sources: readonly (Source | undefined)[]): Source | undefined {
  const all = sources.flatMap((source) => source ?? []);
  if (all.length < sources.length || all.length === 0 || all.length > 50) return undefined;
  const of = all.every((source) => source.of === "conversation") ? "conversation" : "turn";
  // A conversation without turns would be lost.
  if (of === "turn" && all.some((source) => source.of === "conversation")) return undefined;
  const sql = all.map((source) => `SELECT id FROM (${source.sql}) s`).join(" UNION ");
  return { of, sql, exact: all.every(({ exact }) => exact) };
}
