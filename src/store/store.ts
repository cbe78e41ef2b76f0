import type { Message } from "../chat/message.ts";
import type { MessageId, Place, Whereabouts } from "../chat/place.ts";
import type { Price, Usage } from "../reply/event.ts";
import type { Claim } from "./mailbox.ts";

/** The row that ties a place to a Telnyx conversation. A place starts its next `generation` when the last one is gone. */
export interface Conversation {
  readonly place: Place;
  /** 1, 2, … within its place. */
  readonly generation: number;
  /** Absent until Telnyx has answered the create call. */
  readonly telnyxId?: string;
  /** The create call's idempotency key and exact body: a repeated call must send the same. */
  readonly createKey: string;
  readonly createBody: string;
  /** The first request, which carries the instructions, has been answered. */
  readonly instructed: boolean;
  /** The newest message of the place that the model has been given, and when it was sent (its platform's clock). */
  readonly seen?: { readonly id: MessageId; readonly at: number };
  /**
   * When the newest message that is no turn was sent. Not before `seen.at`: something was said that the model was not
   * given. Two times and no flag, so that nothing has to be cleared and no message can fall between.
   */
  readonly gapAt?: number;
  /** It was ended then: the place's next message opens its next generation. */
  readonly endedAt?: number;
}

/** A page of a turn's reply: intended (no id yet), then posted. Index -1: its nudge, which stands behind the others. */
export interface PageRow {
  readonly index: number;
  readonly id?: MessageId;
}

/**
 * PORT: everything but the mailbox. Each method is one SQL statement, safe to repeat. Those that take a `Claim` write
 * only while its epoch is the row's, and reject with `PatchcordError` code `fenced` when it is not.
 */
export interface Store {
  /** Rejects with `fenced` when the claim is over. Asked before each effect that nothing else is stored for. */
  confirm(claim: Claim): Promise<void>;
  /** Until when a part of a platform was heard without a gap. Absent: it never was, or is not known by this name. */
  listenedUntil(platform: string, part: string): Promise<number | undefined>;
  /** Never moves back. */
  markListened(platform: string, part: string, at: number): Promise<void>;
  /** Places of a platform in which the bot was addressed lately, most recently first, at most `limit`. */
  recentPlaces(platform: string, limit: number): Promise<readonly Place[]>;
  /** The bot was addressed in this place by a message that was sent before `at`, in whatever order they came here. */
  takesPart(place: Place, at: number): Promise<boolean>;
  /** The place's newest generation. */
  conversation(place: Place): Promise<Conversation | undefined>;
  /** Inserts the generation, or returns the one that is there: two callers get the same row. */
  openConversation(claim: Claim, draft: ConversationDraft): Promise<Conversation>;
  /**
   * Takes in a conversation that Telnyx has and this database does not, when its generation is free: it is the place's from now on. Returns
   * whether it was taken. Safe to repeat.
   */
  adoptConversation(place: Place, adopted: AdoptedConversation): Promise<boolean>;
  linkConversation(claim: Claim, generation: number, telnyxId: string): Promise<void>;
  /** The model was given everything up to `seen`. Never moves back. */
  markSeen(claim: Claim, generation: number, seen: { id: MessageId; at: number }): Promise<void>;
  /** The conversation's first request, with the instructions, has been answered. */
  markInstructed(claim: Claim, generation: number): Promise<void>;
  /** Something that is no turn was said in this place, sent at `at`. Never moves back. No effect before the place is addressed. */
  markGap(place: Place, at: number): Promise<void>;
  /** Nobody listened to this platform until `at`: every place of it may have a gap. Never moves back. */
  markDeaf(platform: string, at: number): Promise<void>;
  /** Which of these messages the generation's conversation has: added before, or turns that were or will be sent to it. */
  heard(place: Place, generation: number, keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** This message was added to the generation's conversation without being a turn. Whose it is is noted, and nothing of what it says. */
  markHeard(
    claim: Claim,
    generation: number,
    message: Pick<Message, "key" | "id" | "sentAt" | "author">,
  ): Promise<void>;
  /**
   * Notes the place's names as of `at`, if they differ from the last ones noted before; those stay, with their dates.
   * A name that is absent now is taken to be what it was.
   */
  noteWhereabouts(place: Place, where: Whereabouts, at: number): Promise<void>;

  markCalling(
    claim: Claim,
    turn: number,
    facts: { generation: number; input: string; at: number; asked?: Asked },
  ): Promise<void>;
  /** Checkpoint of the text so far. The first one also stores when the first text came. */
  markStreaming(claim: Claim, turn: number, facts: { text: string; at: number }): Promise<void>;
  markAnswered(
    claim: Claim,
    turn: number,
    facts: { text: string; usage?: Usage; incomplete?: string; at: number },
  ): Promise<void>;
  /** How many earlier turns of the generation were sent with this very input: how many copies of it to expect at Telnyx. */
  countSameInput(place: Place, generation: number, input: string, before: number): Promise<number>;

  pages(turn: number): Promise<readonly PageRow[]>;
  markPageIntended(claim: Claim, turn: number, index: number): Promise<void>;
  markPagePosted(claim: Claim, turn: number, index: number, id: MessageId): Promise<void>;
}

/** What was asked for when a turn was sent to the model, and what held then. */
export interface Asked {
  readonly model: string;
  /** By the price list at that time. Absent: not known. */
  readonly price?: Price;
  readonly settings: Settings;
}

/** What held for a turn, as far as it is not in its message. */
export interface Settings {
  /** SHA-256 of the instructions that the configuration had for the place, in hex: they may be long. */
  readonly instructions: string;
  /** Whether they went with this request. `before`: the model goes by those that went with an earlier one of the conversation. */
  readonly instructed: "now" | "before";
}

export interface AdoptedConversation {
  readonly generation: number;
  readonly telnyxId: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** When it began, and until when something is known to have been said in it. */
  readonly since: number;
  readonly at: number;
}

export interface ConversationDraft {
  readonly generation: number;
  readonly createKey: string;
  readonly createBody: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly at: number;
  /** The model is given nothing that was said until then: it was forgotten. */
  readonly seen?: Conversation["seen"];
}
