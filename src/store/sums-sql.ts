import type { ChannelKind } from "../chat/place.ts";
import type { Sum, SumBy } from "./sums.ts";
import type { ArchiveDialect } from "./archive-dialect.ts";
import type { Row, Statement } from "./dialect.ts";
import { binder, type SearchSql, type Way } from "./search-sql.ts";

/** What rows are grouped by, and where its name is found. */
interface Group {
  readonly key: string;
  /** SQL: the newest name of what `u.key` names. */
  readonly name?: string;
  /** SQL: what kind of channel `u.key` is. */
  readonly kind?: string;
}

const newest = (id: string, column: string) =>
  `(SELECT c.${column} FROM conversation_facts c WHERE c.${id} = u.key ORDER BY c.active_at DESC LIMIT 1)`;
const named = (number: string) => `(SELECT n.name FROM name_facts n WHERE n.id = ${number})`;
const newestName = (id: string, column: string) => named(newest(id, column));
const KIND = newest("channel_id", "kind");

function groupOf({ day }: ArchiveDialect, by: SumBy): Group {
  switch (by) {
    case "platform":
      return { key: "c.platform" };
    case "kind":
      return { key: "c.kind" };
    case "model":
      return { key: "t.model" };
    case "status":
      return { key: "t.status" };
    case "workspace":
      return { key: "c.workspace_id", name: newestName("workspace_id", "workspace") };
    case "channel":
      return {
        key: "c.channel_id",
        name: `CASE ${KIND} WHEN 'dm' THEN ${newest("channel_id", "started_by_name")} ELSE ${newestName("channel_id", "channel")} END`,
        kind: KIND,
      };
    case "user":
      return {
        key: "(SELECT p.user_id FROM person_facts p WHERE p.id = t.person)",
        name: named(
          "(SELECT p.name FROM person_facts p WHERE p.user_id = u.key ORDER BY p.named_at DESC LIMIT 1)",
        ),
      };
    case "day":
      return { key: day("t.at") };
    // The epoch was a Thursday: weeks begin on Mondays.
    case "week":
      return { key: day("t.at - (t.at + 259200000) % 604800000") };
    default:
      return { key: `substr(${day("t.at")}, 1, 7) || '-01'` };
  }
}

/**
 * One row for each value. The times are those of the turns that are done, at the rank that half of them, or 95 of 100, do not exceed: the
 * same on both engines, and always a time that some turn took.
 */
export function sumsStatement(
  dialect: ArchiveDialect,
  search: SearchSql,
  { plan, begin }: Way,
  { by, limit }: { readonly by?: SumBy | undefined; readonly limit: number },
): Statement {
  const { bind, values } = binder();
  const { key, name, kind }: Group = by ? groupOf(dialect, by) : { key: "''" };
  const inTime = by === "day" || by === "week" || by === "month";
  const order = (of: string) => `${of}.${inTime ? "key" : "turns"} DESC, ${of}.key`;
  const sql = `WITH hit AS MATERIALIZED (
      SELECT ${key} AS key, t.conversation, t.person, t.status, t.tokens, t.cost,
        CASE WHEN t.status = 'done' THEN t.first_text END AS first_text, CASE WHEN t.status = 'done' THEN t.complete END AS complete
      ${search.turns(plan, bind, begin)}),
    total AS (SELECT key, count(*) AS turns, count(DISTINCT conversation) AS conversations, count(DISTINCT person) AS people,
        sum(CASE WHEN status = 'failed' THEN 1 ELSE 0 END) AS failed, coalesce(sum(tokens), 0) AS tokens, sum(cost) AS cost
      FROM hit GROUP BY key)
    SELECT u.*${name ? `, ${name} AS name` : ""}${kind ? `, ${kind} AS kind` : ""} FROM (
      SELECT s.*, ${ranks("first_text")}, ${ranks("complete")} FROM total s ${ranked("first_text")} ${ranked("complete")}
      ORDER BY ${order("s")} LIMIT ${bind(limit)}) u
    ORDER BY ${order("u")}`;
  return { sql, values };
}

const ranks = (time: string) => `${time}.median AS ${time}_median, ${time}.p95 AS ${time}_p95`;

/** The times of each key in their order, and of those the two that are asked for. */
function ranked(time: string): string {
  return `LEFT JOIN (SELECT key AS of_key, max(CASE WHEN rank = (n + 1) / 2 THEN value END) AS median,
      max(CASE WHEN rank = (n * 95 + 99) / 100 THEN value END) AS p95
    FROM (SELECT key, ${time} AS value, row_number() OVER (PARTITION BY key ORDER BY ${time}) AS rank, count(*) OVER (PARTITION BY key) AS n
      FROM hit WHERE ${time} IS NOT NULL) o GROUP BY key) ${time} ON ${time}.of_key IS NOT DISTINCT FROM s.key`;
}

export function sumOf(row: Row, by: SumBy | undefined): Sum {
  const time = (column: string) => {
    const [median, p95] = [row[`${column}_median`], row[`${column}_p95`]];
    return median === null || median === undefined ? undefined : { median: Number(median), p95: Number(p95) };
  };
  const [firstText, complete] = [time("first_text"), time("complete")];
  const { key, name, kind, cost } = row;
  return {
    ...(by && key !== null && { key: String(key) }),
    ...(name !== null && name !== undefined && { name: String(name) }),
    ...(kind !== null && kind !== undefined && { kind: kind as ChannelKind }),
    turns: Number(row["turns"]),
    conversations: Number(row["conversations"]),
    people: Number(row["people"]),
    failed: Number(row["failed"]),
    tokens: Number(row["tokens"]),
    ...(cost !== null && { cost: Number(cost) }),
    ...(firstText && { firstText }),
    ...(complete && { complete }),
  };
}
