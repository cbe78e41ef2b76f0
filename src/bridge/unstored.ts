import type { Message } from "../chat/message.ts";

/** What was heard and is not stored: on its way, or refused by the database. Until it is, it counts as not heard. */
export interface Unstored {
  /** Stores the message by `receive`, and remembers it until that has succeeded, now or when it is delivered again. */
  storing(message: Message, receive: (message: Message) => Promise<void>): Promise<void>;
  /** When the oldest of them was sent. Infinity: there is none. */
  oldest(): number;
  /** When the first of those that could not be stored failed, on the monotonic clock. Infinity: there is none. */
  failedSince(): number;
  /** Everything that failed before was read again since then. */
  forget(failedBefore: number): void;
}

export function createUnstored(monotonic: () => number): Unstored {
  const all = new Map<string, { readonly sentAt: number; failedAt: number }>();
  const least = (numbers: number[]) => numbers.reduce((a, b) => Math.min(a, b), Infinity);
  return {
    async storing(message, receive) {
      const one = all.get(message.key) ?? { sentAt: message.sentAt, failedAt: Infinity };
      all.set(message.key, one);
      try {
        await receive(message);
        all.delete(message.key);
      } catch (error) {
        one.failedAt = Math.min(one.failedAt, monotonic());
        throw error;
      }
    },
    oldest: () => least([...all.values()].map(({ sentAt }) => sentAt)),
    failedSince: () => least([...all.values()].map(({ failedAt }) => failedAt)),
    forget: (failedBefore) => {
      for (const [key, { failedAt }] of all) if (failedAt < failedBefore) all.delete(key);
    },
  };
}
