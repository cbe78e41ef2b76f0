import type { Settings } from "../core.ts";

const DAY_MS = 86_400_000;

/** As `GET /gateway/bot` tells it (Discord, Gateway, Session Start Limit Object). */
export interface StartLimit {
  readonly total: number;
  readonly remaining: number;
  readonly reset_after: number;
  readonly max_concurrency: number;
}

/** Counts the sessions that were started today. Clients are told what is left, and have to keep to it. */
export interface Starts {
  limit(): StartLimit;
  /** False: none was left. */
  take(): boolean;
  spend(count: number): void;
}

/** The day begins with the twin. */
export function createStarts({ clock, concurrency, dailyStarts }: Settings): Starts {
  let dayEnds = clock.monotonic() + DAY_MS;
  let used = 0;

  const today = () => {
    const now = clock.monotonic();
    if (now >= dayEnds) used = 0;
    while (now >= dayEnds) dayEnds += DAY_MS;
    return { remaining: Math.max(0, dailyStarts - used), reset_after: Math.ceil(dayEnds - now) };
  };

  return {
    limit: () => ({ total: dailyStarts, ...today(), max_concurrency: concurrency }),
    take: () => {
      const { remaining } = today();
      used += 1;
      return remaining > 0;
    },
    spend: (count) => {
      today();
      used += count;
    },
  };
}
