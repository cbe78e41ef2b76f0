import { withoutComments } from "./comments.ts";
import { fenced } from "./fence.ts";
import { withTables } from "./html-table.ts";
import { nested } from "./nesting.ts";
import { notesIn, withNotes } from "./notes.ts";
import { blocksOf, inCode, outsideCode } from "./prose.ts";
import { withoutBlockTags } from "./tags.ts";
import { labelOf, REFERENCE, tidyInline } from "./tidy-inline.ts";

/**
 * Markdown as models write it → Markdown that says what they meant, for any chat: code that they forgot to fence, references to addresses
 * below, pictures, tags, one sign for bullets. Nothing that can be read is lost; code stays as it is. Pure, and the same when it is done twice.
 */
export function tidy(markdown: string): string {
  const lines = nested(fenced(withoutNotes(markdown.replaceAll(/\r\n?/g, "\n"))));
  const { definitions, rest } = takeDefinitions(lines);
  const blocks = blocksOf(rest);
  const notes = notesIn(blocks.flatMap(({ text, isCode }) => (isCode ? [] : text.split("\n"))));
  return blocks
    .map(({ text, isCode }) =>
      isCode ? text : outsideCode(tidyLines(text), (prose) => tidyInline(prose, { definitions, notes })),
    )
    .join("");
}

/** Without comments, unless there is nothing else. */
function withoutNotes(markdown: string): string {
  if (!markdown.includes("<!--")) return markdown;
  const shown = blocksOf(markdown).map(({ text, isCode }) => (isCode ? text : withoutComments(text)));
  return shown.some((text) => text.trim() !== "") ? shown.join("") : markdown;
}

const ALERT = /^(> ?)\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*$/i;
const BULLET = /^([ \t]*(?:> ?)*)[*+]([ \t]+)(?![*\s])/;
/** A number in a line of its own, and what it numbers below it, which would not be in the list. */
const LONE_NUMBER = /^(\d{1,3}[.)])[ \t]*\n(?=[^\s#>|`~*+\-\d])/gm;
/** A heading has one line, so that there is nothing to break. */
const BROKEN_HEADING = /^( {0,3}#{1,6}[ \t]+.*[^\\\s])[ \t]*\\$/;
const DASHES = /^ {0,3}-{3,}[ \t]*$/;
const PLAIN = /^(?![-=*+>#|`~]|\d+[.)]|\s).*\S/;

function tidyLines(prose: string): string {
  const whole = withTables(prose).replaceAll(LONE_NUMBER, "$1 ");
  const lines = withNotes(withoutBlockTags(whole.split("\n")));
  const shown: string[] = [];
  for (const [at, line] of lines.entries()) {
    // Dashes right below a paragraph of one line may be meant to make a heading of it, below more they are a rule.
    if (DASHES.test(line) && PLAIN.test(lines[at - 1] ?? "") && PLAIN.test(lines[at - 2] ?? ""))
      shown.push("");
    shown.push(
      line
        .replace(ALERT, (_, quote: string, kind: string) => `${quote}**${titled(kind)}**`)
        .replace(BULLET, "$1-$2")
        .replace(BROKEN_HEADING, "$1"),
    );
  }
  return withWholeRows(shown).join("\n");
}

const titled = (word: string) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();

const DELIMITER = /^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$/;
const BAR = /(?<!\\)\|/g;

const QUOTES = /^[ \t]*(?:>[ \t]?)*/;

/** Tables as they were meant: a row has as many cells as the table has columns, and text right below the last one is none. */
function withWholeRows(lines: readonly string[]): readonly string[] {
  let columns = 0;
  let isFramed = false;
  return lines.flatMap((line, at) => {
    const [above = "", quotes = ""] = [lines[at - 1], QUOTES.exec(line)?.[0]];
    if (DELIMITER.test(line) && above.includes("|")) {
      columns = cellsIn(line);
      isFramed = above.slice(quotes.length).startsWith("|");
      return line;
    }
    if (line.includes("|")) return columns === 0 || cellsIn(line) <= columns ? line : wholeRow(line, columns);
    const isBelow = columns > 0 && isFramed && PLAIN.test(line.slice(quotes.length));
    columns = 0;
    return isBelow ? [quotes.trimEnd(), line] : line;
  });
}

/** Bars that stand in code are none between cells. What is still behind the last column would not be shown: it is put into that column. */
function wholeRow(row: string, columns: number): string {
  const escaped = inCode(row, (code) => code.replaceAll(BAR, String.raw`\|`));
  const mended = cellsIn(escaped) >= columns ? escaped.trimEnd() : row.trimEnd();
  if (cellsIn(mended) <= columns) return mended;
  let bars = mended.trimStart().startsWith("|") ? -1 : 0;
  return mended.replaceAll(BAR, (bar: string, index: number) => {
    bars += 1;
    return bars >= columns && index < mended.length - 1 ? `\\${bar}` : bar;
  });
}

function cellsIn(row: string): number {
  const inner = row.replaceAll(/^[ \t>]*\|?|(?<!\\)\|[ \t]*$/g, "");
  return (inner.match(BAR)?.length ?? 0) + 1;
}

const DEFINITION =
  /^ {0,3}\[(?!\^)([^[\]\n]+)\]:[ \t]*<?(https?:\/\/[^\s<>]+)>?(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$/;

/** The addresses that labels stand for. Their lines are taken out where the text refers to them, since the links then say it. */
function takeDefinitions(markdown: string): { definitions: ReadonlyMap<string, string>; rest: string } {
  const definitions = new Map<string, string>();
  const blocks = blocksOf(markdown);
  for (const { text, isCode } of blocks)
    for (const line of isCode ? [] : text.split("\n")) {
      const [, label = "", target = ""] = DEFINITION.exec(line) ?? [];
      if (label !== "") definitions.set(label.toLowerCase(), target);
    }
  if (definitions.size === 0) return { definitions, rest: markdown };
  const used = new Set(
    Array.from(markdown.matchAll(REFERENCE), ([, words, label]) => labelOf(definitions, words, label)),
  );
  const isUsed = (line: string) => used.has((DEFINITION.exec(line)?.[1] ?? "").toLowerCase());
  const rest = blocks.map(({ text, isCode }) =>
    isCode
      ? text
      : text
          .split(/(?<=\n)/)
          .filter((line) => !isUsed(line.trimEnd()))
          .join(""),
  );
  return { definitions, rest: rest.join("") };
}
