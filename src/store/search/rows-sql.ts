import type { ArchiveDialect, Bind } from "../archive-dialect.ts";
import type { Asked, ConditionSql } from "./condition-sql.ts";
import { group, isAlways, isNever, isOfConversation, type Plain, withoutTurns } from "./condition.ts";
import { type RowOrder, TABLES } from "./row-order.ts";
import type { Plan, Sought, Way } from "./search-sql.ts";
import type { SourceSql } from "./source-sql.ts";
import { isSpan, spanSql } from "./span-sql.ts";

/** FROM and WHERE of what is sought, by the way in which it is done. `t` is the turn, `c` its conversation. */
export interface RowsSql {
  readonly turns: (way: Way, bind: Bind) => string;
  readonly conversations: (way: Way, bind: Bind) => string;
  /** SQL: the conversation `c` meets the condition. */
  readonly meets: (plan: Pick<Plan, "parts">, bind: Bind, way?: Asked) => string;
}

/** What a way begins with, if it does so with a part: the ids that it finds, and the other parts. */
function begunWith(source: SourceSql, { plan, begin, edges }: Way, bind: Bind) {
  const from = begin && source(begin.part, bind, edges);
  if (!from) return undefined;
  // What the source finds meets its part: it need not be asked again.
  const parts = plan.parts.filter((part) => !(from.exact && part === begin?.part));
  return {
    ...from,
    ids: from.once ? `(${from.sql})` : `(SELECT DISTINCT o.id FROM (${from.sql}) o)`,
    parts,
  };
}

export function rowsSql({ order, plain }: ArchiveDialect, sql: ConditionSql, source: SourceSql): RowsSql {
  const all = (table: Sought, { through }: Way) => `${TABLES[table]}${through ? order.all[table] : ""}`;

  const turns: RowsSql["turns"] = (way, bind) => {
    const from = begunWith(source, way, bind);
    const meets = sql(group("all", from?.parts ?? way.plan.parts), bind, way);
    const its = order.each("conversation", "c.id = t.conversation");
    if (from) {
      const key = from.of === "turn" ? "t.id" : "t.conversation";
      return `FROM ${from.ids} s ${order.each("turn", `${key} = s.id`)} ${its} WHERE ${meets}`;
    }
    if (way.along) {
      const rows = order.along("turn", way.along);
      return `FROM ${rows.from} ${its} WHERE ${rows.where} AND ${meets}`;
    }
    const joined = `WHERE c.id = t.conversation AND ${meets}`;
    // Turns lie together by conversation in the index that has all that is asked of them.
    return way.through && way.plan.parts.some(isOfConversation)
      ? `FROM ${all("conversation", way)} CROSS JOIN ${all("turn", way)} ${joined}`
      : `FROM ${all("turn", way)} CROSS JOIN ${TABLES.conversation} ${joined}`;
  };

  const meets = meetsSql(sql, order, plain);
  const conversations: RowsSql["conversations"] = (way, bind) => {
    const from = begunWith(source, way, bind);
    if (!from) {
      const rows = way.along
        ? order.along("conversation", way.along)
        : { from: all("conversation", way), where: "1 = 1" };
      return `FROM ${rows.from} WHERE ${rows.where} AND ${meets(way.plan, bind, way)}`;
    }
    const found = order.each("conversation", "c.id = h.id");
    const those = (ids: string) => `FROM ${ids} h ${found} WHERE ${meets(from, bind, way)}`;
    // Nothing else is asked of the turns: the index that finds them has their conversations.
    if (from.conversations !== undefined && from.parts.every(isOfConversation))
      return those(`(SELECT DISTINCT o.id FROM (${from.conversations}) o)`);
    if (from.of === "conversation") return those(from.ids);
    // Each turn that is found is asked for everything. A part that is said of turns alone has no conversations without.
    const none = withoutTurns(group("all", way.plan.parts));
    const others = isNever(none)
      ? ""
      : ` UNION SELECT c.id FROM conversation_facts c WHERE c.turns = 0 AND ${sql(none, bind)}`;
    return `FROM (SELECT DISTINCT t.conversation AS id ${turns(way, bind)}${others}) h ${found} WHERE 1 = 1`;
  };

  return { turns, conversations, meets };
}

function meetsSql(
  sql: ConditionSql,
  { asked, newestFirst }: RowOrder,
  plain: ArchiveDialect["plain"],
): RowsSql["meets"] {
  const someTurn = (rest: Plain, bind: Bind, asking: Asked) => {
    // The span says it all, if there are turns.
    if (isSpan(rest)) return "c.turns > 0";
    // Of all conversations there are, the database may ask as it likes.
    const end = asking.listed ? "" : asked;
    const meets = sql(rest, bind, asking);
    // The newest turns that have the words are listed: most conversations have one of those, and are not asked for what is behind.
    const near = [...(asking.edges?.values() ?? [])].some(({ id, newest }) => id !== undefined && newest);
    const some =
      near && newestFirst
        ? newestFirst(meets)
        : `EXISTS (SELECT 1 FROM turn_facts t WHERE t.conversation = c.id AND ${meets}${end})`;
    const none = withoutTurns(rest);
    return isNever(none) ? some : `(${some} OR (c.turns = 0 AND ${sql(none, bind)}))`;
  };

  return ({ parts }, bind, way = {}) => {
    const own = parts.filter(isOfConversation);
    const rest = group(
      "all",
      parts.filter((part) => !isOfConversation(part)),
    );
    const ofTurns = isAlways(rest) ? [] : [someTurn(rest, bind, way)];
    const ofItself = sql(group("all", own), bind, { everyone: way.listed ?? false });
    return [ofItself, ...spanSql(parts, bind, plain), ...ofTurns].join(" AND ");
  };
}
