import type { Sum, SumBy } from "../sums.ts";
import type { ArchiveDialect } from "../archive-dialect.ts";
import type { Row, Statement } from "../dialect.ts";
import { binder, type Plan, type SearchSql, type Way } from "./search-sql.ts";
import { toldTimeSql } from "../index/told-time.ts";

/** A sum before what its key names is known. */
export type Summed = Omit<Sum, "name" | "kind">;

/** SQL: what a turn `t`, of the conversation `c`, is counted to. */
function keyOf({ day }: ArchiveDialect, by: SumBy | undefined): string {
  switch (by) {
    case undefined:
      return "''";
    case "platform":
      return "c.platform";
    case "kind":
      return "c.kind";
    case "model":
      return "t.model";
    case "status":
      return "t.status";
    case "workspace":
      return "c.workspace_id";
    case "channel":
      return "c.channel_id";
    case "user":
      return "(SELECT p.user_id FROM person_facts p WHERE p.id = t.person)";
    case "day":
      return day("t.at");
    // The epoch was a Thursday: weeks begin on Mondays.
    case "week":
      return day("t.at - (t.at + 259200000) % 604800000");
    default:
      return `substr(${day("t.at")}, 1, 7) || '-01'`;
  }
}

const TIMES = ["first_text", "complete"] as const;

/**
 * The sums of all turns that meet the plan, by each of these at once: the rows are found once. Every row says to which of them it belongs, and
 * whether it has the sums of a key or its times.
 */
export function sumsStatement(
  dialect: ArchiveDialect,
  search: SearchSql,
  { plan, begin }: Way,
  by: readonly (SumBy | undefined)[],
): Statement {
  const { bind, statement } = binder();
  const keys = by.map((one, index) => `${keyOf(dialect, one)} AS key${index}`);
  const times = TIMES.map((time) => `CASE WHEN t.status = 'done' THEN t.${time} END AS ${time}`);
  const columns = [...keys, "t.conversation", "t.person", "t.status", "t.tokens", "t.cost", ...times];
  const all = by.flatMap((_, index) => [totals(index), ...TIMES.map((time) => ranks(index, time))]);
  return statement(`WITH hit AS MATERIALIZED (SELECT ${columns.join(", ")} ${search.turns({ plan, begin, listed: begin === undefined }, bind)})
    ${all.join("\nUNION ALL ")}`);
}

const totals = (index: number) =>
  `SELECT ${index} AS apart, 'sums' AS what, key${index} AS key, count(*) AS turns, count(DISTINCT conversation) AS conversations,
     count(DISTINCT person) AS people, sum(CASE WHEN status = 'failed' THEN 1 ELSE 0 END) AS failed, coalesce(sum(tokens), 0) AS tokens,
     sum(cost) AS cost, NULL AS median, NULL AS p95
   FROM hit GROUP BY key${index}`;

/** Counts how often each time is told, and then takes the two that are asked for: there are fewer times than turns. */
const ranks = (index: number, time: (typeof TIMES)[number]) =>
  `SELECT ${index}, '${time}', key, NULL, NULL, NULL, NULL, NULL, NULL,
     min(CASE WHEN upto * 100 >= n * 50 THEN value END), min(CASE WHEN upto * 100 >= n * 95 THEN value END)
   FROM (SELECT key, value, sum(count) OVER (PARTITION BY key ORDER BY value) AS upto, sum(count) OVER (PARTITION BY key) AS n
     FROM (SELECT key, value, count(*) AS count FROM (SELECT key${index} AS key, ${toldTimeSql(time)} AS value FROM hit WHERE ${time} IS NOT NULL) v
       GROUP BY key, value) o) r
   GROUP BY key`;

/** The rows of `sumsStatement`, by each of what was asked for. */
export function sumsIn(
  rows: readonly Row[],
  by: readonly (SumBy | undefined)[],
): readonly (readonly Summed[])[] {
  const keyText = (row: Row) => `${String(row["apart"])} ${String(row["what"])} ${String(row["key"])}`;
  const byKey = new Map(rows.map((row) => [keyText(row), row]));
  const all = by.map((_, index) =>
    rows
      .filter(({ apart, what }) => Number(apart) === index && what === "sums")
      .map((row) =>
        summed(
          row,
          TIMES.map((time) => byKey.get(keyText({ ...row, what: time }))),
        ),
      ),
  );
  // Of no turns at all there is no group, but a sum.
  return all.map((sums, index) => (sums.length === 0 && by[index] === undefined ? [NOTHING] : sums));
}

const NOTHING: Summed = { key: "", turns: 0, conversations: 0, people: 0, failed: 0, tokens: 0 };

function summed(row: Row, [firstText, complete]: readonly (Row | undefined)[]): Summed {
  const { key, cost } = row;
  const time = (of: Row | undefined) => of && { median: Number(of["median"]), p95: Number(of["p95"]) };
  const [first, whole] = [time(firstText), time(complete)];
  return {
    ...(key !== null && { key: String(key) }),
    turns: Number(row["turns"]),
    conversations: Number(row["conversations"]),
    people: Number(row["people"]),
    failed: Number(row["failed"]),
    tokens: Number(row["tokens"]),
    ...(cost !== null && { cost: Number(cost) }),
    ...(first && { firstText: first }),
    ...(whole && { complete: whole }),
  };
}

interface Keys {
  readonly by: SumBy | undefined;
  readonly keys: readonly string[];
  /** See `Grouping.namedIn`. */
  readonly namedIn?: Plan;
}

/** Rows of what these keys name, as it is called now, and of which kind it is. Undefined: they name themselves. */
export function namesStatement(
  { texts }: ArchiveDialect,
  search: SearchSql,
  { by, keys, namedIn }: Keys,
): Statement | undefined {
  const { bind, values } = binder();
  const from = texts(bind(JSON.stringify(keys)));
  const columns = namesOf(by, namedIn ? () => ` AND ${search.meets(namedIn, bind)}` : () => "");
  if (columns === undefined || keys.length === 0) return undefined;
  return {
    sql: `SELECT u.value AS key, ${columns.name} AS name, ${columns.kind} AS kind FROM ${from} u`,
    values,
  };
}

const named = (number: string) => `(SELECT n.name FROM name_facts n WHERE n.id = ${number})`;

/** SQL: the newest name of what `u.value` names, and its kind. `known`: that the conversation `c` counts for that. */
function namesOf(
  by: SumBy | undefined,
  known: () => string,
): { readonly name: string; readonly kind: string } | undefined {
  const newest = (id: string, column: string) =>
    `(SELECT c.${column} FROM conversation_facts c WHERE c.${id} = u.value${known()} ORDER BY c.active_at DESC LIMIT 1)`;
  switch (by) {
    case "workspace":
      return { name: named(newest("workspace_id", "workspace")), kind: "NULL" };
    case "channel": {
      const name = `CASE ${newest("channel_id", "kind")} WHEN 'dm' THEN ${newest("channel_id", "started_by_name")} ELSE ${named(newest("channel_id", "channel"))} END`;
      return { name, kind: newest("channel_id", "kind") };
    }
    case "user": {
      const asked = known();
      const seen =
        asked &&
        ` AND EXISTS (SELECT 1 FROM turn_facts a JOIN conversation_facts c ON c.id = a.conversation WHERE a.person = p.id${asked})`;
      const name = `(SELECT p.name FROM person_facts p WHERE p.user_id = u.value${seen} ORDER BY p.named_at DESC LIMIT 1)`;
      return { name: named(name), kind: "NULL" };
    }
    default:
      return undefined;
  }
}
