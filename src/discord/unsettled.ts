import type { MessageId } from "../chat/place.ts";
import type { PostKey } from "../chat/platform.ts";
import { PlatformRefusal } from "../errors.ts";

/**
 * Posts whose fate is not known: the answer was lost. Discord drops a second post with the same nonce, but only for
 * "the past few minutes". The gateway tells of the bot's own messages, with their nonce, whenever it tells.
 */
export interface Unsettled {
  has(key: PostKey): boolean;
  /** The message that a lost attempt made, if the gateway has told of it. */
  heard(key: PostKey): MessageId | undefined;
  /** Remembers the key until an attempt has an outcome that is known. */
  attempt(key: PostKey, post: () => Promise<MessageId>): Promise<MessageId>;
  /** The gateway told of a message of the bot. */
  hear(nonce: string, id: MessageId): void;
}

/** More than a process has in doubt at once. Whoever gives up on a post does not say so. */
const CAPACITY = 1_000;

export function createUnsettled(): Unsettled {
  const posts = new Map<string, MessageId | undefined>();

  const remember = (nonce: string) => {
    if (posts.has(nonce)) return;
    const [oldest] = posts.keys();
    if (posts.size >= CAPACITY && oldest !== undefined) posts.delete(oldest);
    posts.set(nonce, undefined);
  };

  return {
    has: (key) => posts.has(key.text),
    heard: (key) => posts.get(key.text),
    async attempt(key, post) {
      remember(key.text);
      try {
        const id = await post();
        posts.delete(key.text);
        return id;
      } catch (error) {
        const isUnknown = error instanceof PlatformRefusal && error.kind === "unavailable";
        if (!isUnknown) posts.delete(key.text);
        throw error;
      }
    },
    hear(nonce, id) {
      if (posts.has(nonce)) posts.set(nonce, id);
    },
  };
}
