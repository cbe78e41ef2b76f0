import { breakAt } from "./breaks.ts";
import { MAX_DRAFT_EXTRA } from "./drafts.ts";
import { closing, type Fence, type Line, readLines, reopening } from "./fences.ts";
import { CODE_NOTE_LENGTH } from "./long-code.ts";
import { fitting, type PageLimits, sizeOf, withoutFiles } from "./measure.ts";
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
  /** The code block that is gone on with here. */
  readonly code: OpenCode | undefined;
}

/** A code block that is open where a page ends. */
export interface OpenCode {
  readonly fence: Fence;
  /** How many pages it has stood on. */
  readonly pages: number;
  /** How far before the page's end its first line begins, the one behind the fence's. */
  readonly length: number;
}

export const FIRST_PAGE: PageStart = {
  head: "",
  inList: false,
  table: undefined,
  suited: 0,
  code: undefined,
};

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

/** One page, and what follows from it. */
export interface NextCut {
  readonly cut: Cut;
  readonly isLast: boolean;
  /** The start of the page behind it; of the last page, this page again, for when the text has grown. */
  readonly next: PageStart;
  /** The code block at its end takes more pages than it may: it is to be a file, and the page has room to say so. */
  readonly isLong: boolean;
}

/** The page that begins with `rest`. */
export function nextCut(start: PageStart, rest: string, limits: PageLimits): NextCut {
  const { files } = limits;
  const least = MIN_LIMIT + (files ? CODE_NOTE_LENGTH : 0);
  if (limits.pageLength < least)
    throw new RangeError(`a page needs room for ${least} units, not ${limits.pageLength}`);
  const whole = cutWithin(start, rest, limits);
  const mayBeLong = ({ next }: Omit<NextCut, "isLong">) =>
    files !== undefined && (next.code?.pages ?? 0) >= files.afterPages;
  if (whole.isLast || !mayBeLong(whole)) return { ...whole, isLong: false };
  const noted = cutWithin(start, rest, { ...limits, pageLength: limits.pageLength - CODE_NOTE_LENGTH });
  return { ...noted, isLong: mayBeLong(noted) };
}

function cutWithin(start: PageStart, rest: string, limits: PageLimits): Omit<NextCut, "isLong"> {
  const { head, inList } = start;
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
  { head, inList, table: tableBefore, code: before }: PageStart,
  lines: readonly Line[],
  ahead: string,
  { pageLength, unit }: PageLimits,
): PageStart {
  const last = lines.at(-1);
  const midLine = last !== undefined && last.text !== "";
  const table = tableAfter(lines, head === "" ? tableBefore : undefined);
  const list = isListed(lines, inList);
  const code = codeAtEnd(lines, head, before);
  const start = { inList: list && (midLine ? "rest" : "line"), table, suited: 0, code } as const;
  if (last?.after) return { ...start, head: reopening(last.after, midLine) };
  if (midLine) return { ...start, head: "> ".repeat(quotesOf(last.text)) };
  const goesOn = table !== undefined && /^[ \t]*\|/.test(ahead);
  const isShort = goesOn && sizeOf(table, unit) <= pageLength * TABLE_HEAD_SHARE;
  return { ...start, table: goesOn ? table : undefined, head: isShort ? table : "" };
}

/** The code block that is open behind `lines`, of which the first are `head`. `before` is the one that was open before them. */
function codeAtEnd(lines: readonly Line[], head: string, before: OpenCode | undefined): OpenCode | undefined {
  const last = lines.at(-1);
  if (!last?.after) return undefined;
  const end = last.start + last.text.length;
  const opening = lines.findLastIndex((line) => line.after && line.before !== line.after);
  // A page that goes on with a block begins with a line that opens it again.
  if (before && opening === 0)
    return { ...before, pages: before.pages + 1, length: before.length + end - head.length };
  return { fence: last.after, pages: 1, length: end - (lines[opening + 1]?.start ?? end) };
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

/** How many units more a page has room for that is not full: it may end before, where more would not suit. */
export function leftOn({ head, body }: Cut, { pageLength, unit }: PageLimits): number {
  return pageLength - RESERVE - sizeOf(head, unit) - sizeOf(body, unit);
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
 * text: a page is cut by looking no further than one unit beyond its room. Knows of no files. Takes time linear in the text.
 */
export function cutPages(markdown: string, limits: PageLimits): Cut[] {
  const onlyPages = withoutFiles(limits);
  const cuts: Cut[] = [];
  let start = FIRST_PAGE;
  for (let at = 0; at < markdown.length;) {
    const { cut, next } = nextCut(start, markdown.slice(at), onlyPages);
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
