import type { Clock } from "../../src/clock.ts";

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

export interface FakeClock extends Clock {
  /** Lets `ms` pass: every sleeper that falls due wakes, in order, and what it starts may sleep and wake within the same span. */
  advance(ms: number): Promise<void>;
  /** How many sleep now. A test that ends with sleepers has left something running. */
  sleeping(): number;
}

/** Lets everything that is ready to run, run: several turns of the event loop, so that real I/O callbacks get theirs too. */
async function drain(): Promise<void> {
  for (let i = 0; i < 8; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A clock that stands still until the test moves it. */
export function fakeClock(start = Date.UTC(2026, 10, 22)): FakeClock {
  let passed = 0;
  const sleepers = new Set<Sleeper>();

  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const stop = () => {
        sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        due: passed + Math.max(0, ms),
        wake: () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", stop);
          resolve();
        },
      };
      sleepers.add(sleeper);
      signal?.addEventListener("abort", stop, { once: true });
    });

  const advance = async (ms: number) => {
    const end = passed + ms;
    await drain();
    for (;;) {
      const next = [...sleepers].sort((a, b) => a.due - b.due)[0];
      if (!next || next.due > end) break;
      passed = Math.max(passed, next.due);
      next.wake();
      await drain();
    }
    passed = end;
    await drain();
  };

  return {
    now: () => start + passed,
    monotonic: () => passed,
    sleep,
    advance,
    sleeping: () => sleepers.size,
  };
}

/** The same time, by a wall clock that can be set: forward or back, in milliseconds. */
export function wallClock(clock: Clock): Clock & { readonly set: (ms: number) => void } {
  let moved = 0;
  return {
    ...clock,
    now: () => clock.now() + moved,
    set: (ms) => void (moved += ms),
  };
}
