import type { Bind } from "../archive-dialect.ts";
import type { Plain } from "./condition.ts";
import { whole } from "./condition-sql.ts";

/*
 * A turn that came in within some time is in a conversation whose first turn came in before that time's end, and whose newest not before its
 * beginning. Both are in the conversation's row, so that most conversations need not be asked for their turns.
 */

/** Whether this says no more than that: one end of a time. */
export function isSpan(part: Plain): boolean {
  const { from, below } = boundsOf(part);
  return (from === undefined) !== (below === undefined);
}

/** SQL: what holds of a conversation `c` in which a turn meets all of these, by the columns as `named` writes them. */
export function spanSql(
  parts: readonly Plain[],
  bind: Bind,
  named: (column: SpanColumn) => string,
): readonly string[] {
  return parts
    .map(boundsOf)
    .flatMap((bounds) => [
      ...compared(named("c.active_at"), { from: bounds.from }, bind),
      ...compared(named("c.started_at"), { below: bounds.below }, bind),
    ]);
}

type SpanColumn = "c.active_at" | "c.started_at";

/** SQL: the same of the turn `t` itself, by the index of when it came in. */
export const turnSpanSql = (parts: readonly Plain[], bind: Bind): readonly string[] =>
  parts.map(boundsOf).flatMap((bounds) => compared("t.at", bounds, bind));

interface Bounds {
  readonly from?: number | undefined;
  readonly below?: number | undefined;
}

function boundsOf(part: Plain): Bounds {
  if (part.kind !== "is" || part.atom.kind !== "number" || part.atom.field !== "at") return {};
  return part.atom;
}

function compared(column: string, { from, below }: Bounds, bind: Bind): readonly string[] {
  const bound = (value: number) => `CAST(${bind(whole(value))} AS BIGINT)`;
  return [
    ...(from === undefined ? [] : [`${column} >= ${bound(from)}`]),
    ...(below === undefined ? [] : [`${column} < ${bound(below)}`]),
  ];
}
