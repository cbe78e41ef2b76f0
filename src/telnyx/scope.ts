/** Runs calls under the caller's signal and the client's closing, for as long as each takes. */
export interface Scope {
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
