import type { Limits, Page } from "../chat/platform.ts";
import { breakAt } from "./breaks.ts";
import { draftOf, MAX_DRAFT_EXTRA } from "./drafts.ts";
import { closing, openFence, reopening } from "./fences.ts";
import { isOver, type Reply } from "./reply.ts";
import { isBlank } from "./text.ts";

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

/** Below this a page might have no room but for its fence lines. */
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

/**
 * What should be shown of a reply now. All pages but the last are final; the last is when the reply is over, and else a
 * draft, with a mark at its end. No page is shown before it has something to read. The number of pages never shrinks.
 */
export function pagesOf(reply: Reply, limits: Pick<Limits, "pageLength">): Page[] {
  if (isBlank(reply.text) && reply.notice === undefined) return [];
  const cuts = cutPages(wholeText(reply, limits.pageLength), limits.pageLength);
  const last = cuts.length - 1;
  return cuts
    .map((cut, index) => {
      const final = index < last || isOver(reply);
      return { text: final ? cut.head + cut.body + cut.tail : draftOf(cut), final };
    })
    .filter((page) => !isBlank(page.text));
}

/** Preface, text and notice: the notice outside of a fence that the model left open. */
function wholeText(reply: Reply, limit: number): string {
  const told = (reply.preface === undefined ? "" : `${aside(reply.preface)}\n\n`) + reply.text;
  if (reply.notice === undefined) return told;
  if (isBlank(told)) return aside(reply.notice);
  const fenced = told + (cutPages(told, limit).at(-1)?.tail ?? "");
  return `${fenced}${"\n".repeat(2 - Math.min(2, newlinesAtEnd(fenced)))}${aside(reply.notice)}`;
}

/** The bot's own words, set apart from the model's. */
function aside(sentence: string): string {
  return `_${sentence}_`;
}

function newlinesAtEnd(text: string): number {
  return text.endsWith("\n\n") ? 2 : text.endsWith("\n") ? 1 : 0;
}
