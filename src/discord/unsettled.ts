import type { MessageId } from "../chat/place.ts";
import type { PostKey } from "../chat/platform.ts";
import { PlatformRefusal } from "../errors.ts";

/** A message of the bot as it stands. */
export interface Posted {
  readonly id: MessageId;
  readonly content: string;
}

/** An earlier attempt may have posted. `heard`: it has, as the gateway told. */
export interface Doubt {
  readonly heard?: Posted | undefined;
}

/**
 * Posts whose fate is not known: the answer was lost. Discord drops a second post with the same nonce, but only for
 * "the past few minutes". The gateway tells of the bot's own messages, with their nonce, whenever it tells.
 */
export interface Unsettled {
  /** Runs `post`, telling it of the doubt if there is any, and remembers the key until an attempt has an outcome that is known. */
  attempt(key: PostKey, post: (doubt: Doubt | undefined) => Promise<MessageId>): Promise<MessageId>;
  /** The gateway told of a message of the bot. */
  hear(nonce: string, posted: Posted): void;
}

/** More than a process has in doubt at once. Whoever gives up on a post does not say so. */
const CAPACITY = 1_000;

export function createUnsettled(): Unsettled {
  const posts = new Map<string, Posted | undefined>();

  const remember = (nonce: string) => {
    const [oldest] = posts.keys();
    if (posts.size >= CAPACITY && oldest !== undefined) posts.delete(oldest);
    posts.set(nonce, undefined);
  };

  return {
    async attempt(key, post) {
      const isInDoubt = posts.has(key.text);
      const doubt = isInDoubt || key.repeated ? { heard: posts.get(key.text) } : undefined;
      if (!isInDoubt) remember(key.text);
      try {
        const id = await post(doubt);
        posts.delete(key.text);
        return id;
      } catch (error) {
        const mayBeDone = error instanceof PlatformRefusal && error.kind === "unavailable";
        if (!doubt && !mayBeDone) posts.delete(key.text);
        throw error;
      }
    },
    hear(nonce, posted) {
      if (posts.has(nonce)) posts.set(nonce, posted);
    },
  };
}
