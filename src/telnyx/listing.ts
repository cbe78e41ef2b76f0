import type { Api } from "./api.ts";
import { PATH, toConversation } from "./conversations.ts";
import { unreadable } from "./errors.ts";
import { listQuery } from "./filters.ts";
import { asObject, asObjects, asString, type Json } from "./json.ts";
import type { ConversationQuery, Filter, TelnyxConversation } from "./telnyx.ts";

/** How many to ask for at once. No maximum is documented. */
const PAGE = 100;
/** And the most, where one moment fills a page. */
const LARGEST_PAGE = 1_600;
/** A server that gives fewer than this, though asked for more, has no more: no list in use is capped lower. */
const SMALLEST_CAP = 10;

type Order = NonNullable<ConversationQuery["order"]>;

/** Where the next page begins: at this moment, or after it. */
interface Bound {
  readonly at: string;
  readonly strict: boolean;
}

/**
 * Pages by keyset, because nothing else is documented: the next page begins *at* the last row's time, since other rows
 * may have the same, and what was seen is left out. A page that is shorter than the server can give is the last.
 */
export async function* listConversations(
  api: Api,
  query: ConversationQuery = {},
  signal?: AbortSignal,
): AsyncGenerator<TelnyxConversation> {
  const { where = [], or = [], order = { by: "created_at", direction: "desc" }, limit = Infinity } = query;
  const seen = new Set<string>();
  let next: { bound?: Bound; size: number } | undefined = { size: Math.min(PAGE, limit) };
  let largest = SMALLEST_CAP;
  while (next && seen.size < limit) {
    const { bound, size } = next;
    const filters = bound ? [...where, conditionOf(bound, order)] : where;
    const path = `${PATH}?${listQuery({ where: filters, or, order, limit: size })}`;
    const rows = readRows(await api.call({ method: "GET", path, signal }));
    const known = seen.size;
    for (const row of rows) {
      const conversation = toConversation(row);
      if (!conversation || seen.has(conversation.id)) continue;
      seen.add(conversation.id);
      yield conversation;
      if (seen.size >= limit) return;
    }
    if (rows.length < Math.min(size, largest)) return;
    largest = Math.max(largest, rows.length);
    next = nextPage(next, rows, { order, fresh: seen.size > known });
  }
}

/** Undefined: there is no more. */
function nextPage(
  { bound, size }: { bound?: Bound; size: number },
  rows: readonly Json[],
  { order, fresh }: { order: Order; fresh: boolean },
): { bound: Bound; size: number } | undefined {
  const last = asString(rows.at(-1)?.[order.by]);
  if (last === undefined) throw unreadable(`GET ${PATH}`, `a conversation has no ${order.by} to go on from`);
  if (last !== bound?.at) return fresh ? { bound: { at: last, strict: false }, size: PAGE } : undefined;
  // One moment fills the page: ask for a larger one, and where the server does not give that, go past the moment.
  if (bound.strict) return undefined;
  if (rows.length >= size && size < LARGEST_PAGE) return { bound, size: size * 2 };
  return { bound: { at: last, strict: true }, size: PAGE };
}

function conditionOf({ at, strict }: Bound, { by, direction }: Order): Filter {
  const beyond = direction === "desc" ? "lt" : "gt";
  return { column: by, operator: strict ? beyond : `${beyond}e`, value: at };
}

function readRows(answer: unknown): readonly Json[] {
  const rows = asObject(answer)?.["data"] ?? answer;
  if (!Array.isArray(rows)) throw unreadable(`GET ${PATH}`, "there is no list in the answer");
  return asObjects(rows);
}
