import type { ArchiveDialect, Bind } from "../archive-dialect.ts";
import type { ConditionSql, Edges } from "./condition-sql.ts";
import { group, isAlways, isNever, isOfConversation, type Plain, withoutTurns } from "./condition.ts";
import type { Plan, Way } from "./search-sql.ts";
import type { SourceSql } from "./source-sql.ts";
import { isSpan, spanSql } from "./span-sql.ts";

/** FROM and WHERE of what is sought, by the way in which it is done. `t` is the turn, `c` its conversation. */
export interface RowsSql {
  readonly turns: (way: Way, bind: Bind) => string;
  readonly conversations: (way: Way, bind: Bind) => string;
  /** SQL: the conversation `c` meets the condition. */
  readonly meets: (plan: Pick<Plan, "parts">, bind: Bind, edges?: Edges) => string;
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

export function rowsSql({ steered, plain }: ArchiveDialect, sql: ConditionSql, source: SourceSql): RowsSql {
  const begun = (way: Way, bind: Bind) => (steered ? begunWith(source, way, bind) : undefined);

  const turns: RowsSql["turns"] = (way, bind) => {
    const from = begun(way, bind);
    const meets = (parts: readonly Plain[]) => sql(group("all", parts), bind, way.edges);
    if (from) {
      const key = from.of === "turn" ? "t.id" : "t.conversation";
      return `FROM ${from.ids} s CROSS JOIN turn_facts t CROSS JOIN conversation_facts c
        WHERE ${key} = s.id AND c.id = t.conversation AND ${meets(from.parts)}`;
    }
    const joined = `c.id = t.conversation AND ${meets(way.plan.parts)}`;
    // Turns lie together by conversation in the index that has all that is asked of them.
    if (way.through && way.plan.parts.some(isOfConversation))
      return `FROM conversation_facts c NOT INDEXED CROSS JOIN turn_facts t INDEXED BY turn_facts_conversation WHERE ${joined}`;
    const by = way.through ? " INDEXED BY turn_facts_conversation" : "";
    return `FROM turn_facts t${by} CROSS JOIN conversation_facts c WHERE ${joined}`;
  };

  const meets = meetsSql(sql, plain);
  const all: RowsSql["conversations"] = (way, bind) =>
    `FROM conversation_facts c${way.through ? " NOT INDEXED" : ""} WHERE ${meets(way.plan, bind, way.edges)}`;
  const conversations: RowsSql["conversations"] = (way, bind) => {
    const from = begun(way, bind);
    if (!from) return all(way, bind);
    const those = (ids: string) =>
      `FROM ${ids} h CROSS JOIN conversation_facts c WHERE c.id = h.id AND ${meets(from, bind, way.edges)}`;
    // Nothing else is asked of the turns: the index that finds them has their conversations.
    if (from.conversations !== undefined && from.exact && from.parts.every(isOfConversation))
      return those(`(SELECT DISTINCT o.id FROM (${from.conversations}) o)`);
    if (from.of === "conversation") return those(from.ids);
    // Each turn that is found is asked for everything. A part that is said of turns alone has no conversations without.
    const none = withoutTurns(group("all", way.plan.parts));
    const others = isNever(none)
      ? ""
      : ` UNION SELECT c.id FROM conversation_facts c WHERE c.turns = 0 AND ${sql(none, bind)}`;
    return `FROM (SELECT DISTINCT t.conversation AS id ${turns(way, bind)}${others}) h CROSS JOIN conversation_facts c WHERE c.id = h.id`;
  };

  return { turns, conversations, meets };
}

function meetsSql(sql: ConditionSql, plain: ArchiveDialect["plain"]): RowsSql["meets"] {
  const someTurn = (rest: Plain, bind: Bind, edges?: Edges) => {
    // The span says it all, if there are turns.
    if (isSpan(rest)) return "c.turns > 0";
    const some = `EXISTS (SELECT 1 FROM turn_facts t WHERE t.conversation = c.id AND ${sql(rest, bind, edges)})`;
    const none = withoutTurns(rest);
    return isNever(none) ? some : `(${some} OR (c.turns = 0 AND ${sql(none, bind)}))`;
  };

  return ({ parts }, bind, edges) => {
    const own = parts.filter(isOfConversation);
    const rest = group(
      "all",
      parts.filter((part) => !isOfConversation(part)),
    );
    const ofTurns = isAlways(rest) ? [] : [someTurn(rest, bind, edges)];
    return [sql(group("all", own), bind), ...spanSql(parts, bind, plain), ...ofTurns].join(" AND ");
  };
}
