import type { ArchiveDialect, Bind } from "../archive-dialect.ts";
import { type Literal, type Names, phrasesOf, type Plain, saidAmong, statusesOf } from "./condition.ts";
import {
  type AtomOf,
  edgeKey,
  type Edges,
  nameSql,
  namesSql,
  numberSql,
  whole,
  type Word,
  wordSql,
} from "./condition-sql.ts";
import type { TurnStatus } from "../archive.ts";
import type { AnyOf } from "./word-index.ts";

/** A query for the turns or the conversations that may meet a condition, as `id`, by an index. */
export interface Source {
  readonly of: "turn" | "conversation";
  readonly sql: string;
  /** A query for all that has to be looked at to find them, where that may be more. */
  readonly looked?: string;
  /** Where turns are found: a query for their conversations, which the same index has. A conversation may come as often as turns. */
  readonly conversations?: string;
  /** All that it finds meet the condition. */
  readonly exact: boolean;
  /** It finds nothing twice. */
  readonly once: boolean;
  /** How many it finds, by what is asked: 0 for one thing's id, more for what many have. Only a guess. */
  readonly many: number;
}

/** Undefined: no index finds them. */
export type SourceSql = (condition: Plain, bind: Bind, edges?: Edges) => Source | undefined;

export function sourceSql(dialect: ArchiveDialect): SourceSql {
  const turnsSaying = (said: readonly AnyOf[], bind: Bind, edges?: Edges) =>
    saying(dialect.words.find(bind, said, edges?.get(edgeKey(said))), dialect.words.looked?.(bind, said));
  const open = { ...dialect, plain: (column: string) => column, among: dialect.havingOne };
  const source: SourceSql = (condition, bind, edges) => {
    if (!("of" in condition)) {
      const phrases = phrasesOf(condition);
      return phrases ? turnsSaying([phrases], bind, edges) : literalSource(open, condition, bind);
    }
    if (condition.kind === "any") return unionOf(condition.of.map((part) => source(part, bind, edges)));
    return leastOf(condition.of);

    function leastOf(parts: readonly Plain[]): Source | undefined {
      const { said, others } = saidAmong(parts);
      const words = said.length === 0 ? [] : [turnsSaying(said, bind, edges)];
      const [least] = [...words, ...others.flatMap((part) => source(part, bind, edges) ?? [])].toSorted(
        (a, b) => a.many - b.many,
      );
      return least && { ...least, exact: least.exact && words.length + others.length === 1 };
    }
  };
  return source;
}

/** So marked, it is no reason to go through all turns by their conversations, where SQLite would find it easier to leave out what comes twice. */
const CONVERSATION = "+t.conversation AS id";

const turn = (where: string, many: number, exact = true): Source => ({
  of: "turn",
  sql: `SELECT t.id FROM turn_facts t WHERE ${where}`,
  conversations: `SELECT ${CONVERSATION} FROM turn_facts t WHERE ${where}`,
  exact,
  once: true,
  many,
});
const saying = (sql: string, looked?: string): Source => ({
  of: "turn",
  sql,
  ...(looked !== undefined && { looked }),
  exact: true,
  once: true,
  many: 1,
});
const conversation = (where: string, many: number): Source => ({
  of: "conversation",
  sql: `SELECT c.id FROM conversation_facts c WHERE ${where}`,
  exact: true,
  once: true,
  many,
});

/** What is not so is one of the others. */
const statusSource = (
  dialect: ArchiveDialect,
  values: readonly TurnStatus[],
  bind: Bind,
): Source | undefined =>
  values.length === 0
    ? undefined
    : turn(wordSql(dialect, { kind: "word", field: "status", values }, bind), 4);

/** `open`: a dialect whose columns an index may be used for. */
function literalSource(open: ArchiveDialect, literal: Literal, bind: Bind): Source | undefined {
  const { kind, atom } = literal;
  if (literal.others) return otherModel(open, literal.others, bind);
  const statuses = statusesOf(literal);
  if (statuses) return statusSource(open, statuses, bind);
  if (kind === "isnt") return undefined;
  switch (atom.kind) {
    case "text":
    case "part":
      return undefined;
    case "name":
      return nameSource(open, atom, bind);
    case "word":
      if (atom.values.length === 0 || COARSE.has(atom.field)) return undefined;
      return OF_TURNS.has(atom.field)
        ? turn(wordSql(open, atom, bind), MANY[atom.field] ?? 0)
        : conversation(wordSql(open, atom, bind), MANY[atom.field] ?? 0);
    default:
      return numberSource(open, atom, bind);
  }
}

/** Half of everything is one of these: there is no index. */
const COARSE: ReadonlySet<Word["field"]> = new Set(["platform", "workspaceId", "kind"]);
const OF_TURNS: ReadonlySet<Word["field"]> = new Set(["turn", "userId", "model", "status", "error"]);
const MANY: Partial<Record<Word["field"], number>> = {
  userId: 2,
  heardId: 2,
  channelId: 2,
  error: 3,
  model: 4,
};

function nameSource(dialect: ArchiveDialect, atom: Names, bind: Bind): Source {
  const names = namesSql(dialect, atom, bind);
  const many = atom.match === "equals" ? 2 : 5;
  if (atom.field === "user") {
    if (atom.tense !== "then") return turn(nameSql(dialect, atom, bind, true), many);
    return turn(`t.person IN (SELECT p.person FROM person_name p WHERE p.name IN (${names}))`, many, false);
  }
  return {
    of: "conversation",
    // Found one after the other, however many there are: whoever wants to know of some alone need not wait for the others.
    sql: `SELECT l.conversation AS id FROM (${names}) n CROSS JOIN conversation_name l WHERE l.name = n.id`,
    exact: atom.tense === "ever",
    once: false,
    many,
  };
}

/** What has one of the other models, or none. */
function otherModel(open: ArchiveDialect, others: readonly string[], bind: Bind): Source {
  const such = wordSql(open, { kind: "word", field: "model", values: others }, bind);
  const sql = (column: string) =>
    `SELECT ${column} FROM turn_facts t WHERE ${such} UNION ALL SELECT ${column} FROM turn_facts t WHERE t.model IS NULL`;
  return { ...turn("", 5), sql: sql("t.id"), conversations: sql(CONVERSATION) };
}

/** By the index that turns are sorted by: there what is absent is -1. */
const SORTED: Partial<Record<AtomOf<"number">["field"], string>> = {
  tokens: "(case when t.tokens is null then -1 else t.tokens end)",
  cost: "(case when t.cost is null then -1 else t.cost end)",
  complete: "(case when t.complete is null then -1 else t.complete end)",
};

function numberSource(dialect: ArchiveDialect, atom: AtomOf<"number">, bind: Bind): Source | undefined {
  const { field, from, below } = atom;
  if (field === "at" || field === "firstText") return turn(numberSql(dialect, atom, bind), 3);
  if (field === "started") return conversation(numberSql(dialect, atom, bind), 3);
  const sorted = SORTED[field];
  if (sorted === undefined) return undefined;
  // A cast would have a type, and what the index has is an expression, which has none: SQLite would not use it.
  const bounds = [
    ...(from === undefined ? [] : [`${sorted} >= ${bind(whole(from))}`]),
    ...(below === undefined ? [] : [`${sorted} < ${bind(whole(below))}`]),
  ];
  return turn(bounds.join(" AND ") || "1 = 1", 3, from !== undefined && from > -1);
}

const idsOf = ({ of }: Source, sql: string, wanted: Source["of"]) =>
  of === wanted
    ? `SELECT id FROM (${sql}) s`
    : `SELECT t.id FROM (${sql}) s CROSS JOIN turn_facts t WHERE t.conversation = s.id`;

/** SQLite puts at most 500 queries together (sqlite.org/limits.html), and so many together once more are not asked by anybody. */
const MOST_UNITED = 200;

/** All of them together, if there are all. Conversations are taken as their turns where some are turns. */
function unionOf(sources: readonly (Source | undefined)[]): Source | undefined {
  const all = sources.flatMap((source) => source ?? []);
  if (all.length < sources.length || all.length === 0 || all.length > MOST_UNITED) return undefined;
  const of = all.every((source) => source.of === "conversation") ? "conversation" : "turn";
  const sql = all.map((source) => idsOf(source, source.sql, of));
  const looked = all.some((source) => source.looked !== undefined) && {
    looked: all.map((source) => idsOf(source, source.looked ?? source.sql, of)).join(" UNION ALL "),
  };
  // A conversation that is found is found with all its turns, and one without any is not found by another.
  const conversations = all.flatMap((source) =>
    source.of === "conversation" ? source.sql : (source.conversations ?? []),
  );
  const known = of === "turn" && conversations.length === all.length;
  return {
    of,
    sql: sql.join(" UNION ALL "),
    ...looked,
    ...(known && {
      conversations: conversations.map((one) => `SELECT id FROM (${one}) s`).join(" UNION ALL "),
    }),
    once: all.length === 1 && all.every(({ once }) => once),
    exact: all.every(({ exact }) => exact),
    many: Math.max(...all.map(({ many }) => many)),
  };
}
