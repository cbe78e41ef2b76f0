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

/**
 * How many times as fast as the real world the bot and the twins may live here, on this machine as busy as it is now: eight, if a process that only
 * reckons gets a core to itself. What is too fast for the machine would look like one fault after another.
 */
export function factorNow(): 8 | 4 | 2 {
  const began = performance.now();
  const before = process.cpuUsage();
  while (performance.now() - began < SAMPLE_MS);
  const share = process.cpuUsage(before).user / 1_000 / (performance.now() - began);
  if (share > 0.7) return 8;
  return share > 0.35 ? 4 : 2;
}

const SAMPLE_MS = 400;

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
