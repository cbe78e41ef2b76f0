import type { Exclusive, Held } from "../../src/chat/platform.ts";

/** Every right is ours at once, for ever. */
export const alwaysMine: Exclusive = {
  hold: async () => ({ lost: new AbortController().signal, release: async () => {} }),
};

/** Rights that several processes share: each has one holder at a time, those who wait come first to last. */
export interface Rights {
  /** What a process is given. */
  readonly exclusive: Exclusive;
  /** Who holds `name` now is said to have lost it; the next who waits has it. */
  take(name: string): void;
  /** The names that are held. */
  held(): readonly string[];
}

export function createRights(): Rights {
  const holders = new Map<string, AbortController>();
  const waiting = new Map<string, (() => void)[]>();

  const pass = (name: string) => {
    holders.delete(name);
    waiting.get(name)?.shift()?.();
  };
  const claim = (name: string): Held => {
    const lost = new AbortController();
    holders.set(name, lost);
    return {
      lost: lost.signal,
      release: async () => {
        if (holders.get(name) === lost) pass(name);
      },
    };
  };

  return {
    held: () => [...holders.keys()].toSorted(),
    take(name) {
      holders.get(name)?.abort();
      pass(name);
    },
    exclusive: {
      hold: (name, signal) =>
        new Promise((resolve, reject) => {
          if (signal.aborted) return reject(signal.reason as Error);
          if (!holders.has(name)) return resolve(claim(name));
          const queue = waiting.get(name) ?? [];
          waiting.set(name, queue);
          const go = () => {
            signal.removeEventListener("abort", leave);
            resolve(claim(name));
          };
          const leave = () => {
            queue.splice(queue.indexOf(go), 1);
            reject(signal.reason as Error);
          };
          queue.push(go);
          signal.addEventListener("abort", leave, { once: true });
        }),
    },
  };
}
