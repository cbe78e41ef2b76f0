import { beginsBlock, isRow, isRule, isTableBegun, isUnderline, saysNothing } from "./blocks.ts";
import { closing, type Line, MAX_CLOSING, mayClose, readLines } from "./fences.ts";
import { inlineMarks, type Mark, MAX_CLOSERS } from "./inline.ts";
import { isBlank } from "./text.ts";

const MORE = "…";

/** The most that a draft adds to its text, in whatever a platform counts: the mark has three bytes, all else one for each character. */
export const MAX_DRAFT_EXTRA = Math.max(MAX_CLOSING, MAX_CLOSERS) + "\n\n".length + 3;

/** A link is held back until it is whole, but no more text than this: a `[` need not begin a link. */
const MAX_HELD_LINK = 300;

/** A page whose text still grows. */
export interface Draft {
  /** What of it can be read already. */
  readonly written: string;
  /** The same with half-open marks closed, and a mark at its end. */
  readonly text: string;
}

/** What to show of a page whose text still grows. Empty when there is nothing to read yet; once there is, it is never empty again. */
export function draftOf({ head, body }: { readonly head: string; readonly body: string }): Draft {
  const text = head + body.replace(/[\uD800-\uDBFF]$/, "");
  const firstHeld = Math.max(0, text.length - MAX_HELD_LINK);
  for (let kept = text.trimEnd(); ;) {
    const lines = readLines(kept);
    const last = lines.at(-1);
    if (isBlank(kept) || !last) return { written: "", text: "" };
    const blankAfter = text.slice(kept.length).split("\n").length > 2;
    const readable = Math.min(
      endOfLines(lines, last, blankAfter),
      last.fenced ? Infinity : endOfMarks(kept, lastBlock(kept, lines), firstHeld),
    );
    if (readable >= kept.length) return { written: kept, text: kept + ending(kept, lines, last) };
    kept = kept.slice(0, readable).trimEnd();
  }
}

/** The end of the last line that can be shown: less a list item or a fence with nothing in it, and half a table's head. */
function endOfLines(lines: readonly Line[], last: Line, blankAfter: boolean): number {
  if (last.after) return last.before && !mayClose(last.after, last.text) ? Infinity : last.start;
  // The line that closes a fence says nothing either: the draft then closes it again.
  if (saysNothing(last.text)) return last.start;
  const rows = lines.slice(lines.findLastIndex((line) => line.fenced || !isRow(line.text)) + 1);
  return rows[0] && !blankAfter && !isTableBegun(rows.map(({ text }) => text)) ? rows[0].start : Infinity;
}

interface Block {
  readonly start: number;
  readonly marks: readonly Mark[];
}

/** The last block of a text that does not end in code: of a table, the last cell. */
function lastBlock(text: string, lines: readonly Line[]): Block {
  const first = lines.findLast((line, index) => beginsBlock(line, lines[index - 1]));
  const start = first && isRow(first.text) ? text.lastIndexOf("|") + 1 : (first?.start ?? 0);
  return { start, marks: inlineMarks(text.slice(start)) };
}

/** Marks that may yet open or close something, and the `!` that may begin an image. */
const UNFINISHED = /(?<!\\)[*_~`]+!?$|(?<=^|[\s[(])!$/;

/** The end of what can be shown of the last block: less a link that is not whole, and marks with nothing in them. */
function endOfMarks(text: string, { start, marks }: Block, firstHeld: number): number {
  const link = marks.find((mark) => mark.kind === "link" && isOpen(mark) && start + mark.at >= firstHeld);
  if (link) return start + link.at;

  const inCode = marks.some((mark) => mark.kind === "code" && isOpen(mark));
  const run = (inCode ? /`+$/ : UNFINISHED).exec(text);
  const closed = start + Math.max(0, ...marks.map(({ end = 0 }) => end));
  return run ? Math.max(closed, run.index) : Infinity;
}

/** What closes the text and says that more will come. In a table or under a line, the mark would be taken for a part of it. */
function ending(text: string, lines: readonly Line[], last: Line): string {
  if (last.after) return `\n${closing(last.after)}\n${MORE}`;
  if (isRule(last.text) || isUnderline(last.text)) return `\n\n${MORE}`;
  const open = lastBlock(text, lines).marks.filter((mark) => mark.kind !== "link" && isOpen(mark));
  const closers = open.map(({ token }) => token).reverse();
  return closers.join("") + (isRow(last.text) ? `\n\n${MORE}` : ` ${MORE}`);
}

const isOpen = (mark: Mark) => mark.end === undefined;
