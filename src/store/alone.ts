import type { Replicas, Word } from "./replicas.ts";

/** The only process on its database: holds every lease, and is the only one to tell anything to. */
export function alone(): Replicas {
  const listeners: ((word: Word) => void)[] = [];
  return {
    leases: { take: async () => true, drop: async () => {} },
    control: {
      tell: async (word) => {
        for (const listener of listeners) listener(word);
      },
      hear: (listener) => void listeners.push(listener),
    },
    onLost: () => {},
  };
}
