import { blocksOf } from "./prose.ts";

/** An item of a list that is still open. */
interface Item {
  /** Where its marker stands, as it was written. */
  readonly column: number;
  /** Where its words begin once it is shown: what belongs to it begins there at the least. */
  readonly content: number;
  /** How far it is moved to the right. */
  readonly shift: number;
  /** Of a numbered item, its number. */
  readonly number: number | undefined;
}

interface Walk {
  items: readonly Item[];
  isBelowBlank: boolean;
}

const ITEM = /^([ \t]*)([-*+]|(\d{1,9})[.)])([ \t]+)\S/;
const WIDTH_OF_TAB = 4;
/** From so many columns beyond where it would have to begin, what is nested is code (spec.commonmark.org, Indented code blocks). */
const TOO_DEEP = 4;

/**
 * Lists as CommonMark nests them. Models put what belongs to an item two spaces to the right of its marker, which is too little below a number: there
 * CommonMark ends the list. What is too far left is moved to the right, with all that is below it.
 */
export function nested(markdown: string): string {
  if (!/^[ \t]+\S/m.test(markdown)) return markdown;
  const walk: Walk = { items: [], isBelowBlank: true };
  return blocksOf(markdown)
    .map(({ text, isCode }) => (isCode ? movedCode(walk, text) : movedProse(walk, text)))
    .join("");
}

/** A block of code is moved as its first line is. */
function movedCode(walk: Walk, text: string): string {
  const [first = "", ...others] = text.split(/(?<=\n)/);
  const moved = movedLine(walk, first);
  const by = widthOf(moved) - widthOf(first);
  walk.isBelowBlank = false;
  return by <= 0
    ? moved + others.join("")
    : moved + others.map((line) => to(line, widthOf(line) + by)).join("");
}

function movedProse(walk: Walk, text: string): string {
  return text
    .split(/(?<=\n)/)
    .map((line) => {
      const moved = movedLine(walk, line);
      walk.isBelowBlank = line.trim() === "";
      return moved;
    })
    .join("");
}

function movedLine(walk: Walk, line: string): string {
  if (line.trim() === "") return line;
  const [whole, , marker = "", digits, gap = ""] = ITEM.exec(line) ?? [];
  const column = widthOf(line);
  if (whole === undefined) return movedText(walk, line, column);
  const number = digits === undefined ? undefined : Number(digits);
  walk.items = walk.items.slice(0, parentsOf(walk.items, column, number));
  const parent = walk.items.at(-1);
  const shown = parent ? within(parent, column) : column;
  const content = shown + marker.length + (gap.length > TOO_DEEP ? 1 : gap.length);
  walk.items = [...walk.items, { column, content, shift: shown - column, number }];
  return to(line, shown);
}

/** How many of the open items an item belongs to. One column further right, the next number belongs to the same list. */
function parentsOf(items: readonly Item[], column: number, number: number | undefined): number {
  const parents = items.filter((one) => one.column < column).length;
  const last = items[parents - 1];
  const goesOn = last?.number !== undefined && number === last.number + 1 && column - last.column < 2;
  return goesOn ? parents - 1 : parents;
}

function movedText(walk: Walk, line: string, column: number): string {
  if (column === 0) {
    // Right below an item's words, it goes on with them.
    if (walk.isBelowBlank || /^(?:#|>|\||`{3}|~{3})/.test(line)) walk.items = [];
    return line;
  }
  walk.items = walk.items.filter((one) => one.column < column);
  const item = walk.items.at(-1);
  return item ? to(line, Math.max(column + item.shift, item.content)) : line;
}

function within({ content, shift }: Item, column: number): number {
  const moved = column + shift;
  return moved < content || moved >= content + TOO_DEEP ? content : moved;
}

/** The columns of white space that a line begins with. */
function widthOf(line: string): number {
  return (/^[ \t]*/.exec(line)?.[0] ?? "").replaceAll("\t", " ".repeat(WIDTH_OF_TAB)).length;
}

/** A line with so many columns before its words. One that stands there already stays as it is. */
function to(line: string, column: number): string {
  if (line.trim() === "" || widthOf(line) === column) return line;
  return " ".repeat(column) + line.replace(/^[ \t]+/, "");
}
