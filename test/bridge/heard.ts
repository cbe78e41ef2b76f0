import type { Message } from "../../src/chat/message.ts";
import type { Place } from "../../src/chat/place.ts";

/** Something that was said, heard or not. */
export interface Heard {
  readonly message: Message;
  readonly place: Place;
  readonly missed: boolean;
}

/** Everything in a DM, and what mentions the bot elsewhere. */
export const isAddressedTo = ({ message }: Heard) =>
  message.call.mentionsBot || message.where.channelKind === "dm";
