import { breakAt } from "./breaks.ts";
import { MAX_DRAFT_EXTRA } from "./drafts.ts";
import { closing, type Line, readLines, reopening } from "./fences.ts";
import { fitting, type PageLimits, sizeOf } from "./measure.ts";
import { type InList, isListed, outdented } from "./outdent.ts";
import { tableAfter, tellingEnds } from "./tables.ts";

/** One page's share of the text, and the lines that were added so that the page can be read alone. */
export interface Cut {
  readonly head: string;
  readonly body: string;
  readonly tail: string;
  /** It begins inside a list, so that its lines are moved to the left; `rest`: but not the first, which is the rest of a line. */
  readonly inList: InList;
}

/** All that a page has to know of those before it. */
export interface PageStart {
  readonly head: string;
  readonly inList: InList;
  /** The head of the table that goes on here. */
  readonly table: string | undefined;
  /** So far into its body the page is known to suit the platform. */
  readonly suited: number;
}

export const FIRST_PAGE: PageStart = { head: "", inList: false, table: undefined, suited: 0 };

/**
 * Kept free on every page for what a draft adds, or the line that closes a fence. It must not depend on the text: a draft
 * that needs it would else take a page more than the finished reply, and a posted page cannot be taken back.
 */
const RESERVE = MAX_DRAFT_EXTRA;

/** Heads and the reserve take 75 units at the most, a table's head a quarter of the page: below this there is hardly room for text. */
const MIN_LIMIT = 100;

/** What part of a page the repeated head of a table may take. */
const TABLE_HEAD_SHARE = 1 / 4;
/** From this part of a page on, any line may make it unfit; until then the rows of tables alone. */
const NEARLY_FULL = 3 / 4;
/** So far apart a page is asked whether it suits: each time, the whole of it has to be formatted. */
const STEP = 1 / 20;

/** The page that begins with `rest`, and the start of the one behind it; of the last page, `next` is this page again, for when `rest` has grown. */
export function nextCut(
  start: PageStart,
  rest: string,
  limits: PageLimits,
): { readonly cut: Cut; readonly isLast: boolean; readonly next: PageStart } {
  const { head, inList } = start;
  if (limits.pageLength < MIN_LIMIT)
    throw new RangeError(`a page needs room for ${MIN_LIMIT} units, not ${limits.pageLength}`);
  const room = limits.pageLength - RESERVE - sizeOf(head, limits.unit);
  const full = fitting(rest, room, limits.unit);
  const { end, suited } = suitedEnd(start, rest.slice(0, full), limits);
  const isLast = end === rest.length;
  const body = isLast ? rest : rest.slice(0, breakAt(head, rest.slice(0, end + 1)));
  const lines = readLines(head + body);
  const fence = lines.at(-1)?.after;
  const midLine = !body.endsWith("\n");
  const cut = { head, body, tail: fence ? `${midLine ? "\n" : ""}${closing(fence)}` : "", inList };
  return {
    cut,
    isLast,
    next: isLast ? { ...start, suited } : startAfter(start, lines, rest.slice(body.length, end + 1), limits),
  };
}

/** The start of the page behind `lines`, of which no more is known than that it begins with `ahead`. */
function startAfter(
  { head, inList, table: before }: PageStart,
  lines: readonly Line[],
  ahead: string,
  { pageLength, unit }: PageLimits,
): PageStart {
  const last = lines.at(-1);
  const midLine = last !== undefined && last.text !== "";
  const table = tableAfter(lines, head === "" ? before : undefined);
  const list = isListed(lines, inList);
  const start = { inList: list && (midLine ? "rest" : "line"), table, suited: 0 } as const;
  if (last?.after) return { ...start, head: reopening(last.after, midLine) };
  if (midLine) return { ...start, head: "> ".repeat(quotesOf(last.text)) };
  const goesOn = table !== undefined && /^[ \t]*\|/.test(ahead);
  const isShort = goesOn && sizeOf(table, unit) <= pageLength * TABLE_HEAD_SHARE;
  return { ...start, table: goesOn ? table : undefined, head: isShort ? table : "" };
}

/** No deeper quotation is gone on with. */
const MAX_QUOTES = 4;

function quotesOf(line: string): number {
  const [marks = ""] = /^(?:[ \t]*>)*/.exec(line) ?? [];
  return Math.min(MAX_QUOTES, marks.replaceAll(/[ \t]/g, "").length);
}

/**
 * Where the part of `body` ends that suits the platform, and up to where that is settled. Only whole lines are asked, and the first
 * that does not suit counts: so the answer holds however the text goes on.
 */
function suitedEnd(
  { head, suited: from }: PageStart,
  body: string,
  { suits, pageLength }: PageLimits,
): { end: number; suited: number } {
  let suited = from;
  if (suits === undefined) return { end: body.length, suited };
  const asked = { nearlyFull: pageLength * NEARLY_FULL, step: pageLength * STEP };
  for (const end of tellingEnds(body, from, asked)) {
    const fits = suits(head + body.slice(0, end));
    if (!fits && suited > 0) return { end: suited, suited };
    suited = end;
  }
  return { end: body.length, suited };
}

/** `cut`, as people see it. */
export function textOf({ head, body, tail, inList }: Cut): string {
  return shownAt({ head, inList }, head + body + tail);
}

/** What is shown of a page's text, given how the page begins. */
export function shownAt({ head, inList }: Pick<Cut, "head" | "inList">, text: string): string {
  return inList ? outdented(text, inList === "rest" && head === "") : text;
}

/**
 * Splits Markdown into pages of at most `pageLength` units. The bodies joined are `markdown`. Each page's fences are closed and
 * reopened, a table's head is repeated, a quotation is gone on with. All pages but the last stay as they are whatever is added to the
 * text: a page is cut by looking no further than one unit beyond its room. Takes time linear in the text.
 */
export function cutPages(markdown: string, limits: PageLimits): Cut[] {
  const cuts: Cut[] = [];
  let start = FIRST_PAGE;
  for (let at = 0; at < markdown.length;) {
    const { cut, next } = nextCut(start, markdown.slice(at), limits);
    cuts.push(cut);
    start = next;
    at += cut.body.length;
  }
  return cuts;
}

/** `cutPages`, as the texts that people see. */
export function paginate(markdown: string, limits: PageLimits): string[] {
  return cutPages(markdown, limits).map(textOf);
}
