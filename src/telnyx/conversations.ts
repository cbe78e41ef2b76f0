import type { Api } from "./api.ts";
import { unreadable } from "./errors.ts";
import { asObject, asString, given, type Json } from "./json.ts";
import type { Metadata, NewConversation, TelnyxConversation } from "./telnyx.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const PATH = "/ai/conversations";

export function conversationPath(id: string, rest = ""): string {
  return `${PATH}/${encodeURIComponent(id)}${rest}`;
}

/** Throws `telnyx_unreadable` when the answer names no conversation: whoever went on would talk into the void. */
export async function createConversation(
  api: Api,
  body: NewConversation,
  key: string,
  signal?: AbortSignal,
): Promise<TelnyxConversation> {
  const answer = await api.call({
    method: "POST",
    path: PATH,
    body: JSON.stringify(body),
    idempotencyKey: key,
    signal,
  });
  const conversation = readConversation(answer, `POST ${PATH}`);
  if (!UUID.test(conversation.id)) throw unreadable(`POST ${PATH}`, "the conversation's id is no UUID");
  return conversation;
}

export async function getConversation(
  api: Api,
  id: string,
  signal?: AbortSignal,
): Promise<TelnyxConversation> {
  const path = conversationPath(id);
  const answer = await api.call({ method: "GET", path, notFound: "conversation_gone", signal });
  return readConversation(answer, `GET ${path}`);
}

export async function updateConversation(
  api: Api,
  id: string,
  metadata: Metadata,
  signal?: AbortSignal,
): Promise<TelnyxConversation> {
  const before = await getConversation(api, id, signal);
  const path = conversationPath(id);
  const body = JSON.stringify({ metadata: { ...asMetadata(before.metadata), ...metadata } });
  const answer = await api.call({ method: "PUT", path, body, notFound: "conversation_gone", signal });
  return readConversation(answer, `PUT ${path}`);
}

export async function deleteConversation(api: Api, id: string, signal?: AbortSignal): Promise<void> {
  await api.call({
    method: "DELETE",
    path: conversationPath(id),
    accept: "*/*",
    notFound: "conversation_gone",
    goneIsDone: true,
    signal,
  });
}

/** PUT takes strings alone (API reference, Update conversation metadata); Telnyx's own keys may hold something else. */
function asMetadata(values: Readonly<Record<string, unknown>>): Metadata {
  const known = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    known.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** Wrapped in `data` or not: the reference says one for creating, the API was seen to do the other. */
function readConversation(answer: unknown, call: string): TelnyxConversation {
  const json = asObject(answer);
  const conversation = toConversation(asObject(json?.["data"]) ?? json ?? {});
  if (!conversation) throw unreadable(call, "there is no conversation in the answer");
  return conversation;
}

export function toConversation(json: Json): TelnyxConversation | undefined {
  const id = asString(json["id"]);
  if (id === undefined || id === "") return undefined;
  return {
    id,
    createdAt: asString(json["created_at"]) ?? "",
    metadata: asObject(json["metadata"]) ?? {},
    ...given({ name: asString(json["name"]), lastMessageAt: asString(json["last_message_at"]) }),
  };
}
