/** Time as a parameter: nothing else in `src/` reads the clock or sets a timer. */
export interface Clock {
  /** Milliseconds since the epoch, as the wall clock shows them: for what is stored or shown. */
  now(): number;
  /** Milliseconds on a clock that never jumps: for durations and budgets. */
  monotonic(): number;
  /** Resolves after `ms`. Rejects with the signal's reason as soon as it aborts. Does not keep the process alive. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
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
    }),
};

/**
 * Keeps the process alive until the function that it returns is called. The clock's own waits do not: a wait between two tries would
 * end a command that has nothing else open.
 */
export function stayAwake(): () => void {
  const timer = setInterval(() => {}, 60_000);
  return () => clearInterval(timer);
}
