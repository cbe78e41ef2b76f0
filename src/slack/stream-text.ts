import { tidy } from "../markdown/tidy.ts";
import { inSlackDialect } from "./dialect.ts";
import { formatPage } from "./format.ts";
import { inertSoFar } from "./inert.ts";
import { blocksOf, codeSpans } from "../markdown/prose.ts";

/** The Markdown of a whole page as a stream takes it, which is what a `markdown` block takes (docs.slack.dev, Markdown text chunk). */
export function wholeText(markdown: string): string {
  return formatPage(markdown).blocks[0].text;
}

/**
 * The Markdown of a page that still grows, as far as it can be sent. What comes after can change how its end has to be formatted, and what
 * was sent stays: so the end waits until it is settled. A mention that is not whole is never sent, however long it waits.
 */
export function grownText(markdown: string): string {
  const settled = markdown.slice(0, settledEnd(markdown)).toWellFormed();
  return inertSoFar(inSlackDialect(tidy(settled)));
}

/** No more is held back for the sake of looks; if its format changes after all, the message is edited. */
const MAX_HELD = 300;

const LAST_LINE = /[^\n]*$/;
/** A tag that has a mark, before it is closed; or half a tag. */
const TAG_BEGUN =
  /<(?:(?:b|strong|i|em|s|del|strike|kbd|code|sub|sup|summary)>[^<>]*(?:<\/?[a-z]*)?|\/?[a-z]{0,9}\s*\/?)$/iu;
/** A formula that is not closed; a sum of money is none. */
const FORMULA_BEGUN = /\\[([](?:(?!\\[)\]]).)*$|(?<![\\$])\$\$?(?=[^\s\d$])[^$]*$|[\\$]$/u;
const FORMULA_BLOCK_BEGUN = /^(?:\$\$|\\\[)[ \t]*\n(?:(?!\$\$|\\\]).*(?:\n|$))*$/mu;
/** Emphasis between a Chinese, Japanese or Korean letter and a sign: see `dialect.ts`. */
const EMPHASIS_BEGUN =
  /(?<=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}])(?:\*{1,3}|~~)(?=[\p{P}\p{S}]|$)[^\n]*$/u;

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
  const inLine = [TAG_BEGUN, FORMULA_BEGUN, EMPHASIS_BEGUN].map((pattern) => {
    const at = pattern.exec(text.slice(line))?.index;
    return at === undefined ? text.length : line + at;
  });
  const block = FORMULA_BLOCK_BEGUN.exec(text)?.index ?? text.length;
  return markdown.length - text.length + Math.min(block, openCode(text, line), ...inLine);
}

/** Where code in the last line begins that is not closed yet: until it is, it is read as prose. */
function openCode(prose: string, line: number): number {
  const closed = codeSpans(prose).at(-1)?.[1] ?? 0;
  const from = Math.max(line, closed);
  const at = prose.indexOf("`", from);
  return at === -1 ? prose.length : at;
}
