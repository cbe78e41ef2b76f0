import type { Condition, Search, Sort } from "./archive.ts";
import type { ArchiveDialect, Bind } from "./archive-dialect.ts";
import { conditionSql, type ConditionSql, type Source } from "./condition-sql.ts";
import {
  conjuncts,
  group,
  isNever,
  isOfConversation,
  plain,
  type Plain,
  sizeOf,
  withoutTurns,
} from "./condition.ts";
import { readCursor } from "./cursor.ts";
import type { Statement, Value } from "./dialect.ts";
import { PatchcordError } from "../errors.ts";

/** What is searched for. */
export type Sought = "turn" | "conversation";

/** A condition, taken apart, and the sources that an index has for its parts. */
export interface Plan {
  readonly parts: readonly Plain[];
  readonly sources: readonly { readonly part: Plain; readonly of: Source["of"] }[];
}

/** What a search is begun with: a part of its condition by whose index few enough rows are found. */
export type Begin = Plan["sources"][number];

/**
 * How much may be asked at once. SQLite takes 32,766 values and an expression 1,000 levels deep (sqlite.org/limits.html); nobody writes more
 * than a few dozen, and each takes its time.
 */
const LARGEST = 2_000;

/** Throws `PatchcordError` `query_too_large`. */
export function planOf(sql: ConditionSql, where: Condition): Plan {
  const size = sizeOf(where);
  if (size > LARGEST)
    throw new PatchcordError(
      "query_too_large",
      `The query has ${size} parts, and ${LARGEST} are the most that can be asked at once: ask for less.`,
    );
  const parts = conjuncts(plain(where));
  const sources = parts.flatMap((part) => {
    const source = sql.source(part, () => "");
    return source ? [{ part, of: source.of }] : [];
  });
  return { parts, sources };
}

/** How a search is done. */
export interface Way {
  readonly plan: Plan;
  readonly begin?: Begin | undefined;
}

/** Notes the values of a statement. */
export function binder(): { readonly bind: Bind; readonly values: Value[] } {
  const values: Value[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
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
  /** Counts what a source finds, up to `limit`. */
  readonly count: (begin: Begin, limit: number) => Statement;
  readonly page: (sought: Sought, search: Search, columns: string, way: Way) => Statement;
  /** FROM and WHERE for all turns `t` that meet the plan, each with its conversation `c`. */
  readonly turns: (plan: Plan, bind: Bind, begin?: Begin) => string;
  /** SQL: the conversation `c` meets the condition. */
  readonly meets: (plan: Plan, bind: Bind) => string;
  readonly plan: (where: Condition) => Plan;
}

export function searchSql(dialect: ArchiveDialect): SearchSql {
  const conditions = conditionSql(dialect);
  const from = rowsSql(dialect, conditions);
  const { source, turns, meets, conversations } = from;

  return {
    turns,
    meets,
    plan: (where) => planOf(conditions, where),
    count: (begin, limit) => {
      const { bind, values } = binder();
      const sql = `SELECT count(*) AS found FROM (SELECT 1 FROM (${source(begin, bind).sql}) s LIMIT ${bind(limit)}) n`;
      return { sql, values };
    },
    page: (sought, { sort, limit, after }, columns, { plan, begin }) => {
      const { bind, values } = binder();
      const order = SORTS[sought][sort.by];
      const id = sought === "turn" ? "t.id" : "c.id";
      const down = sort.direction === "desc";
      const rows = sought === "turn" ? turns(plan, bind, begin) : conversations(plan, bind, begin);
      const from = after === undefined ? undefined : readCursor(after, sought, sort);
      const behind = from
        ? ` AND (${order}, ${id}) ${down ? "<" : ">"} (${bind(from.value)}, ${bind(from.id)})`
        : "";
      const by = down ? "DESC" : "ASC";
      return {
        sql: `SELECT ${columns}, ${order} AS sorted ${rows}${behind} ORDER BY ${order} ${by}, ${id} ${by} LIMIT ${bind(limit + 1)}`,
        values,
      };
    },
  };
}

/** FROM and WHERE of what is sought. */
function rowsSql({ steered }: ArchiveDialect, conditions: ConditionSql) {
  const source = (begin: Begin, bind: Bind) =>
    conditions.source(begin.part, bind) ?? { sql: "", exact: false };
  const meets = meetsSql(conditions);

  const turns: SearchSql["turns"] = (plan, bind, begin) => {
    const from = begin && steered ? source(begin, bind) : undefined;
    // What the source finds meets its part: it need not be asked again.
    const rest = group(
      "all",
      plan.parts.filter((part) => !(from?.exact && part === begin?.part)),
    );
    const where = conditions.sql(rest, bind);
    const [first, on] = !from
      ? ["turn_facts t", "c.id = t.conversation"]
      : begin?.of === "turn"
        ? [`(${from.sql}) s CROSS JOIN turn_facts t`, "t.id = s.id AND c.id = t.conversation"]
        : [
            `(SELECT DISTINCT id FROM (${from.sql}) o) s CROSS JOIN turn_facts t`,
            "t.conversation = s.id AND c.id = t.conversation",
          ];
    return `FROM ${first} CROSS JOIN conversation_facts c WHERE ${on} AND ${where}`;
  };

  const conversations = (plan: Plan, bind: Bind, begin?: Begin) => {
    if (!begin || !steered) return `FROM conversation_facts c WHERE ${meets(plan, bind)}`;
    if (begin.of === "turn") {
      // Each turn that is found is asked for everything: a part that is said of turns has no conversations without.
      const hit = `SELECT DISTINCT t.conversation AS id ${turns(plan, bind, begin)}`;
      return `FROM (${hit}) h CROSS JOIN conversation_facts c WHERE c.id = h.id`;
    }
    const from = source(begin, bind);
    const rest = { ...plan, parts: plan.parts.filter((part) => !(from.exact && part === begin.part)) };
    return `FROM (SELECT DISTINCT id FROM (${from.sql}) s) h CROSS JOIN conversation_facts c WHERE c.id = h.id AND ${meets(rest, bind)}`;
  };

  return { source, turns, meets, conversations };
}

function meetsSql(conditions: ConditionSql): SearchSql["meets"] {
  const someTurn = (rest: Plain, bind: Bind) => {
    const some = `EXISTS (SELECT 1 FROM turn_facts t WHERE t.conversation = c.id AND ${conditions.sql(rest, bind)})`;
    const none = withoutTurns(rest);
    return isNever(none) ? some : `(${some} OR (c.turns = 0 AND ${conditions.sql(none, bind)}))`;
  };

  return ({ parts }, bind) => {
    const own = group("all", parts.filter(isOfConversation));
    const rest = group(
      "all",
      parts.filter((part) => !isOfConversation(part)),
    );
    const ofTurns = parts.every(isOfConversation) ? [] : [someTurn(rest, bind)];
    return [conditions.sql(own, bind), ...ofTurns].join(" AND ");
  };
}
