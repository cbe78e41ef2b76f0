import { blocksOf } from "../markdown/prose.ts";

/** U+00A0: white space that no reader of Markdown takes away. */
const KEPT_SPACE = "\u00A0";
const INDENT = /^[ \t]{2,}(?=[^\s|>])/;
/** Deeper than this, less than half of a line on a phone would be left. */
const MOST = 16;
/** What begins a block, or is in a list: there the indent has a meaning. */
const BLOCK = /^[ \t]*(?:[-*+]|\d{1,9}[.)]|#{1,6}|[`~]{3,}.*|\[\^?[^\]]+\]:.*)(?:[ \t]|$)/;

const CODE = /^(?: {4}|\t|[ \t]*$)/;

/**
 * Keeps the indents of lines outside of lists, as verses and clauses have them: Markdown drops those of up to three spaces, and all of them inside of a
 * paragraph.
 */
export function keptIndents(markdown: string): string {
  if (!/^[ \t]{2,}\S/m.test(markdown)) return markdown;
  let isListed = false;
  let isInCode = false;
  return blocksOf(markdown)
    .map(({ text, isCode }) => {
      if (isCode) return text;
      const lines = text.split("\n");
      return lines
        .map((line, at) => {
          const isBelowBlank = (lines[at - 1] ?? "").trim() === "";
          if (BLOCK.test(line)) isListed = !line.trimStart().startsWith("#");
          else if (isBelowBlank && /^\S/.test(line)) isListed = false;
          isInCode = CODE.test(line) && (isInCode || isBelowBlank);
          return isListed || isInCode ? line : line.replace(INDENT, keptIndent);
        })
        .join("\n");
    })
    .join("");
}

/** Takes back what `keptIndents` put into a text. */
export function withoutKeptIndents(markdown: string): string {
  return markdown.replaceAll(new RegExp(`^${KEPT_SPACE}+`, "gm"), (kept) => " ".repeat(kept.length));
}

function keptIndent(indent: string): string {
  return KEPT_SPACE.repeat(Math.min(MOST, indent.replaceAll("\t", "    ").length));
}
