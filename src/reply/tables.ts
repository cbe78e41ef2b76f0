import { isDelimiterRow, isRow } from "./blocks.ts";
import type { Line } from "./fences.ts";

/**
 * The header and the delimiter row of the table that goes on where the lines end, with their newlines. `before` is the table that
 * the first line goes on with, if any.
 */
export function tableAfter(lines: readonly Line[], before: string | undefined): string | undefined {
  let table = before;
  let above: string | undefined;
  for (const [index, { text, fenced }] of lines.entries()) {
    if (text === "" && index === lines.length - 1) break; // No line yet.
    // The first line may be the rest of a row that was longer than a page.
    const row = !fenced && (isRow(text) || (index === 0 && before !== undefined && text !== ""));
    if (!row) table = undefined;
    else if (table === undefined && above !== undefined && isDelimiterRow(text))
      table = `${above}\n${text}\n`;
    above = row ? text : undefined;
  }
  return table;
}

/**
 * The ends of lines in `text` at which a page may turn out unfit: behind rows of tables, but for the head and the first of them, and
 * beyond `nearlyFull` behind every line; each at least `step` behind the one before it, of which `from` is the last.
 */
export function* tellingEnds(
  text: string,
  from: number,
  { nearlyFull, step }: { nearlyFull: number; step: number },
): Generator<number> {
  let start = from;
  let asked = from;
  let above = text.slice(text.lastIndexOf("\n", from - 2) + 1, Math.max(0, from - 1));
  for (let at = text.indexOf("\n", from); at >= 0; at = text.indexOf("\n", start)) {
    const line = text.slice(start, at);
    const mayTell = at >= nearlyFull || (isRow(line) && isRow(above) && !isDelimiterRow(above));
    start = at + 1;
    above = line;
    if (!mayTell || start - asked < step) continue;
    asked = start;
    yield start;
  }
}
