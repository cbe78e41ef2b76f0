import type { Clock } from "../clock.ts";
import type { PlatformRefusal } from "../errors.ts";
import { refusalOf } from "./refusal.ts";

/** Between tries, where Discord is not available. */
const PAUSES_MS = [1_000, 4_000];

/** Asks Discord, and waits as long as it wants. */
export interface Asking {
  /** Throws `PlatformRefusal`, and the signal's reason. */
  ask<T>(work: () => Promise<T>): Promise<T>;
}

export function createAsking({ clock, signal }: { clock: Clock; signal: AbortSignal }): Asking {
  /** How long to wait before the same is asked again, unless that is of no use. */
  const pauseAfter = (refusal: PlatformRefusal, failures: number): number | undefined =>
    refusal.kind === "rate_limited"
      ? (refusal.retryAfterMs ?? 0)
      : refusal.kind === "unavailable"
        ? PAUSES_MS[failures]
        : undefined;

  return {
    async ask(work) {
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
