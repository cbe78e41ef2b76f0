import { codeLines, inline } from "./inline.ts";
import { boldly, readTable, showTable, tightTable } from "./table.ts";

/* Markdown's blocks, in Discord's dialect. */

/** A list's item that is still open. */
interface Item {
  /** Where its marker stands in the text. */
  readonly column: number;
  /** How far what belongs to it is moved to the right when it is shown. */
  readonly hang: string;
}

interface Walk {
  readonly lines: readonly string[];
  readonly depth: number;
  readonly tight: boolean;
  readonly shown: string[];
  items: readonly Item[];
  /** The lines of the paragraph that is being read, and what each of them begins with. */
  paragraph: { prefix: string; hang: string; lines: string[] } | undefined;
}

/** Quotations are looked into so deep; Discord shows one level, and the signs of the others. */
const MAX_QUOTES = 3;
const RULE = "──────────";

const FENCE = /^([ \t]*)((?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}(?=[^`]*$)|~{3,})(.*)$/;
const QUOTE = /^ {0,3}> ?/;
const HEADING = /^ {0,3}(#{1,6})[ \t]+(\S.*?)(?:[ \t]+#+)?[ \t]*$/;
const RULED = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})$/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;
const ITEM = /^([ \t]*)([-*+]|\d{1,9}[.)])(?:[ \t]+|$)(?:\[([ xX])\](?=[ \t]))?(.*)$/;

/** The whole of a text. `tight`: tables in as little room as they take. */
export function render(markdown: string, tight = false, depth = 0): string {
  const lines = markdown.replaceAll(/\r\n?/g, "\n").split("\n");
  const walk: Walk = { lines, depth, tight, shown: [], items: [], paragraph: undefined };
  for (let at = 0; at < lines.length;) at = step(walk, at);
  endParagraph(walk);
  return walk.shown.join("\n");
}

/** Takes in what begins with line `at`. Returns the line behind it. */
function step(walk: Walk, at: number): number {
  const line = walk.lines[at] ?? "";
  return (
    blank(walk, line, at) ??
    fence(walk, line, at) ??
    formula(walk, line, at) ??
    quote(walk, line, at) ??
    table(walk, at) ??
    headline(walk, line, at) ??
    indentedCode(walk, line, at) ??
    item(walk, line, at) ??
    text(walk, line, at)
  );
}

function blank(walk: Walk, line: string, at: number): number | undefined {
  if (line.trim() !== "") return undefined;
  endParagraph(walk);
  walk.shown.push("");
  return at + 1;
}

function fence(walk: Walk, line: string, at: number): number | undefined {
  const [, indent = "", items = "", mark = "", info = ""] = FENCE.exec(line) ?? [];
  if (mark === "") return undefined;
  endParagraph(walk);
  const closing = new RegExp(`^[ \\t]*${mark.charAt(0)}{${mark.length},}[ \\t]*$`);
  const found = walk.lines.findIndex((one, index) => index > at && closing.test(one));
  const end = found < 0 ? walk.lines.length : found;
  const depth = indent.length + items.length;
  const code = walk.lines.slice(at + 1, end).map((one) => dedented(one, depth));
  if (items !== "") walk.shown.push(indent + items.trimEnd());
  pushCode(walk, code, /^[\w+.#-]+/.exec(info.trim())?.[0] ?? "");
  return end + 1;
}

/** A formula between `$$` or `\[` and `\]` on lines of their own. */
function formula(walk: Walk, line: string, at: number): number | undefined {
  const opening = line.trim();
  if (opening !== "$$" && opening !== String.raw`\[`) return undefined;
  const closing = opening === "$$" ? "$$" : String.raw`\]`;
  const end = walk.lines.findIndex((one, index) => index > at && one.trim() === closing);
  if (end < 0) return undefined;
  endParagraph(walk);
  pushCode(walk, walk.lines.slice(at + 1, end), "latex");
  return end + 1;
}

const dedented = (line: string, depth: number) =>
  line.slice(Math.min(depth, /^[ \t]*/.exec(line)?.[0].length ?? 0));

/** Three backticks are all that Discord knows, and it wants them at a line's beginning to know the language. */
function pushCode({ shown }: Walk, code: readonly string[], language = ""): void {
  shown.push(`\`\`\`${language}\n${codeLines(code)}\n\`\`\``);
}

function quote(walk: Walk, line: string, at: number): number | undefined {
  if (!QUOTE.test(line)) return undefined;
  endParagraph(walk);
  let end = at;
  while (QUOTE.test(walk.lines[end] ?? "")) end += 1;
  const inner = walk.lines.slice(at, end).map((one) => one.replace(QUOTE, ""));
  const shown =
    walk.depth < MAX_QUOTES ? render(inner.join("\n"), walk.tight, walk.depth + 1) : inline(inner.join("\n"));
  walk.shown.push(shown.replaceAll(/^/gm, "> "));
  return end;
}

function table(walk: Walk, at: number): number | undefined {
  const found = readTable(walk.lines, at);
  if (!found) return undefined;
  endParagraph(walk);
  walk.shown.push(walk.tight ? tightTable(found.table) : showTable(found.table));
  return found.end;
}

/** Headings, of which Discord knows three levels, and rules, of which it knows none. */
function headline(walk: Walk, line: string, at: number): number | undefined {
  const underline = UNDERLINE.exec(line)?.[1];
  const { paragraph } = walk;
  if (underline !== undefined && paragraph?.lines.length === 1 && paragraph.prefix === "") {
    walk.paragraph = { ...paragraph, prefix: underline.startsWith("=") ? "# " : "## " };
    endParagraph(walk);
    return at + 1;
  }
  const [, level = "", title = ""] = HEADING.exec(line) ?? [];
  if (level === "" && !RULED.test(line)) return undefined;
  endParagraph(walk);
  walk.items = [];
  const words = inline(title).replaceAll("\n", " ");
  walk.shown.push(level === "" ? RULE : level.length > 3 ? boldly(words) : `${level} ${words}`);
  return at + 1;
}

function indentedCode(walk: Walk, line: string, at: number): number | undefined {
  if (!/^(?: {4}|\t)/.test(line) || walk.items.length > 0 || walk.paragraph) return undefined;
  let end = at;
  while (
    /^(?: {4}|\t)/.test(walk.lines[end] ?? "") ||
    (walk.lines[end]?.trim() === "" && /^(?: {4}|\t)/.test(walk.lines[end + 1] ?? ""))
  )
    end += 1;
  pushCode(
    walk,
    walk.lines.slice(at, end).map((one) => one.replace(/^(?: {4}|\t)/, "")),
  );
  return end;
}

function item(walk: Walk, line: string, at: number): number | undefined {
  const [, indent, marker = "", box, content = ""] = ITEM.exec(line) ?? [];
  if (indent === undefined) return undefined;
  endParagraph(walk);
  const column = indent.replaceAll("\t", "    ").length;
  const open = walk.items.filter((one) => one.column < column);
  const outer = hangOf(open);
  const sign = /\d/.test(marker) ? `${Number.parseInt(marker, 10)}. ` : bullet(walk, marker, at);
  // Discord's client takes as much of an indent for the item's as its marker is wide.
  const hang = outer + " ".repeat(sign.length);
  walk.items = [...open, { column, hang }];
  const task = box === undefined ? "" : box === " " ? "☐ " : "☑ ";
  walk.paragraph = { prefix: outer + sign + task, hang, lines: [content.trim()] };
  return at + 1;
}

const hangOf = (items: readonly Item[]) => items.at(-1)?.hang ?? "";

/** Discord knows no `+`. Next to a `-` it is no bullet but a change: a diff that was not marked as one. */
function bullet({ lines }: Walk, marker: string, at: number): string {
  const beside = [lines[at - 1], lines[at + 1]];
  return marker === "+" && beside.some((line) => line !== undefined && /^\s*-\s/.test(line)) ? "\\+ " : "- ";
}

function text(walk: Walk, line: string, at: number): number {
  // Outside of lists an indent is the writer's own.
  const words = (walk.items.length > 0 ? line.trim() : line.trimEnd()).replace(/\\$/, "");
  if (walk.paragraph) walk.paragraph.lines.push(words);
  else {
    walk.items = walk.items.filter((one) => one.column < line.search(/\S/));
    const hang = hangOf(walk.items);
    walk.paragraph = { prefix: hang, hang, lines: [words] };
  }
  return at + 1;
}

function endParagraph(walk: Walk): void {
  const { paragraph } = walk;
  if (!paragraph) return;
  walk.paragraph = undefined;
  const { prefix, hang, lines } = paragraph;
  // `-# ` is small print, of which Markdown knows nothing.
  const words = inline(lines.join("\n")).replaceAll(/^(?=-# )/gm, "\\");
  walk.shown.push(prefix + words.replaceAll("\n", `\n${hang}`));
}
