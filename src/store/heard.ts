import type { MessageId } from "../chat/place.ts";
import type { ConversationKey } from "./archive.ts";

/** A message that the model was given without being asked by it. What it says is at Telnyx alone. */
export interface HeardMessage {
  readonly id?: MessageId;
  /** By its platform's clock, in milliseconds. */
  readonly sentAt?: number;
  /** Absent, as the rest: it was given before that was noted. `FORGOTTEN`: it is forgotten. */
  readonly userId?: string;
  readonly userName?: string;
}

/** PORT, a part of the archive's: whose messages conversations were given without being asked by them. */
export interface OfHeard {
  /** All that is known of a person's. */
  heardOf(person: HeardPerson): Promise<HeardSum>;
  /** How many of a conversation's are not forgotten. */
  heardIn(conversation: ConversationKey, part: HeardPart): Promise<number>;
}

export interface HeardPerson {
  readonly platform: string;
  /** Absent: wherever on the platform. */
  readonly workspaceId?: string;
  readonly userId: string;
}

export interface HeardSum {
  readonly messages: number;
  readonly conversations: number;
  /** Names that the person had then, the newest first. */
  readonly names: readonly string[];
  /** There are others of which nobody knows whose they are: they were given before it was noted. */
  readonly unknown: boolean;
}

export interface HeardPart {
  /** Absent: everybody's. */
  readonly userId?: string;
  /** Absent: all of them. Else those that were given before that time, in milliseconds. */
  readonly before?: number;
}
