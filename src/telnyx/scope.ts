/** Runs calls under the caller's signal and the client's closing, for as long as each takes. */
export interface Scope {
  /** For a call that iterates by itself: its signal, and what it calls when it is over. */
  enter(signal: AbortSignal | undefined): { readonly signal: AbortSignal; readonly leave: () => void };
  run<T>(signal: AbortSignal | undefined, call: (signal: AbortSignal) => Promise<T>): Promise<T>;
  iterate<T>(
    signal: AbortSignal | undefined,
    call: (signal: AbortSignal) => AsyncIterable<T>,
  ): AsyncIterable<T>;
}

export function createScope(closing: AbortSignal): Scope {
  /** Not `AbortSignal.any`: it leaves something behind in `closing` for each call until both signals are collected. */
  const enter = (signal: AbortSignal | undefined) => {
    const either = new AbortController();
    const stop = () => either.abort();
    const outer = signal ? [closing, signal] : [closing];
    if (outer.some(({ aborted }) => aborted)) stop();
    for (const one of outer) one.addEventListener("abort", stop);
    const leave = () => outer.forEach((one) => one.removeEventListener("abort", stop));
    return { signal: either.signal, leave };
  };
  return {
    enter,
    run: async (signal, call) => {
      const entered = enter(signal);
      try {
        return await call(entered.signal);
      } finally {
        entered.leave();
      }
    },
    async *iterate(signal, call) {
      const entered = enter(signal);
      try {
        yield* call(entered.signal);
      } finally {
        entered.leave();
      }
    },
  };
}
