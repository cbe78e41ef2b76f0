import type { Condition, Search, Sort } from "../archive.ts";
import type { ArchiveDialect, Bind } from "../archive-dialect.ts";
import { conditionSql, type Edges } from "./condition-sql.ts";
import {
  conjuncts,
  group,
  isOfConversation,
  phrasesOf,
  plain,
  type Plain,
  saidAmong,
  sizeOf,
  withOneStatus,
} from "./condition.ts";
import { readCursor } from "../cursor.ts";
import type { Statement, Value } from "../dialect.ts";
import { PatchcordError } from "../../errors.ts";
import type { Along } from "./row-order.ts";
import { rowsSql } from "./rows-sql.ts";
import { type Source, sourceSql, type SourceSql } from "./source-sql.ts";
import { spanSql, turnSpanSql } from "./span-sql.ts";
import { listsIn, together } from "./together.ts";
import { inWords, type Used, withOneModel } from "./used.ts";
import type { Phrase } from "./word-index.ts";

/** What is searched for. */
export type Sought = "turn" | "conversation";

/** A condition, taken apart, and the sources that an index has for its parts, those first that may well find fewer. */
export interface Plan {
  readonly parts: readonly Plain[];
  readonly sources: readonly {
    readonly part: Plain;
    readonly of: Source["of"];
    /** Its index has the conversations, and of the turns nothing else is asked: none of them is looked up. */
    readonly alone: boolean;
  }[];
}

/** What a search is begun with: a part of its condition by whose index few enough rows are found. */
export type Begin = Plan["sources"][number];

/**
 * How much may be asked at once. SQLite takes 32,766 values and an expression 1,000 levels deep (sqlite.org/limits.html); nobody writes more
 * than a few dozen, and each takes its time.
 */
const LARGEST = 2_000;
/** In the worst case every turn is asked for each: 200 take 3 s of a million turns (bench/RESULTS.md). What `together` makes one list is one. */
export const MOST_LISTS = 200;

interface Planning {
  readonly source: SourceSql;
  /** See `WordsDialect`. */
  readonly isApart: (phrase: Phrase) => boolean;
}

/** Throws `PatchcordError` `query_too_large`. */
export function planOf({ source, isApart }: Planning, where: Condition, used?: Used): Plan {
  const size = sizeOf(where);
  if (size > LARGEST)
    throw new PatchcordError(
      "query_too_large",
      `The query has ${size} parts, and ${LARGEST} are the most that can be asked at once: ask for less.`,
    );
  const asked = plain(where);
  const whole = withOneStatus(used ? withOneModel(conjuncts(inWords(asked, used)), used) : conjuncts(asked));
  const all = conjuncts(together(group("all", whole), isApart));
  const lists = listsIn(group("all", all));
  if (lists > MOST_LISTS)
    throw new PatchcordError(
      "query_too_large",
      `The query asks for ${lists} different things, and ${MOST_LISTS} are the most: ask for less. Any of several values of one field is one thing.`,
    );
  const { others } = saidAmong(all);
  const said = all.filter((part) => phrasesOf(part) !== undefined);
  const parts = said.length > 1 ? [...others, { kind: "all" as const, of: said }] : [...others, ...said];
  const sources = parts
    .flatMap((part) => {
      const found = source(part, () => "");
      if (!found) return [];
      const others = parts.filter((other) => other !== part);
      const alone = found.conversations !== undefined && others.every(isOfConversation);
      return [{ part, of: found.of, alone, many: found.many }];
    })
    .toSorted((a, b) => a.many - b.many);
  return { parts, sources };
}

/** How a search is done: along its order, unless it says otherwise. */
export interface Way {
  readonly plan: Plan;
  /** All that this part's index finds is looked at, then sorted. */
  readonly begin?: Begin | undefined;
  /** All there is is looked at, in the order in which that is quickest. */
  readonly through?: boolean;
  /** Along its order, and no further than here. */
  readonly until?: Sorted | undefined;
  /** Row by row along this, which is its order. */
  readonly along?: Along;
  readonly edges?: Edges;
  /** See `AskedTurn`. */
  readonly listed?: boolean;
}

/** A row's place in the order of a search. */
export interface Sorted {
  readonly value: number;
  readonly id: number;
}

/** Notes the values of a statement. `statement`: with those that it names, since a source that was looked at and not taken leaves some behind. */
export function binder() {
  const values: Value[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const statement = (text: string): Statement => {
    const named = new Map<number, number>();
    const sql = text.replaceAll(/\$(\d+)/g, (_, at) => {
      const place = named.get(Number(at)) ?? named.size + 1;
      named.set(Number(at), place);
      return `$${place}`;
    });
    return { sql, values: [...named.keys()].map((at) => values[at - 1] ?? null) };
  };
  return { values, bind, statement };
}

export const SORTS: Readonly<Record<Sought, Readonly<Record<Sort["by"], string>>>> = {
  turn: {
    active: "t.at",
    started: "t.at",
    turns: "t.at",
    tokens: "(case when t.tokens is null then -1 else t.tokens end)",
    cost: "(case when t.cost is null then -1 else t.cost end)",
    complete: "(case when t.complete is null then -1 else t.complete end)",
  },
  conversation: {
    active: "c.active_at",
    started: "c.started_at",
    turns: "c.turns",
    tokens: "c.tokens",
    cost: "(case when c.priced = 0 then -1 else c.cost end)",
    complete: "c.complete",
  },
};

export interface SearchSql {
  /** Counts what a source has to look at, up to `limit`. `turns`: the turns of its conversations. */
  readonly count: (begin: Begin, limit: number, turns: boolean, edges?: Edges) => Statement;
  /** The row that so many rows of a walk come before. */
  readonly ahead: (sought: Sought, search: Search, plan: Plan, rows: number) => Statement;
  readonly page: (sought: Sought, search: Search, columns: string, way: Way) => Statement;
  /** FROM and WHERE for all turns `t` that meet the plan, each with its conversation `c`. */
  readonly turns: (way: Way, bind: Bind) => string;
  /** FROM and WHERE for all conversations `c` that meet the plan. */
  readonly conversations: (way: Way, bind: Bind) => string;
  /** SQL: the conversation `c` meets the condition. */
  readonly meets: (plan: Plan, bind: Bind) => string;
  /** `used`: see `usedIn`. */
  readonly plan: (where: Condition, used?: Used) => Plan;
}

export function searchSql(dialect: ArchiveDialect): SearchSql {
  const source = sourceSql(dialect);
  const rows = rowsSql(dialect, conditionSql(dialect), source);

  return {
    turns: rows.turns,
    conversations: rows.conversations,
    meets: (plan, bind) => rows.meets(plan, bind),
    plan: (where, used) => planOf({ source, isApart: dialect.words.isApart ?? (() => false) }, where, used),
    count: (begin, limit, turns, edges) => {
      const { bind, statement } = binder();
      const from = source(begin.part, bind, edges);
      const found = `SELECT s.id FROM (${from?.looked ?? from?.sql ?? ""}) s LIMIT ${bind(limit)}`;
      return statement(
        turns && begin.of === "conversation"
          ? `SELECT coalesce(sum(c.turns), 0) + count(*) AS found FROM (${found}) n ${dialect.order.each("conversation", "c.id = n.id")}`
          : `SELECT count(*) AS found FROM (${found}) n`,
      );
    },
    ahead: (sought, search, plan, count) => {
      const { bind, statement } = binder();
      const { order, id, table, by, behind } = orderOf(sought, search, bind, { plan });
      return statement(
        `SELECT ${order} AS sorted, ${id} AS id FROM ${table} WHERE ${behind} ORDER BY ${order} ${by}, ${id} ${by} LIMIT 1 OFFSET ${bind(count)}`,
      );
    },
    page: (sought, search, columns, way) => {
      const { bind, statement } = binder();
      const { order, id, by, behind } = orderOf(sought, search, bind, way);
      const along = { where: behind, order: `${order} ${by}, ${id} ${by}` };
      const [gone, where] = way.begin || way.through ? [way, behind] : [{ ...way, along }, "1 = 1"];
      const found = sought === "turn" ? rows.turns(gone, bind) : rows.conversations(gone, bind);
      // Only what is on the page is read whole.
      // Not as an index has it, along which too little was found.
      const sorted = way.through ? `${order} + 0` : order;
      const ids = `SELECT ${id} AS id, ${order} AS sorted ${found} AND ${where} ORDER BY ${sorted} ${by}, ${id} ${by} LIMIT ${bind(search.limit + 1)}`;
      const whole =
        sought === "turn"
          ? "turn_facts t CROSS JOIN conversation_facts c WHERE t.id = f.id AND c.id = t.conversation"
          : "conversation_facts c WHERE c.id = f.id";
      return statement(
        `SELECT ${columns}, f.sorted FROM (${ids}) f CROSS JOIN ${whole} ORDER BY f.sorted ${by}, f.id ${by}`,
      );
    },
  };
}

/** The order of a search, and where in it this page begins. */
function orderOf(
  sought: Sought,
  { sort, after }: Search,
  bind: Bind,
  { plan: { parts }, until }: Pick<Way, "plan" | "until">,
) {
  const order = SORTS[sought][sort.by];
  const [id, table] = sought === "turn" ? ["t.id", "turn_facts t"] : ["c.id", "conversation_facts c"];
  const down = sort.direction === "desc";
  const beside = (sign: "<" | ">", or: "" | "=", { value, id: at }: Sorted) => {
    const pair = `(${order}, ${id}) ${sign}${or} (${bind(value)}, ${bind(at)})`;
    // SQLite finds the place of a pair in an index of columns, but of an expression only that of a value.
    return order.startsWith("(") ? `${order} ${sign}= ${bind(value)} AND ${pair}` : pair;
  };
  const behind = [
    ...(after === undefined ? [] : [beside(down ? "<" : ">", "", readCursor(after, sought, sort))]),
    ...(until === undefined ? [] : [beside(down ? ">" : "<", "=", until)]),
    ...timely(order, parts, bind),
  ];
  return { order, id, table, by: down ? "DESC" : "ASC", behind: behind.join(" AND ") || "1 = 1" };
}

/** SQL: what a search for a time can pass over without a look, where it goes along times. The index of its order has both ends of a conversation's. */
function timely(order: string, parts: readonly Plain[], bind: Bind): readonly string[] {
  if (order === "t.at") return turnSpanSql(parts, bind);
  if (order !== "c.active_at" && order !== "c.started_at") return [];
  return spanSql(parts, bind, (column) => (column === order ? column : `+${column}`));
}
