import type { Condition } from "../archive.ts";
import type { ArchiveDialect, Bind } from "../archive-dialect.ts";
import { type Literal, type Names, phrasesOf, type Plain, saidAmong } from "./condition.ts";
import { storableText } from "../json.ts";
import type { AnyOf, Edge } from "./word-index.ts";

export type AtomOf<Kind> = Extract<Condition, { readonly kind: Kind }>;
export type Word = AtomOf<"word">;

/** SQL of a condition. `t` is the turn's row, `c` its conversation's. Values are bound, never written. */
export type ConditionSql = (condition: Plain, bind: Bind, asked?: Asked) => string;

/** What of a way matters to those who ask turns on it. */
export interface Asked {
  readonly edges?: Edges;
  /** See `AskedTurn`. */
  readonly listed?: boolean;
  /** Every conversation is asked: those that bear one name are best listed before. Those that bear a part of a name may be most of them, and are not. */
  readonly everyone?: boolean;
}

/** How phrases are looked for that very many turns have, by `edgeKey`. */
export type Edges = ReadonlyMap<string, Edge>;
export const edgeKey = (said: readonly AnyOf[]) => JSON.stringify(said);

const NOWHERE = "1 = 0";

export function conditionSql(dialect: ArchiveDialect): ConditionSql {
  const turnSaid = (said: readonly AnyOf[], bind: Bind, { edges, listed = false }: Asked = {}) =>
    dialect.words.holds({ id: dialect.plain("t.id"), listed }, bind, said, edges?.get(edgeKey(said)));
  const sql: ConditionSql = (condition, bind, asked) => {
    if ("of" in condition) {
      // What is said comes last: it takes longest to find out.
      const { said, others } =
        condition.kind === "all" ? saidAmong(condition.of) : { said: [], others: condition.of };
      const parts = others.map((part) => sql(part, bind, asked));
      if (condition.kind === "any") return joined(" OR ", parts, NOWHERE);
      return joined(" AND ", [...parts, ...(said.length > 0 ? [turnSaid(said, bind, asked)] : [])], "1 = 1");
    }
    const phrases = phrasesOf({ kind: "is", atom: condition.atom });
    const atom = phrases ? turnSaid([phrases], bind, asked) : atomSql(dialect, condition, bind, asked);
    // What is absent is neither so nor known not to be so: SQL's NULL, which is not true.
    return condition.kind === "is" ? atom : `(${atom}) IS NOT TRUE`;
  };
  return sql;
}

/** Halves of halves: databases bound how deep an expression is (1,000 in SQLite, sqlite.org/limits.html), not how wide. */
export function joined(operator: string, parts: readonly string[], empty: string): string {
  const [only] = parts;
  if (only === undefined) return empty;
  if (parts.length === 1) return only;
  const half = Math.ceil(parts.length / 2);
  return `(${joined(operator, parts.slice(0, half), empty)}${operator}${joined(operator, parts.slice(half), empty)})`;
}

function atomSql(dialect: ArchiveDialect, { atom }: Literal, bind: Bind, asked: Asked = {}): string {
  const { listed = false, everyone = false } = asked;
  switch (atom.kind) {
    case "name":
      return nameSql(dialect, atom, bind, listed || (everyone && atom.match === "equals"));
    case "word":
      return wordSql(dialect, atom, bind);
    case "part":
      return partSql(dialect, atom, bind);
    case "number":
      return numberSql(dialect, atom, bind);
    default:
      // A text without words.
      return NOWHERE;
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

export function wordSql(
  { texts, numbers, plain, among, havingOne }: ArchiveDialect,
  { field, values }: Word,
  bind: Bind,
): string {
  if (values.length === 0) return NOWHERE;
  if (field === "turn") return among("t.id", numbers(bind(JSON.stringify(values.flatMap(turnId)))));
  const list = JSON.stringify(values.map(storableText));
  if (field === "userId")
    return among(
      plain("t.person"),
      `(SELECT id FROM person_facts WHERE ${havingOne("user_id", texts(bind(list)))})`,
    );
  if (field === "heardId")
    return among(
      plain("c.id"),
      `(SELECT b.id FROM heard h JOIN conversation_facts b ON b.place = h.place AND b.generation = h.generation
      WHERE ${havingOne("h.author", texts(bind(list)))})`,
    );
  const column = WORDS[field];
  const [only] = values;
  if (values.length === 1 && only !== undefined) return `${plain(column)} = ${bind(storableText(only))}`;
  return among(plain(column), texts(bind(list)));
}

/** Models and kinds of errors are few words in plain letters, so that the databases' own lower case will do. */
export function partSql(
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

export function numberSql(
  { plain }: ArchiveDialect,
  { field, from, below }: AtomOf<"number">,
  bind: Bind,
): string {
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
export function whole(bound: number): number {
  if (Number.isNaN(bound)) return Number.MAX_SAFE_INTEGER;
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Math.ceil(bound)));
}

/** `listed`: so many rows are asked that what may have many conversations is best listed before. */
export function nameSql(dialect: ArchiveDialect, atom: Names, bind: Bind, listed: boolean): string {
  const names = namesSql(dialect, atom, bind);
  const { plain, among } = dialect;
  const { field, tense } = atom;
  if (field === "user") {
    if (tense === "then") return among(plain("t.user_name"), `(${names})`);
    const persons =
      tense === "now"
        ? `SELECT p.id FROM person_facts p WHERE p.name IN (${names})`
        : `SELECT p.person FROM person_name p WHERE p.name IN (${names})`;
    return among(plain("t.person"), `(${persons})`);
  }
  if (tense === "then") return among(plain(`t.${field}`), `(${names})`);
  if (tense === "now") return among(plain(`c.${field}`), `(${names})`);
  // A conversation has few names, but a name, as a workspace's, may have very many conversations. With a sign before it no index goes name by name.
  if (!listed)
    return `EXISTS (SELECT 1 FROM conversation_name l WHERE l.conversation = c.id AND ${among("+l.name", `(${names})`)}${dialect.order.asked})`;
  return among(plain("c.id"), `(SELECT l.conversation FROM conversation_name l WHERE l.name IN (${names}))`);
}

/** A query for the numbers of the names that match one of the values. */
export function namesSql(
  { contains, havingOne, texts }: Pick<ArchiveDialect, "contains" | "havingOne" | "texts">,
  { field, match, values }: Pick<Names, "field" | "match" | "values">,
  bind: Bind,
): string {
  const kept = values.map(storableText);
  const of = `SELECT n.id FROM name_facts n WHERE n.field = ${bind(field)}`;
  if (match === "equals") {
    const [only] = kept;
    if (kept.length === 1 && only !== undefined) return `${of} AND n.folded = ${bind(only)}`;
    return `${of} AND ${havingOne("n.folded", texts(bind(JSON.stringify(kept))))}`;
  }
  // Compared by bytes: no name that goes on behind `value` is greater than `value` and the greatest character there is.
  const matches = (value: string) =>
    match === "contains"
      ? contains("n.folded", bind(value))
      : `(n.folded >= ${bind(value)} AND n.folded < ${bind(`${value}\u{10FFFF}`)})`;
  return `${of} AND ${joined(" OR ", kept.map(matches), NOWHERE)}`;
}
