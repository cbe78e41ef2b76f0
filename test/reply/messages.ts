import type { Author, Call, Message } from "../../src/chat/message.ts";
import type { MessageId, Place, Whereabouts } from "../../src/chat/place.ts";

export interface MessageFacts {
  readonly text?: string;
  readonly author?: Partial<Author>;
  readonly call?: Partial<Call>;
  readonly where?: Partial<Whereabouts>;
}

/** A person's message in a public channel that has nothing to do with the bot, but for the facts given. */
export function message({ text = "Hello", author, call, where }: MessageFacts = {}): Message {
  return {
    key: "slack:T1:C1:1",
    platform: "slack",
    place: "slack:T1:C1" as Place,
    id: "1" as MessageId,
    sentAt: Date.UTC(2026, 10, 22),
    author: { id: "U1", name: "Ada", kind: "person", ...author },
    text,
    call: {
      mentionsBot: false,
      repliesToBot: false,
      mentionsOthers: false,
      inThread: false,
      startsPlace: false,
      ...call,
    },
    where: { workspaceId: "T1", channelId: "C1", channelKind: "public", ...where },
  };
}
