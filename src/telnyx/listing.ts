import type { Api } from "./api.ts";
import { PATH, toConversation } from "./conversations.ts";
import { unreadable } from "./errors.ts";
import { listQuery } from "./filters.ts";
import { asObject, asObjects, asString, type Json } from "./json.ts";
import type { ConversationQuery, Filter, TelnyxConversation } from "./telnyx.ts";

/** How many to ask for at once. No maximum is documented. */
const PAGE = 100;
/** A server that gives fewer than this, though asked for more, has no more: no list in use is capped lower. */
const SMALLEST_CAP = 10;

type Order = NonNullable<ConversationQuery["order"]>;

interface Page {
  /** The time of the last row before it, where it begins. `beyond`: after that time. */
  readonly last?: string;
  readonly beyond?: boolean;
  readonly size: number;
}

/**
 * Pages by keyset, because nothing else is documented: the next page begins *at* the last row's time, since other rows
 * may have the same, and what was seen is left out. A page that is shorter than the server can give is the last. Throws
 * where the server cannot be paged, rather than pass a part off as the whole.
 */
export async function* listConversations(
  api: Api,
  query: ConversationQuery = {},
  signal?: AbortSignal,
): AsyncGenerator<TelnyxConversation> {
  const { where = [], or = [], order = { by: "created_at", direction: "desc" }, limit = Infinity } = query;
  const seen = new Set<string>();
  let page: Page | undefined = { size: Math.min(PAGE, limit) };
  let largest = SMALLEST_CAP;
  while (page && seen.size < limit) {
    const filters = [...where, ...boundOf(page, order)];
    const path = `${PATH}?${listQuery({ where: filters, or, order, limit: page.size })}`;
    const rows = readRows(await api.call({ method: "GET", path, signal }));
    // Nothing but what was seen may lie beyond a moment that filled a page.
    if (page.beyond && rows.some((row) => row[order.by] !== page?.last)) throw unpageable();
    const known = seen.size;
    for (const row of rows) {
      const conversation = toConversation(row);
      if (!conversation || seen.has(conversation.id)) continue;
      seen.add(conversation.id);
      yield conversation;
      if (seen.size >= limit) return;
    }
    if (rows.length < Math.min(page.size, largest)) return;
    largest = Math.max(largest, rows.length);
    page = nextPage(page, asString(rows.at(-1)?.[order.by]), { rows: rows.length, fresh: seen.size > known });
  }
}

/** Undefined: there is no more. */
function nextPage(
  page: Page,
  last: string | undefined,
  came: { rows: number; fresh: boolean },
): Page | undefined {
  if (last === undefined) throw unpageable();
  if (last !== page.last) {
    if (!came.fresh) throw unpageable();
    return { last, size: PAGE };
  }
  if (page.beyond) return undefined;
  // One moment fills the page. Is there more of it, or something after it?
  return came.rows < page.size ? { last, beyond: true, size: PAGE } : { last, size: page.size * 2 };
}

function unpageable(): Error {
  return unreadable(`GET ${PATH}`, "the list goes on where it cannot be asked for");
}

/**
 * Times are shown in milliseconds, and may be stored finer: what is shown as this moment may lie a little above it, so
 * that the way down begins below the next millisecond.
 */
function boundOf({ last, beyond }: Page, { by, direction }: Order): readonly Filter[] {
  if (last === undefined) return [];
  if (direction === "asc") return [{ column: by, operator: beyond ? "gt" : "gte", value: last }];
  const ms = Date.parse(last);
  if (beyond || Number.isNaN(ms)) return [{ column: by, operator: beyond ? "lt" : "lte", value: last }];
  return [{ column: by, operator: "lt", value: new Date(ms + 1).toISOString() }];
}

function readRows(answer: unknown): readonly Json[] {
  const rows = asObject(answer)?.["data"] ?? answer;
  if (!Array.isArray(rows)) throw unreadable(`GET ${PATH}`, "there is no list in the answer");
  return asObjects(rows);
}
