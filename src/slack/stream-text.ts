import { blocksOf, codeSpans } from "../markdown/prose.ts";
import { CLOSED_TAGS } from "../markdown/tags.ts";
import { EMPHASIS, maskedCode } from "./dialect.ts";
import { formatPage, inSlackMarkdown, sendable } from "./format.ts";
import { inertSoFar } from "./inert.ts";

/** The Markdown of a whole page as a stream takes it, which is what a `markdown` block takes (docs.slack.dev, Markdown text chunk). */
export function wholeText(markdown: string): string {
  return formatPage(markdown).blocks[0].text;
}

/**
 * The Markdown of a page that still grows, as far as it can be sent. What comes after can change how its end has to be formatted, and what
 * was sent stays: so the end waits until it is settled. A mention that is not whole is never sent, however long it waits.
 */
export function grownText(markdown: string): string {
  const settled = sendable(markdown.slice(0, settledEnd(markdown)));
  return inertSoFar(inSlackMarkdown(settled));
}

/** No more is held back for the sake of looks; if its format changes after all, the message is edited. */
const MAX_HELD = 300;

const LAST_LINE = /[^\n]*$/;
const TAG = /<(\/?)([a-z][a-z\d]*)(?:\s[^<>\n]*)?>/gi;
/** Half a tag. */
const TAG_BEGUN = new RegExp(
  String.raw`<(?:\/?[a-z\d]{0,10}\s*\/?|(?:${[...CLOSED_TAGS, "img", "table", "details"].join("|")})\s[^<>\n]*)$`,
  "i",
);
/** A formula that is not closed; a sum of money is none. */
const FORMULA_BEGUN = /\\[([](?:(?!\\[)\]]).)*$|(?<![\\$])\$\$?(?=[^\s\d$])[^$]*$|[\\$]$/u;
/** The same without a sign of mathematics: so short, and no words. */
const SHORT_FORMULA_BEGUN = /(?<![\\$\w])\$(?=\S)(?:(?![a-z]{2})[^$\n]){0,40}$/iu;
/** Bold italic words that are not closed; else they are a blank to fill in, and something. */
const BOLD_ITALIC_BEGUN = /(?<![\w\\])___(?=["'“(]?[\p{L}\p{N}])[^_\n]*$/u;
const FORMULA_BLOCK_BEGUN = /^(?:\$\$|\\\[)[ \t]*\n(?:(?!\$\$|\\\]).*(?:\n|$))*$/mu;
/** Emphasis between a letter and a sign: see `dialect.ts`. */
const EMPHASIS_BEGUN = /(?<=[\p{L}\p{N}])(?:\*{1,3}|~~)(?=[\p{P}\p{S}])/u;
/** Marks beside a letter: what comes next decides. */
const MARKS_AT_END = /(?<=[\p{L}\p{N}])(?:\*{1,3}|~{1,2})$/u;

/** What is read as something else once its last line has come: a formula, a table and a comment of HTML. */
const BLOCKS_BEGUN = [
  FORMULA_BLOCK_BEGUN,
  /^\\begin\{(\w+\*?)\}(?![^]*\\end\{\1\})/mu,
  /^[ \t]*<table(?:\s[^<>]*)?>(?![^]*<\/table>)/imu,
  /^ {0,3}<!--(?![^]*-->)|^ {0,3}<!-?$/mu,
];
const IN_LINE_BEGUN = [
  TAG_BEGUN,
  FORMULA_BEGUN,
  SHORT_FORMULA_BEGUN,
  BOLD_ITALIC_BEGUN,
  MARKS_AT_END,
  // An entity, a blank, a line that is not there yet.
  /&#?\w{0,32}$/u,
  /_+$/u,
  /^[ \t]+$/u,
];

/** Up to where nothing changes any more, whatever comes. */
function settledEnd(markdown: string): number {
  const prose = proseEnd(markdown);
  return markdown.length - prose > MAX_HELD ? markdown.length : prose;
}

function proseEnd(markdown: string): number {
  const last = blocksOf(markdown).at(-1);
  if (!last || last.isCode) return markdown.length;
  const { text } = last;
  const line = LAST_LINE.exec(text)?.index ?? text.length;
  const lastLine = text.slice(line);
  const inLine = IN_LINE_BEGUN.map((pattern) => pattern.exec(lastLine)?.index ?? lastLine.length);
  const blocks = BLOCKS_BEGUN.map((pattern) => pattern.exec(text)?.index ?? text.length);
  const begun = Math.min(...blocks, openCode(text, line), line + Math.min(...openParts(lastLine), ...inLine));
  return markdown.length - text.length + begun;
}

const openParts = (line: string) => [openTag(line), openEmphasis(line), openRow(line)];

/** Where emphasis begins that is not closed yet, and may then have to be moved away from the letter before it. */
function openEmphasis(line: string): number {
  const unclosed = maskedCode(line).replaceAll(EMPHASIS, ({ length }) => "x".repeat(length));
  return EMPHASIS_BEGUN.exec(unclosed)?.index ?? line.length;
}

/** Where a row's code has a bar: whether that is one between cells, the number of all of them tells (see `tidy.ts`). */
function openRow(line: string): number {
  if (!/^[ \t>]*\|/.test(line)) return line.length;
  const withBar = codeSpans(line).find(([from, to]) => /(?<!\\)\|/.test(line.slice(from, to)));
  return withBar?.[0] ?? line.length;
}

/** Where a tag is opened that may yet be closed, and then be marks around what is between. */
function openTag(line: string): number {
  let open: { readonly name: string; readonly index: number }[] = [];
  for (const { 1: slash, 2: tag = "", index } of line.matchAll(TAG)) {
    const name = tag.toLowerCase();
    if (!CLOSED_TAGS.has(name)) continue;
    const opening = open.findLastIndex((one) => one.name === name);
    if (slash === "") open.push({ name, index });
    else if (opening >= 0) open = open.slice(0, opening);
  }
  return open[0]?.index ?? line.length;
}

/** Where code in the last line begins that is not closed yet: until it is, it is read as prose. */
function openCode(prose: string, line: number): number {
  const closed = codeSpans(prose).at(-1)?.[1] ?? 0;
  const from = Math.max(line, closed);
  const at = prose.indexOf("`", from);
  return at === -1 ? prose.length : at;
}
