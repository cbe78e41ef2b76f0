import type { MessageId, Place, Whereabouts } from "./place.ts";

/** One thing that a person (or bot) posted, normalised by its adapter. Plain data: it is stored as JSON. */
export interface Message {
  /** The same for every delivery of the same post, and different for any other post on any platform. */
  readonly key: string;
  readonly platform: string;
  readonly place: Place;
  readonly id: MessageId;
  /** Milliseconds since the epoch, by the platform's clock. */
  readonly sentAt: number;
  readonly author: Author;
  /** Markdown, with names where the platform has ids. The mention that calls the bot is left out. */
  readonly text: string;
  readonly call: Call;
  readonly where: Whereabouts;
}

export interface Author {
  readonly id: string;
  readonly name: string;
  /** `self` is this bot. */
  readonly kind: "person" | "bot" | "self";
}

/** Facts that `reply/decide.ts` judges. The adapter states them and decides nothing. */
export interface Call {
  /** The text mentions the bot. */
  readonly mentionsBot: boolean;
  /** It is the platform's own "reply" to one of the bot's messages (Discord). */
  readonly repliesToBot: boolean;
  /** The text mentions or replies to somebody else, and not the bot. */
  readonly mentionsOthers: boolean;
  /** The message is in a thread, and not the message that a thread hangs on. */
  readonly inThread: boolean;
  /** Nothing can have been said in the place before this message: it starts its own thread. */
  readonly startsPlace: boolean;
}
