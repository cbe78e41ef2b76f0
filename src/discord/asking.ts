import type { Clock } from "../clock.ts";
import type { PlatformRefusal } from "../errors.ts";
import { refusalOf } from "./refusal.ts";

/** Between tries, where Discord is not available. */
const PAUSES_MS = [1_000, 4_000];

/** Asks Discord so often and no more, and waits as long as it wants. */
export interface Asking {
  /** How many requests may still be made. Those that were refused for coming too fast do not count. */
  readonly left: number;
  /** Throws `PlatformRefusal`, and the signal's reason. */
  ask<T>(work: () => Promise<T>): Promise<T>;
}

export function createAsking({
  clock,
  signal,
  most,
}: {
  clock: Clock;
  signal: AbortSignal;
  most: number;
}): Asking {
  let left = most;
  /** How long to wait before the same is asked again, unless that is of no use. */
  const pauseAfter = (refusal: PlatformRefusal, failures: number): number | undefined =>
    refusal.kind === "rate_limited"
      ? (refusal.retryAfterMs ?? 0)
      : refusal.kind === "unavailable"
        ? PAUSES_MS[failures]
        : undefined;

  return {
    get left() {
      return left;
    },
    async ask(work) {
      left -= 1;
      for (let failures = 0; ;) {
        signal.throwIfAborted();
        try {
          return await work();
        } catch (error) {
          const refusal = refusalOf(error);
          const pause = pauseAfter(refusal, failures);
          if (pause === undefined) throw refusal;
          if (refusal.kind === "unavailable") failures += 1;
          await clock.sleep(pause, signal);
        }
      }
    },
  };
}
