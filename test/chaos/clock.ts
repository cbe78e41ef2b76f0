import type { Clock } from "../../src/clock.ts";

/** Where the fast time of a run begins. The same in every process, so that they agree on what time it is. */
export interface FastTime {
  /** Milliseconds since the epoch, by the real clock. */
  readonly since: number;
  /** How many times as fast as the real clock. */
  readonly factor: number;
}

/** A clock that runs fast: the waits, windows and deadlines of a long run in a short one, in the same proportions. */
export function fastClock({ since, factor }: FastTime): Clock {
  return {
    now: () => Math.round(since + (Date.now() - since) * factor),
    monotonic: () => performance.now() * factor,
    sleep: (ms, signal) => sleep(ms / factor, signal),
  };
}

/** The real time at which a fast clock showed `at`. */
export function realTime({ since, factor }: FastTime, at: number): number {
  return since + (at - since) / factor;
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    timer.unref();
    signal?.addEventListener("abort", stop, { once: true });
  });
}
