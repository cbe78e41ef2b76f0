import { breakAt } from "./breaks.ts";
import { MAX_DRAFT_EXTRA } from "./drafts.ts";
import { closing, openFence, reopening } from "./fences.ts";

/** One page's share of the text, and the fence lines that were added so that the page can be read alone. */
export interface Cut {
  readonly head: string;
  readonly body: string;
  readonly tail: string;
}

/**
 * Kept free on every page for what a draft adds, or the line that closes a fence. It must not depend on the text: a draft
 * that needs it would else take a page more than the finished reply, and a posted page cannot be taken back.
 */
const RESERVE = MAX_DRAFT_EXTRA;

/** Fence lines and the reserve take 75 units at the most (`fences.ts` bounds them): below this a page has hardly room for text. */
const MIN_LIMIT = 100;

/**
 * Splits Markdown into pages of at most `limit` UTF-16 units. The bodies joined are `markdown`. Each page's fences are
 * closed and reopened. All pages but the last stay as they are whatever is added to the text: a page is cut by
 * looking no further than one unit beyond its room. Takes time linear in the text.
 */
export function cutPages(markdown: string, limit: number): Cut[] {
  if (limit < MIN_LIMIT) throw new RangeError(`a page needs room for ${MIN_LIMIT} units, not ${limit}`);
  const cuts: Cut[] = [];
  let head = "";
  for (let at = 0; at < markdown.length;) {
    const room = limit - RESERVE - head.length;
    const window = markdown.slice(at, at + room + 1);
    const body = window.length <= room ? window : window.slice(0, breakAt(head, window));
    const fence = openFence(head + body);
    const midLine = !body.endsWith("\n");
    cuts.push({ head, body, tail: fence ? `${midLine ? "\n" : ""}${closing(fence)}` : "" });
    head = fence ? reopening(fence, midLine) : "";
    at += body.length;
  }
  return cuts;
}

/** `cutPages`, as the texts that people see. */
export function paginate(markdown: string, limit: number): string[] {
  return cutPages(markdown, limit).map(({ head, body, tail }) => head + body + tail);
}
