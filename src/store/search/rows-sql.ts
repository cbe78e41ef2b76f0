import type { ArchiveDialect, Bind } from "../archive-dialect.ts";
import type { ConditionSql, Edges } from "./condition-sql.ts";
import { group, isAlways, isNever, isOfConversation, type Plain, withoutTurns } from "./condition.ts";
import type { Plan, Way } from "./search-sql.ts";
import type { SourceSql } from "./source-sql.ts";

/** FROM and WHERE of what is sought, by the way in which it is done. `t` is the turn, `c` its conversation. */
export interface RowsSql {
  readonly turns: (way: Way, bind: Bind) => string;
  readonly conversations: (way: Way, bind: Bind) => string;
  /** SQL: the conversation `c` meets the condition. */
  readonly meets: (plan: Pick<Plan, "parts">, bind: Bind, edges?: Edges) => string;
}

export function rowsSql({ steered }: ArchiveDialect, sql: ConditionSql, source: SourceSql): RowsSql {
  const begun = ({ plan, begin }: Way, bind: Bind) => {
    const from = begin && steered ? source(begin.part, bind) : undefined;
    if (!from) return undefined;
    // What the source finds meets its part: it need not be asked again.
    const parts = plan.parts.filter((part) => !(from.exact && part === begin?.part));
    return {
      ...from,
      ids: from.once ? `(${from.sql})` : `(SELECT DISTINCT o.id FROM (${from.sql}) o)`,
      parts,
    };
  };

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

  const meets = meetsSql(sql);

  const conversations: RowsSql["conversations"] = (way, bind) => {
    const from = begun(way, bind);
    if (!from) {
      const by = way.through ? " NOT INDEXED" : "";
      return `FROM conversation_facts c${by} WHERE ${meets(way.plan, bind, way.edges)}`;
    }
    if (from.of === "conversation")
      return `FROM ${from.ids} h CROSS JOIN conversation_facts c WHERE c.id = h.id AND ${meets(from, bind, way.edges)}`;
    // Each turn that is found is asked for everything. A part that is said of turns alone has no conversations without.
    const none = withoutTurns(group("all", way.plan.parts));
    const others = isNever(none)
      ? ""
      : ` UNION SELECT c.id FROM conversation_facts c WHERE c.turns = 0 AND ${sql(none, bind)}`;
    return `FROM (SELECT DISTINCT t.conversation AS id ${turns(way, bind)}${others}) h CROSS JOIN conversation_facts c WHERE c.id = h.id`;
  };

  return { turns, conversations, meets };
}

function meetsSql(sql: ConditionSql): RowsSql["meets"] {
  const someTurn = (rest: Plain, bind: Bind, edges?: Edges) => {
    const some = `EXISTS (SELECT 1 FROM turn_facts t WHERE t.conversation = c.id AND ${sql(rest, bind, edges)})`;
    const none = withoutTurns(rest);
    return isNever(none) ? some : `(${some} OR (c.turns = 0 AND ${sql(none, bind)}))`;
  };

  return ({ parts }, bind, edges) => {
    const own = group("all", [...parts.filter(isOfConversation), ...parts.flatMap(impliedBy)]);
    const rest = group(
      "all",
      parts.filter((part) => !isOfConversation(part)),
    );
    const ofTurns = isAlways(rest) ? [] : [someTurn(rest, bind, edges)];
    return [sql(own, bind), ...ofTurns].join(" AND ");
  };
}

/** What holds of a conversation in which a turn meets this: none is older than its first. So most need not be asked for their turns. */
function impliedBy(part: Plain): readonly Plain[] {
  if (part.kind !== "is" || part.atom.kind !== "number" || part.atom.field !== "at") return [];
  const { below } = part.atom;
  return below === undefined ? [] : [{ kind: "is", atom: { kind: "number", field: "started", below } }];
}
