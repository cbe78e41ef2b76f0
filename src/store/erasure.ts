import type { ConversationKey } from "./archive.ts";

/**
 * PORT: forgetting. What is to be forgotten is stored first, as a wish, and then done step by step: each may be repeated, by whatever process
 * comes to it, and done by several at once. A turn's row stays, without what was said and who said it, so that its message is still known when
 * it is delivered again. Legal holds win over wishes, also over those that are under way.
 */
export interface Erasure {
  /**
   * Stores the wish. From then on the place's next message begins its next conversation. One that is there already, for the same
   * conversation and person, is made to reach as far. `held`: a legal hold keeps the conversation, and nothing is stored.
   */
  wish(asked: Asking): Promise<Wish | "held">;
  /** Wishes that may be tried at `now`, the oldest first. */
  due(now: number, limit: number): Promise<readonly Wish[]>;
  /** Erases what is kept here, and notes that that is done. Also to be asked before anything else is done for the wish. */
  erase(wish: Wish): Promise<Erased>;
  /** Has the database's files let go of what was erased, where they would keep it: until then it could be read out of them. */
  clean(): Promise<void>;
  /** That is done, and the audit tells nothing of it any more: only Telnyx has what is to be forgotten. */
  cleaned(wish: Wish): Promise<void>;
  /** It failed, or cannot be done yet: it is due again at `at`. */
  later(wish: Wish, at: number): Promise<void>;
  /** Telnyx has it no more either: the wish goes, and the conversation has none at Telnyx. */
  done(wish: Wish): Promise<void>;
  /** Puts the conversations on hold, or takes that away. */
  hold(keys: readonly ConversationKey[], by: string, held: boolean): Promise<void>;
}

export interface Asking {
  readonly conversation: ConversationKey;
  /** Absent: everybody's turns. */
  readonly person?: { readonly id: string; readonly names: readonly string[] };
  /** Absent: all turns. */
  readonly before?: number;
}

/** `here`: nothing is done yet. `files`: what is kept here is erased, but for traces in files and in the audit. `there`: only Telnyx has it. */
export type WishStep = "here" | "files" | "there";

export interface Wish extends Asking {
  readonly id: number;
  readonly step: WishStep;
  readonly tries: number;
  /** Its conversation at Telnyx, as long as it has one. */
  readonly telnyxId?: string;
  /** Whether this database has a conversation of the key at all: where not, nothing was ever sent to Telnyx. */
  readonly opened: boolean;
}

/**
 * `open`: something is being answered in the conversation, and nothing was erased yet. `held`: a legal hold came meanwhile, and the wish is gone.
 * `gone`: somebody else has fulfilled it.
 */
export type Erased =
  | { readonly kind: "erased"; readonly turns: number; readonly heard: number }
  | { readonly kind: "open" | "held" | "gone" };

/** What the row of a forgotten turn has in place of who asked. */
export const FORGOTTEN = "forgotten";
