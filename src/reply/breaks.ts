import { beginsBlock, isDelimiterRow, isHeading, isItem, isRow, isUnderline, saysNothing } from "./blocks.ts";
import { type Line, readLines } from "./fences.ts";
import { inlineMarks } from "./inline.ts";
import { isBlank } from "./text.ts";

/**
 * Where to end a page that begins with `head` and has room for all but the last unit of `window`: between paragraphs, else
 * lines, sentences, rows of a table or of code, words, else anywhere but inside a character. A page is at least half full
 * if it can be. Looks at nothing beyond the window, so that the answer holds however the text goes on.
 */
export function breakAt(head: string, window: string): number {
  const room = window.length - 1;
  const lines = readLines(head + window).map((line) => ({ ...line, start: line.start - head.length }));
  const lineBreaks = breaksBetween(lines).filter(({ at }) => at > 0 && at <= room);
  const latest = (rank: Rank) =>
    lineBreaks.findLast((found) => found.rank === rank && found.at >= room / 2)?.at;
  const pieces = createPieces(window, lines);
  const at =
    latest("paragraph") ??
    latest("line") ??
    lastEnd(window, SENTENCE, (at) => at >= room / 2 && pieces.allowBreak(at, "sentence")) ??
    latest("row") ??
    lastEnd(window, WORD, (at) => at >= room / 2 && pieces.allowBreak(at, "word")) ??
    latest("poor") ??
    lastEnd(window, SPACE, (at) => at >= room / 4) ??
    characterEnd(window);
  return untorn(window, at, pieces);
}

/**
 * Goes back to before what must not be torn, if it may be whole on the next page: a link, an image, an address, code in a line, a
 * table's row. Not so far that nothing would be left on this one.
 */
function untorn(window: string, at: number, pieces: Pieces): number {
  const room = window.length - 1;
  let best = at;
  for (;;) {
    const torn = pieces.around(best).find((piece) => piece.isOne && piece.end - piece.at <= room);
    if (!torn) return best;
    best = beginningOf(window, torn.at, pieces);
    if (isBlank(window.slice(0, best)) || !isBoundary(window, best)) return at;
  }
}

/** How far before a piece what belongs to it can begin: the marks and brackets right around it, a bullet, a table's head. */
const MAX_AROUND = 6;

function beginningOf(window: string, piece: number, pieces: Pieces): number {
  const emphasis = pieces.around(piece).find((span) => !span.isOne && piece - span.at <= MAX_AROUND);
  const marked = emphasis?.at ?? piece;
  const bracketed = marked - (/[([{"'“„«]*$/u.exec(window.slice(0, marked))?.[0].length ?? 0);
  const line = lineStart(window, bracketed);
  const begin = saysNothing(window.slice(line, bracketed)) ? line : bracketed;
  const above = lineStart(window, begin - 1);
  if (begin !== line || !isDelimiterRow(window.slice(above, begin).trimEnd())) return begin;
  return lineStart(window, above - 1);
}

const lineStart = (window: string, at: number) => (at <= 0 ? 0 : window.lastIndexOf("\n", at - 1) + 1);

/** How good a page would begin with a line. */
type Rank = "paragraph" | "line" | "row" | "poor";

interface LineBreak {
  readonly at: number;
  readonly rank: Rank;
}

function breaksBetween(lines: readonly Line[]): LineBreak[] {
  const breaks: LineBreak[] = [];
  let above: Line | undefined;
  let content = "";
  for (const next of lines) {
    if (above) breaks.push({ at: next.start, rank: rankOf(above, next, content) });
    above = next;
    if (!isBlank(next.text)) content = next.text;
  }
  return breaks;
}

/** `content` is the last line above `next` that is not blank. */
function rankOf(above: Line, next: Line, content: string): Rank {
  if (next.before && next.fenced) {
    const opens = above.before === undefined;
    const closes = next.after === undefined;
    return opens || closes ? "poor" : "row";
  }
  if (above.before || next.after) return "paragraph";
  if (isHeading(content)) return "poor";
  if (isBlank(next.text)) return "line";
  if (isBlank(above.text)) return isItem(next.text) || /^\s/.test(next.text) ? "line" : "paragraph";
  if (isUnderline(next.text)) return "poor";
  if (isRow(above.text) && isRow(next.text))
    return isDelimiterRow(above.text) || isDelimiterRow(next.text) ? "poor" : "row";
  return isHeading(next.text) ? "paragraph" : "line";
}

const SENTENCE = /(?<=[^\s\d])[.!?…][)\]"'”’»*_]*[ \t]+|[。！？]/gu;
const WORD = /[ \t]+/g;
const SPACE = /\s+/g;

/** The end of the last match that `fits`, where a page can begin. */
function lastEnd(window: string, pattern: RegExp, fits: (at: number) => boolean): number | undefined {
  const ends = Array.from(window.matchAll(pattern), ({ 0: text, index }) => index + text.length);
  return ends.findLast((at) => at < window.length && fits(at) && canBeginPage(window, at));
}

/** What would read as the beginning of a list, a quote, a fence, … if a page began with it. A run of ` that the window cuts may be one. */
const BLOCK_START = /^(?:[-*+](?:\s|$)|[>|]|#{1,6}(?:\s|$)|-{2,}|[`~]{3}|[`~]+$|\d{1,9}[.)](?:\s|$))/;

function canBeginPage(window: string, at: number): boolean {
  if (window[at - 1] === "\n") return true;
  return isBoundary(window, at) && !BLOCK_START.test(window.slice(at, at + 12));
}

/** Whether a character as people see it begins at `at`. Spaces too may carry accents. */
function isBoundary(window: string, at: number): boolean {
  const start = Math.max(0, at - 2);
  return SEGMENTER.segment(window.slice(start, at + 4)).containing(at - start)?.index === at - start;
}

interface Span {
  readonly at: number;
  readonly end: number;
  /** It is never torn if a page has room for it; other spans are kept whole as long as the page is half full. */
  readonly isOne: boolean;
}

/** What stands in a window and belongs together. */
interface Pieces {
  /** The pieces that a break would tear, from the left. */
  around(at: number): readonly Span[];
  /** Whether a sentence or a word ends here that may end a page. In code there are no sentences, in a table's row neither. */
  allowBreak(at: number, kind: "sentence" | "word"): boolean;
}

function createPieces(window: string, lines: readonly Line[]): Pieces {
  let spans: readonly Span[] | undefined;
  const around = (at: number) => {
    spans ??= spansOf(window, lines);
    return spans.filter((span) => span.at < at && at < span.end);
  };
  const allowBreak: Pieces["allowBreak"] = (at, kind) => {
    const line = lines.findLast(({ start }) => start <= at);
    if (!line || saysNothing(window.slice(Math.max(0, line.start), at))) return false;
    if (line.fenced) return kind === "word";
    return !isRow(line.text) && around(at).length === 0;
  };
  return { around, allowBreak };
}

function spansOf(window: string, lines: readonly Line[]): Span[] {
  const starts = lines.filter((line, index) => beginsBlock(line, lines[index - 1]));
  return starts.flatMap((line, index) => {
    const end = starts[index + 1]?.start ?? window.length;
    if (line.fenced || end <= 0) return [];
    const start = Math.max(0, line.start);
    if (isRow(line.text))
      return [{ at: start, end: start + line.text.length, isOne: true }, ...marks(window, start, end)];
    return marks(window, start, end);
  });
}

function marks(window: string, start: number, end: number): Span[] {
  return inlineMarks(window.slice(start, end)).map((mark) => ({
    at: start + mark.at,
    end: mark.end === undefined ? end : start + mark.end,
    isOne: mark.kind !== "emphasis",
  }));
}

/** How far to go back for a character's end before which a page can begin. */
const STEPS_BACK = 16;

/** The last end of a character as people see it (an emoji of several code points is one), or at the least of a code point. */
function characterEnd(window: string): number {
  const room = window.length - 1;
  const characters = SEGMENTER.segment(window);
  // Half a code point at the window's end says nothing about what it belongs to.
  let at = characters.containing(isHigh(window, room) ? room - 1 : room)?.index ?? 0;
  const first = at;
  for (let step = 0; step < STEPS_BACK && at > 0; step += 1) {
    if (canBeginPage(window, at)) return at;
    at = characters.containing(at - 1)?.index ?? 0;
  }
  return first || (isHigh(window, room - 1) ? room - 1 : room);
}

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function isHigh(text: string, at: number): boolean {
  return /[\uD800-\uDBFF]/.test(text[at] ?? "");
}
