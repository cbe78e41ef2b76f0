import type { Line } from "./fences.ts";

// Markdown's block structure, as far as one line tells it.
const ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/;
const HEADING = /^ {0,3}#{1,6}(?:[ \t]|$)/;
/** A line that is bold from end to end is what models often write for a heading. */
const BOLD_LINE = /^\*\*[^*]+\*\*:?\s*$/;
const ROW = /^[ \t]*\|/;
const DELIMITER_ROW = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*$/;
const UNDERLINE = /^ {0,3}(?:=+|-+)\s*$/;
const RULE = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})\s*$/;

/** Only what stands before text: quote marks, a bullet or number, a heading's `#`, a row's first bar, what a fence begins with. */
const PREFIX = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:[-*+|]|\d{1,9}[.)]?|#{1,6}|`+|~+)?$/;

export const isItem = (line: string) => ITEM.test(line);
export const isHeading = (line: string) => HEADING.test(line) || BOLD_LINE.test(line);
export const isRow = (line: string) => ROW.test(line);
/** The line under a table's header, whole or as far as it has come. */
export const isDelimiterRow = (line: string) => isRow(line) && DELIMITER_ROW.test(line);
/** Makes a heading of the line above. */
export const isUnderline = (line: string) => UNDERLINE.test(line);
export const isRule = (line: string) => RULE.test(line);

export const saysNothing = (line: string) => PREFIX.test(line.trimEnd());

/** Rows at the end of a text that still grows: whether they can be read as a table, or will never be one. */
export function isTableBegun(rows: readonly string[]): boolean {
  const [, second, third] = rows;
  return third !== undefined || (second !== undefined && !/^[\s|:-]*$/.test(second));
}

/** Whether a line begins a block of its own, or goes on with the one above: inline marks never span two blocks. */
export function beginsBlock(line: Line, above: Line | undefined): boolean {
  if (above === undefined || above.fenced || line.fenced) return true;
  const [now, then] = [line.text, above.text];
  return (
    then.trim() === "" || isItem(now) || isHeading(now) || isRow(now) || HEADING.test(then) || isRow(then)
  );
}
