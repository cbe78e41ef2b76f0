import { beginsBlock, isRow, isRule, isTableBegun, isUnderline, saysNothing } from "./blocks.ts";
import { closing, type Line, MAX_CLOSING, mayClose, readLines } from "./fences.ts";
import { inlineMarks, type Mark, MAX_CLOSERS } from "./inline.ts";

const MARK = "…";

/** The most that a draft adds to its text, in UTF-16 units. */
export const MAX_DRAFT_EXTRA = Math.max(MAX_CLOSING, MAX_CLOSERS) + "\n\n".length + MARK.length;

/** A link is held back until it is whole, but no more text than this: a `[` need not begin a link. */
const MAX_HELD_LINK = 300;

/**
 * How a page looks whose text still grows: half-open marks closed, what cannot be read yet held back, and a mark at its end.
 * Empty when there is nothing to read yet; once there is, it is never empty again.
 */
export function draftOf({ head, body }: { readonly head: string; readonly body: string }): string {
  const text = head + body.replace(/[\uD800-\uDBFF]$/, "");
  const least = Math.max(0, text.length - MAX_HELD_LINK);
  for (let kept = text.trimEnd(); ;) {
    // Nothing but (part of) the line that reopens a fence.
    if (kept.length < Math.max(1, head.length)) return "";
    const lines = readLines(kept);
    const blankAfter = text.slice(kept.length).split("\n").length > 2;
    const end = Math.min(readableLines(lines, blankAfter), readableMarks(kept, lines, least));
    if (end >= kept.length) return kept + ending(kept, lines);
    kept = kept.slice(0, end).trimEnd();
  }
}

/** The end of the last line that can be shown: less a fence or a list item with nothing in it, and half a table's head. */
function readableLines(lines: readonly Line[], blankAfter: boolean): number {
  const last = lines.at(-1);
  if (!last) return 0;
  if (last.after) return last.before && !mayClose(last.after, last.text) ? Infinity : last.start;
  if (saysNothing(last.text)) return last.start;
  if (last.fenced) return Infinity;
  const rows = lines.slice(lines.findLastIndex((line) => line.fenced || !isRow(line.text)) + 1);
  return rows[0] && !blankAfter && !isTableBegun(rows.map(({ text }) => text)) ? rows[0].start : Infinity;
}

/** The end of what can be shown of the last block: less a link that is not whole, and marks with nothing in them. */
function readableMarks(text: string, lines: readonly Line[], least: number): number {
  const last = lines.at(-1);
  if (!last || last.fenced) return Infinity;
  const { start, marks } = lastBlock(text, lines);
  const held = marks.find((mark) => mark.kind === "link" && isOpen(mark) && start + mark.at >= least);
  if (held) return start + held.at;

  const code = marks.find((mark) => mark.kind === "code" && isOpen(mark));
  const [run] = (code ? /`+$/ : UNFINISHED).exec(text) ?? [""];
  const closed = start + Math.max(0, ...marks.map(({ end = 0 }) => end));
  return run === "" ? Infinity : Math.max(closed, text.length - run.length);
}

/** Marks that may yet open or close something, and the `!` that may begin an image. */
const UNFINISHED = /(?<!\\)[*_~`]+!?$|(?<=^|[\s[(])!$/;

/** What closes the text and says that more will come. In a table or under a line, the mark would be taken for a part of it. */
function ending(text: string, lines: readonly Line[]): string {
  const last = lines.at(-1);
  if (!last) return MARK;
  if (last.after) return `\n${closing(last.after)}\n${MARK}`;
  if (last.fenced) return `\n${MARK}`;
  if (isRule(last.text) || isUnderline(last.text)) return `\n\n${MARK}`;
  const open = lastBlock(text, lines).marks.filter((mark) => mark.kind !== "link" && isOpen(mark));
  const closers = open.map(({ token }) => token).reverse();
  return closers.join("") + (isRow(last.text) ? `\n\n${MARK}` : ` ${MARK}`);
}

/** The last block of a text that does not end in code: of a table, the last cell. */
function lastBlock(text: string, lines: readonly Line[]): { start: number; marks: readonly Mark[] } {
  const first = lines.findLast((line, index) => beginsBlock(line, lines[index - 1]));
  const start = first && isRow(first.text) ? text.lastIndexOf("|") + 1 : (first?.start ?? 0);
  return { start, marks: inlineMarks(text.slice(start)) };
}

const isOpen = (mark: Mark) => mark.end === undefined;
