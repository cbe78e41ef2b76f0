import type { Place } from "../chat/place.ts";
import type { Clock } from "../clock.ts";

/** Holds a platform's turns back before they begin. What has begun goes on. */
export interface Gate {
  /** Resolves when a turn of this place may begin. Rejects when `signal` aborts. */
  pass(place: Place, signal: AbortSignal): Promise<void>;
  /** While it is being read what was missed, and for a moment only: nobody waits long for a platform that is slow to tell. */
  holdBriefly(platform: string): Release;
  /** For as long as the platform takes nothing from us. */
  pause(platform: string): Release;
}

/** Safe to call twice. */
export type Release = () => void;

/** How long a turn waits for what was missed to be read, and how long any reading holds turns back. */
const BRIEF_MS = 10_000;
/** A timer cannot be set for ever: who waits for a paused platform looks this often. */
const LOOK_MS = 60_000;

interface Entrance {
  /** Until when each hold lasts, on the monotonic clock, unless it is released before. */
  readonly holds: Set<{ readonly until: number }>;
  /** Resolves with the next release. */
  released: PromiseWithResolvers<void>;
}

export function createGate(clock: Clock): Gate {
  const entrances = new Map<string, Entrance>();
  const entrance = (platform: string): Entrance => {
    const known = entrances.get(platform) ?? { holds: new Set(), released: Promise.withResolvers<void>() };
    entrances.set(platform, known);
    return known;
  };
  const hold = (platform: string, until: number): Release => {
    const at = entrance(platform);
    const one = { until };
    at.holds.add(one);
    return () => {
      at.holds.delete(one);
      at.released.resolve();
      at.released = Promise.withResolvers();
    };
  };

  return {
    async pass(place, signal) {
      const patience = clock.monotonic() + BRIEF_MS;
      for (;;) {
        signal.throwIfAborted();
        // A place's key begins with its platform's name: the port says so.
        const at = entrance(place.slice(0, place.indexOf(":")));
        const longest = Math.max(0, ...[...at.holds].map(({ until }) => until));
        const until = longest === Infinity ? longest : Math.min(longest, patience);
        const left = until - clock.monotonic();
        if (left <= 0) return;
        await releaseOr(clock, Math.min(left, LOOK_MS), at.released.promise, signal);
      }
    },
    holdBriefly: (platform) => hold(platform, clock.monotonic() + BRIEF_MS),
    pause: (platform) => hold(platform, Infinity),
  };
}

/** Waits for a release, at most `ms`. Rejects when `signal` aborts. */
async function releaseOr(
  clock: Clock,
  ms: number,
  released: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  try {
    await Promise.race([released, clock.sleep(ms, AbortSignal.any([signal, over.signal]))]);
  } finally {
    over.abort();
  }
}
