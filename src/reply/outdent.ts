import { type Line, readLines } from "./fences.ts";
import { isItem } from "./blocks.ts";

/**
 * A page that begins deep inside a list, moved to the left: what is indented by four would be read as code, and a fence inside an item
 * would not be closed. What stands deeper than the lines above it keeps its distance. `midLine`: the first line is the rest of one.
 */
export function outdented(page: string, midLine: boolean): string {
  let depth = Infinity;
  const moved = readLines(page).map(({ text, before }, index) => {
    if ((index === 0 && midLine) || text.trim() === "") return text;
    const line = text.replace(/^[ \t]+/, (indent) => indent.replaceAll("\t", "    "));
    const indent = line.search(/\S/);
    // Inside of code, the indent is the code's own.
    if (before === undefined) depth = Math.min(depth, indent);
    return line.slice(Math.min(depth, indent));
  });
  return moved.join("\n");
}

/** How a page begins inside a list: with a line, or with the rest of one. */
export type InList = false | "line" | "rest";

/** Whether what follows the lines of a page may belong to an item of a list. `begin`: how the page begins. */
export function isListed(lines: readonly Line[], begin: InList): boolean {
  for (const [index, { text, fenced }] of [...lines.entries()].reverse()) {
    if (fenced || text.trim() === "" || /^\s/.test(text)) continue;
    return isItem(text) || (index === 0 && begin === "rest");
  }
  return begin !== false;
}
