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
  const isWhole = wholeness(window, lines);
  return (
    latest("paragraph") ??
    latest("line") ??
    lastEnd(window, SENTENCE, (at) => at >= room / 2 && isWhole(at, "sentence")) ??
    latest("row") ??
    lastEnd(window, WORD, (at) => at >= room / 2 && isWhole(at, "word")) ??
    latest("poor") ??
    lastEnd(window, SPACE, (at) => at >= room / 4) ??
    characterEnd(window)
  );
}

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
  return window[at - 1] === "\n" || !BLOCK_START.test(window.slice(at, at + 12));
}

/** Whether a break leaves every link, code span and emphasis whole. In code there are no sentences, in a table's row neither. */
function wholeness(
  window: string,
  lines: readonly Line[],
): (at: number, kind: "sentence" | "word") => boolean {
  let spans: readonly Span[] | undefined;
  return (at, kind) => {
    const line = lines.findLast(({ start }) => start <= at);
    if (!line || saysNothing(window.slice(Math.max(0, line.start), at))) return false;
    if (line.fenced) return kind === "word";
    if (isRow(line.text)) return false;
    spans ??= markedSpans(window, lines);
    return !spans.some((span) => span.at < at && at < span.end);
  };
}

interface Span {
  readonly at: number;
  readonly end: number;
}

function markedSpans(window: string, lines: readonly Line[]): Span[] {
  const starts = lines.filter((line, index) => beginsBlock(line, lines[index - 1]));
  return starts.flatMap((line, index) => {
    const end = starts[index + 1]?.start ?? window.length;
    if (line.fenced || end <= 0) return [];
    const start = Math.max(0, line.start);
    const marks = inlineMarks(window.slice(start, end));
    return marks.map((mark) => ({ at: start + mark.at, end: start + (mark.end ?? end - start) }));
  });
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
