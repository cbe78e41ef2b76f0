import type { Message } from "../chat/message.ts";
import type { Whereabouts } from "../chat/place.ts";
import { FORGOTTEN } from "./erasure.ts";

/** PURE: what is left of something that was forgotten. */

/** A message without what was said and who said it: with what is needed to know it again, and where it was. */
export function tombstoneOf({ key, platform, place, id, sentAt, call, where }: Message): Message {
  const author = { id: FORGOTTEN, name: FORGOTTEN, kind: "person" } as const;
  return { key, platform, place, id, sentAt, author, text: "", call, where: whereLeft(where) };
}

/** A place without the names that say what was said there: a thread's is often its first message, and a direct message's who talks. */
export function whereLeft(where: Whereabouts): Whereabouts {
  const { threadName: _thread, ...left } = where;
  if (left.channelKind !== "dm" && left.channelKind !== "group_dm") return left;
  const { channelName: _channel, channelTopic: _topic, ...anonymous } = left;
  return anonymous;
}

type Metadata = Readonly<Record<string, string>>;

/** A message without the name of the group that it was said in: that is who is in it. */
export function outsideGroup(message: Message): Message {
  const { channelName: _channel, channelTopic: _topic, ...where } = message.where;
  return { ...message, where };
}

/** The same for what is written as a conversation's metadata. */
export function metadataLeft(metadata: Metadata): Metadata {
  const left = metadataWithout(metadata, ["thread_name"]);
  const { channel_kind: kind } = left;
  const isPublic = kind !== "dm" && kind !== "group_dm";
  return withoutStarter(isPublic ? left : withoutPeople(left));
}

/** Where the people in a group direct message are its name. */
export function withoutPeople(metadata: Metadata): Metadata {
  return metadataWithout(metadata, ["channel_name", "channel_topic"]);
}

/** Whoever started the conversation is not told any more. */
export function withoutStarter(metadata: Metadata): Metadata {
  return { ...metadata, started_by_id: FORGOTTEN, started_by_name: FORGOTTEN };
}

function metadataWithout(metadata: Metadata, keys: readonly string[]): Metadata {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !keys.includes(key)));
}

/** The word that says why a turn failed, without what else is known: that may quote what was said. */
export function errorLeft(error: string | null): string | null {
  return /^\w{1,60}(?=:|$)/.exec(error ?? "")?.[0] ?? (error === null ? null : "other");
}
