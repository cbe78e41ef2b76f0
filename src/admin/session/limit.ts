import type { Clock } from "../../clock.ts";

/** Lets so many through for each key, and so many in all. */
export interface Limit {
  /** Undefined: go on. Else how long to wait, in milliseconds: nothing was counted. */
  take(key: string): number | undefined;
}

export interface LimitOptions {
  readonly clock: Pick<Clock, "monotonic">;
  /** How many in `perMs`, at once or one after the other. */
  readonly each: number;
  readonly all: number;
  readonly perMs: number;
}

/** So many keys are told apart; those that come then share one, so that nobody fills the memory. */
const MOST_KEYS = 10_000;
const OTHERS = "";

export function createLimit({ clock, each, all, perMs }: LimitOptions): Limit {
  // When each key is as if it had never come: one that is let through puts that off by its share of the time.
  const fresh = new Map<string, number>();
  let allFresh = 0;
  const nameOf = (key: string, now: number) => {
    if (fresh.has(key) || fresh.size < MOST_KEYS) return key;
    for (const [other, at] of fresh) if (at <= now) fresh.delete(other);
    return fresh.size < MOST_KEYS ? key : OTHERS;
  };
  return {
    take: (key) => {
      const now = clock.monotonic();
      const name = nameOf(key, now);
      const [own, total] = [Math.max(fresh.get(name) ?? 0, now), Math.max(allFresh, now)];
      const [ownShare, totalShare] = [perMs / each, perMs / all];
      const wait = Math.max(own + ownShare, total + totalShare) - now - perMs;
      if (wait > 0) return Math.ceil(wait);
      fresh.set(name, own + ownShare);
      allFresh = total + totalShare;
      return undefined;
    },
  };
}
