import { isTime } from "../index/cube.ts";
import { within } from "./find.ts";
import type { Grouping } from "../sums.ts";

const MOST = 1_000;

interface Sorted {
  readonly key?: string;
  readonly turns: number;
}

/** So many of a grouping's groups as are asked for: those with the most turns first, times from the newest on. */
export function firstOf<Group extends Sorted>(
  { by, limit = MOST }: Grouping,
  all: readonly Group[],
): readonly Group[] {
  const down = isTime(by);
  return all.toSorted((a, b) => (down ? 0 : b.turns - a.turns) || byKey(a, b, down)).slice(0, within(limit));
}

/** By their signs' numbers, so that both engines sort alike. What has no key is last. */
function byKey(a: Sorted, b: Sorted, down: boolean): number {
  if (a.key === b.key) return 0;
  if (a.key === undefined || b.key === undefined) return a.key === undefined ? 1 : -1;
  return a.key < b.key === down ? 1 : -1;
}
