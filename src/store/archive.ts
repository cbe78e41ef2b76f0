import type { Message } from "../chat/message.ts";
import type { Place, Whereabouts } from "../chat/place.ts";
import type { Usage } from "../reply/event.ts";
import type { TurnState } from "./mailbox.ts";
import type { Grouping, Sum } from "./sums.ts";
import type { Given } from "./given.ts";
import type { OfHeard } from "./heard.ts";
import type { OfFound } from "./of-found.ts";

/**
 * PORT: what admins read. Conversations and turns can be asked for by anything that is known of them. It reads an index that follows
 * the store's tables: `refresh` brings it up to date, which the bot does all the time and a command does before it asks.
 *
 * A `Condition` is asked of turns. A conversation meets it when one of its turns does. Of a conversation without turns nothing can be said
 * that is said of turns, neither that it is so nor that it is not: it meets what is said of conversations alone. A turn that was not sent
 * to the model counts to the generation that was its place's newest then.
 */
export interface Archive extends OfFound, OfHeard {
  /** Takes into the index what came since it was last done, and returns how many turns that were. Safe from several processes at once. Ends early, after a batch, when the signal aborts. */
  refresh(signal?: AbortSignal): Promise<number>;
  /**
   * Brings what an earlier version took in to what this one keeps of it, which takes minutes after some upgrades, with rests, and goes on where it was left.
   * Meanwhile all is found, but more slowly. Returns how many turns that were. Ends early, after a batch, when the signal aborts.
   */
  renew(signal?: AbortSignal): Promise<number>;
  conversations(search: Search): Promise<Found<ConversationFacts>>;
  turns(search: Search): Promise<Found<TurnFacts>>;
  /**
   * Sums over the turns that meet the condition, as often as there are groupings, each in its place: one row for each value of `by`, those with
   * the most turns first, times from the newest on; without `by`, one row in all. What a page shows is best asked for at once.
   */
  sums(where: Condition, groupings: readonly Grouping[]): Promise<readonly (readonly Sum[])[]>;
  conversation(key: ConversationKey): Promise<ConversationFacts | undefined>;
  turn(id: number): Promise<TurnFacts | undefined>;
  /** The turn that a platform's message, or one of our own pages, belongs to. */
  turnOf(place: Place, messageId: string): Promise<number | undefined>;
  /** What the model was given for a turn. Undefined: it was not asked. */
  given(turn: number): Promise<Given | undefined>;
  /** The message that a turn answers, as it came. Undefined: there is none, or it was forgotten. */
  message(turn: number): Promise<Message | undefined>;
  /** How these conversations begin: the first question of each that was not forgotten. In no order; those without one are left out. */
  openings(conversations: readonly ConversationKey[]): Promise<readonly Opening[]>;
  /** What was said in these turns, in the order of the ids; what was forgotten is left out. */
  contents(turns: readonly number[]): Promise<readonly TurnContent[]>;
  /** Names of this kind that begin so (any case), for completion. Only among conversations that meet `within`: if those are all, the most recently used first, else by the alphabet. */
  names(field: NameField, prefix: string, within: Condition, limit: number): Promise<readonly string[]>;
  /** The words that turns have there, the one that was used last first. Only among turns that meet `within`. */
  words(field: PartField, within: Condition, limit: number): Promise<readonly string[]>;
  /** The statement that a search becomes, as text for people. */
  explain(search: Search): string;
}

/** One place's generation. */
export interface ConversationKey {
  readonly place: Place;
  readonly generation: number;
}

/** A conversation's first question. */
export interface Opening extends ConversationKey {
  readonly turn: number;
  readonly question: string;
}

export interface Search {
  readonly where: Condition;
  readonly sort: Sort;
  /** How many at the most, 1 to 1,000. */
  readonly limit: number;
  /** Goes on behind what a page before gave as `next`. */
  readonly after?: string;
}

export interface Found<Row> {
  readonly rows: readonly Row[];
  /** For `Search.after`. Absent on the last page. */
  readonly next?: string;
}

/**
 * Ties are broken so that every row comes once. Conversations are sorted by the same figures, summed over their turns; what is absent is
 * less than everything. `active`: when the newest turn was received, `started`: the first. Turns are sorted by their own times: `active`,
 * `started` and `turns` are when they were received.
 */
export interface Sort {
  readonly by: "active" | "started" | "turns" | "tokens" | "cost" | "complete";
  readonly direction: "asc" | "desc";
}

/**
 * What may be asked. Empty `all` holds always, empty `any` never. What is absent has no value that could be met: a turn of unknown cost meets
 * no condition on `cost`, and so meets what negates one.
 */
export type Condition =
  | { readonly kind: "all" | "any"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | {
      readonly kind: "name";
      readonly field: NameField;
      /**
       * `then`: as it was called when the turn was asked. `now`: as it is called now. `ever`: at any time of the conversation. A person is
       * not the conversation's: `now` is the person's newest name in that workspace, `ever` any that they had there (`TurnFacts.userNames`).
       */
      readonly tense: "then" | "now" | "ever";
      readonly match: "equals" | "prefix" | "contains";
      /** Folded by `fold`. */
      readonly value: string;
    }
  | { readonly kind: "word"; readonly field: WordField; readonly values: readonly string[] }
  /** The beginning or a part of such a word, in any case: `value` is in lower case. Nobody writes a model's whole name. */
  | {
      readonly kind: "part";
      readonly field: PartField;
      readonly match: "prefix" | "contains";
      readonly value: string;
    }
  /** From `from`, inclusive, to below `below`. */
  | {
      readonly kind: "number";
      readonly field: NumberField | TimeField;
      readonly from?: number;
      readonly below?: number;
    }
  /**
   * These words in this order, one after the other, in the question or in the answer. `words` are as `wordsOf` makes them; with
   * `prefix` the last may be a beginning. No words at all meet nothing. A turn's text counts once it is settled, and until it is forgotten.
   */
  | { readonly kind: "text"; readonly words: readonly string[]; readonly prefix: boolean };

/** What has a name that people gave it, and may change. Compared folded. */
export type NameField = "workspace" | "channel" | "topic" | "parent" | "thread" | "user";

/** An open word of which a part may be asked for. */
export type PartField = "model" | "error";

/** What is one of few words, or an id. Compared as it is. What is the place's is as it is now: a channel that became private is private. */
export type WordField =
  | "platform"
  | "workspaceId"
  | "channelId"
  | "kind"
  | "threadId"
  | "userId"
  | "model"
  | "status"
  | "error"
  | "place"
  | "telnyxId"
  /** Somebody of whom the conversation was given a message without being asked by it: one of several. */
  | "heardId"
  | "turn";

/** `tokens`: in and out. `cost`: millionths of a US dollar. The times are milliseconds from being received to the first text, to the end. */
export type NumberField =
  | "tokens"
  | "inputTokens"
  | "outputTokens"
  | "cost"
  | "firstText"
  | "complete"
  | "generation";

/** Milliseconds since the epoch. `at`: when the turn was received. `started`: when the conversation's first turn was. */
export type TimeField = "at" | "started";

/** `open`: it waits or is being answered. The others are how it was settled. */
export type TurnStatus =
  | "open"
  | Extract<TurnState, "done" | "failed" | "stopped" | "postponed">
  | "forgotten";

/** Where something was said, by its names as they are now or were then; `workspaceUrl` always as it is now. */
export interface PlaceFacts extends Whereabouts {
  readonly place: Place;
  readonly generation: number;
  readonly platform: string;
}

/** Names as they are now. */
export interface ConversationFacts extends PlaceFacts {
  readonly telnyxId?: string;
  readonly startedAt: number;
  readonly activeAt: number;
  readonly startedById: string;
  readonly startedByName: string;
  /** The message that its first turn answers. Absent: it has no turns here. */
  readonly firstMessageId?: string;
  readonly turns: number;
  readonly open: number;
  readonly failed: number;
  readonly tokens: number;
  /** Millionths of a US dollar; absent where no turn's price is known. */
  readonly cost?: number;
  /** Names that it had before, oldest first. */
  readonly formerly: readonly {
    readonly field: NameField;
    readonly name: string;
    readonly until: number;
  }[];
  /** A legal hold: nothing of it may be forgotten. */
  readonly held: boolean;
}

/** Names as they were when the turn was asked. */
export interface TurnFacts extends PlaceFacts {
  readonly id: number;
  readonly messageId: string;
  readonly userId: string;
  readonly userName: string;
  /** Every name that the person had in this workspace, the newest first. */
  readonly userNames: readonly string[];
  readonly status: TurnStatus;
  readonly state: TurnState;
  readonly model?: string;
  /** One word: why it failed. `other` where there is none. */
  readonly error?: string;
  /** What else is known of that, for operators. */
  readonly detail?: string;
  readonly usage?: Usage;
  /** Millionths of a US dollar, by the price list that held when it was asked. Absent: not known. */
  readonly cost?: number;
  readonly receivedAt: number;
  readonly settledAt?: number;
  /** Milliseconds since it was received. */
  readonly firstText?: number;
  readonly complete?: number;
  readonly tries: number;
  /** The ids of our pages that were posted, in order. */
  readonly pages: readonly string[];
}

export interface TurnContent {
  readonly turn: number;
  readonly question: string;
  /** The text so far, while it is being written. */
  readonly answer?: string;
}
