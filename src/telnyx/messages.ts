import type { Api } from "./api.ts";
import { conversationPath } from "./conversations.ts";
import { unreadable } from "./errors.ts";
import { asNumber, asObject, asObjects, asString, given, type Json } from "./json.ts";
import type { NewMessage, StoredMessage } from "./telnyx.ts";

/** The maximum of `page[size]` (API reference, Get conversation messages). */
const PAGE = 100;
/** Stops at a list that never ends: a conversation of so many messages does not exist. */
const MOST_PAGES = 1_000;

export async function addMessage(
  api: Api,
  conversation: string,
  message: NewMessage & { readonly key: string },
  signal?: AbortSignal,
): Promise<void> {
  const { key, role, content, name, sentAt, metadata } = message;
  await api.call({
    method: "POST",
    // The path is singular. An old page of the documentation has the plural, which is for reading.
    path: conversationPath(conversation, "/message"),
    body: JSON.stringify({ role, content, name, sent_at: sentAt, metadata }),
    idempotencyKey: key,
    notFound: "conversation_gone",
    signal,
  });
}

/**
 * All pages, as `meta` counts them and not as they were asked for: similar lists at Telnyx give smaller ones in silence.
 * Messages have no id, and come in any order.
 */
export async function getMessages(
  api: Api,
  conversation: string,
  signal?: AbortSignal,
): Promise<readonly StoredMessage[]> {
  const path = conversationPath(conversation, "/messages");
  const pages: (readonly Json[])[] = [];
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const query = `page%5Bsize%5D=${PAGE}&page%5Bnumber%5D=${number}`;
    const answer = asObject(
      await api.call({ method: "GET", path: `${path}?${query}`, notFound: "conversation_gone", signal }),
    );
    if (!Array.isArray(answer?.["data"])) throw unreadable(`GET ${path}`, "there is no list in the answer");
    const page = asObjects(answer["data"]);
    pages.push(page);
    const total = asNumber(asObject(answer["meta"])?.["total_pages"]);
    if (total === undefined ? page.length === 0 : number >= total)
      return chronological(withoutRepeats(pages));
  }
  throw unreadable(`GET ${path}`, `it has more than ${MOST_PAGES} pages`);
}

/**
 * A message that is added while we page moves others to the next page, where they come again. Within one page the same
 * message twice is two messages; over pages, the page that has it most often is right. What has no time cannot be told
 * apart, and is kept.
 */
export function withoutRepeats(pages: readonly (readonly Json[])[]): readonly Json[] {
  const kept = new Map<string, number>();
  return pages.flatMap((page) => {
    const onPage = new Map<string, number>();
    return page.filter((message) => {
      const at = timeOf(message);
      if (at === undefined) return true;
      const key = JSON.stringify([message["role"], at, message["text"], message["tool_calls"]]);
      const count = (onPage.get(key) ?? 0) + 1;
      onPage.set(key, count);
      if (count <= (kept.get(key) ?? 0)) return false;
      kept.set(key, count);
      return true;
    });
  });
}

/** Oldest first; equal times keep the order in which they were written, also where the list came newest first. */
export function chronological(messages: readonly Json[]): readonly StoredMessage[] {
  let last = 0;
  const timed = messages.map((message) => {
    const at = instant(timeOf(message)) ?? last; // Without a time it stays beside its neighbour.
    last = at;
    return { at, message };
  });
  const newestFirst = timed.every(({ at }, i) => at <= (timed[i - 1]?.at ?? Infinity));
  const written = newestFirst && (timed[0]?.at ?? 0) > (timed.at(-1)?.at ?? 0) ? timed.toReversed() : timed;
  return written.toSorted((a, b) => a.at - b.at).map(({ message }) => toMessage(message));
}

function toMessage(message: Json): StoredMessage {
  return {
    role: asString(message["role"]) ?? "",
    text: asString(message["text"]) ?? "",
    metadata: asObject(message["metadata"]) ?? {},
    ...given({ sentAt: timeOf(message) }),
  };
}

/** `sent_at` is when a person saw or wrote it, and goes before `created_at` (API reference, Get conversation messages). */
function timeOf(message: Json): string | undefined {
  return asString(message["sent_at"]) ?? asString(message["created_at"]);
}

/** Microseconds since the epoch: two messages of one request may be less than a millisecond apart. */
function instant(at: string | undefined): number | undefined {
  const ms = Date.parse(at ?? "");
  if (Number.isNaN(ms)) return undefined;
  const fraction = /\.(\d+)/.exec(at ?? "")?.[1] ?? "";
  return Math.floor(ms / 1000) * 1e6 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}
