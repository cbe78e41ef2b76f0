import type { Clock } from "../clock.ts";

/** Lets one after the other begin something, at least `apartMs` apart, for each key. */
export interface Lanes {
  /** Waits for its turn. Rejects when the signal aborts. */
  enter(key: number, signal: AbortSignal): Promise<Slot>;
}

/** Nobody else of the key begins until this one has, for so long, or never will. */
export interface Slot {
  begin(): void;
  /** It will not begin any more. Of no effect after `begin`. */
  end(): void;
}

export function createLanes({ clock, apartMs }: { clock: Clock; apartMs: number }): Lanes {
  const lanes = new Map<number, Promise<void>>();

  const slotAfter = (key: number, signal: AbortSignal): Slot => {
    const left = Promise.withResolvers<void>();
    const before = lanes.get(key);
    lanes.set(
      key,
      left.promise.then(() => before),
    );
    let hasBegun = false;
    return {
      begin() {
        hasBegun = true;
        clock.sleep(apartMs, signal).then(left.resolve, left.resolve);
      },
      end() {
        if (!hasBegun) left.resolve();
      },
    };
  };

  return {
    async enter(key, signal) {
      const before = lanes.get(key);
      const slot = slotAfter(key, signal);
      try {
        await unless(signal, before);
        return slot;
      } catch (error) {
        slot.end();
        throw error;
      }
    },
  };
}

/** Waits for the work, or rejects with the signal's reason. */
export async function unless<T>(signal: AbortSignal, work: Promise<T> | undefined): Promise<T | undefined> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
