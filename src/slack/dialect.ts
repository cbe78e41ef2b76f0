import { asText, ENTITY, signOf, withSigns } from "../markdown/entities.ts";
import { HAIR_SPACE } from "../markdown/fold.ts";
import { FORMULA, FORMULA_PARTS, formulaIn } from "../markdown/formulas.ts";
import { codeSpan } from "./markdown.ts";
import { blocksOf, codeSpans, outsideCode } from "../markdown/prose.ts";

/**
 * What models write and a `markdown` block does not know or does not take: HTML and its entities, formulas, bold text beside Chinese or Japanese signs,
 * tables beyond their limits. All else it shows as it is (docs.slack.dev, Markdown block).
 */
export function inSlackDialect(markdown: string): string {
  return blocksOf(markdown)
    .map(({ text, isCode }) =>
      isCode ? text : emphasised(outsideCode(withFormulas(withTables(withoutBreaks(text))), inlineOf)),
    )
    .join("");
}

/** docs.slack.dev, Table block: at most 100 rows and 20 columns. */
const MAX_ROWS = 100;
const MAX_COLUMNS = 20;
const TABLE = /(?:^[ \t]*\|.*(?:\n|$)){2,}/gm;

/** Whether all tables of a page can be shown as tables. */
export function suits(markdown: string): boolean {
  return blocksOf(markdown).every(
    ({ text, isCode }) => isCode || Array.from(text.matchAll(TABLE)).every(([table]) => isShown(table)),
  );
}

function isShown(table: string): boolean {
  const [head = "", ...others] = table.trimEnd().split("\n");
  return others.length <= MAX_ROWS && head.split("|").length - 2 <= MAX_COLUMNS;
}

/** A table that Slack would refuse is code, in which it can be read. */
function withTables(prose: string): string {
  return prose.replaceAll(TABLE, (table) =>
    isShown(table) ? table : `\`\`\`\n${table.trimEnd()}\n\`\`\`\n`,
  );
}

const FORMULA_BLOCK = /^(?:\$\$|\\\[)[ \t]*\n((?:(?!\$\$|\\\]).*\n)+)(?:\$\$|\\\])[ \t]*$/gm;
/** Nothing in chat draws formulas: as code they are at least not mistaken for Markdown. */
function withFormulas(prose: string): string {
  const blocks = prose.replaceAll(FORMULA_BLOCK, (_, formula: string) => `\`\`\`latex\n${formula}\`\`\``);
  return blocksOf(blocks)
    .map(({ text, isCode }) => (isCode ? text : outsideCode(text, inCode)))
    .join("");
}

function inCode(prose: string): string {
  return prose.replaceAll(FORMULA, (whole: string, ...found: (string | undefined)[]) => {
    const formula = formulaIn(whole, found.slice(0, FORMULA_PARTS));
    return formula === undefined ? whole : codeSpan(formula);
  });
}

const BREAK = /<br\s*\/?>/gi;

/** In a row, a line break would end the table. */
function withoutBreaks(prose: string): string {
  if (!prose.includes("|")) return prose;
  return prose.replaceAll(/^.*\|.*$/gm, (row) => outsideCode(row, (part) => part.replaceAll(BREAK, " ")));
}

const TAGS = /<(u|ins|kbd|code|summary)>([^<>\n]*)<\/\1>/gi;

/** Pairs of tags that say something here. Any other tag stays: the text may be about it. */
function tagged(prose: string): string {
  return prose.replaceAll(BREAK, "\n").replaceAll(TAGS, (_, tag: string, words: string) => {
    const name = tag.toLowerCase();
    if (words.trim() === "") return words;
    if (name === "kbd" || name === "code") return codeSpan(withSigns(words));
    // Slack knows no underline.
    const mark = name === "summary" ? "**" : "*";
    return mark + words + mark;
  });
}

const ADDRESS_OR_ENTITY = new RegExp(String.raw`https?:\/\/[^\s<>)\]]+|\\&|${ENTITY}`, "gi");
/** The three that Slack itself knows (docs.slack.dev, Formatting message text, Escaping text): as such they begin nothing. */
const KNOWN: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function withoutEntities(prose: string): string {
  return prose.replaceAll(ADDRESS_OR_ENTITY, (found: string) => {
    const sign = found.startsWith("&") ? signOf(found) : undefined;
    return sign === undefined ? found : (KNOWN[sign] ?? asText(sign));
  });
}

const inlineOf = (prose: string) =>
  // What the tags make code of keeps its signs.
  outsideCode(tagged(prose), withoutEntities);

const CJK = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}]$/u;
const LETTER = /^[\p{L}\p{N}]$/u;
const SIGN = /^[\p{P}\p{S}]$/u;
export const EMPHASIS = /(?<![*~\\])(\*{1,3}|~~)(?=[^\s*~])([^\n*~]+)(?<=[^\s\\])\1(?![*~])/g;

/**
 * By CommonMark's rules `**` between a sign and a letter neither opens nor closes, which is where Chinese, Japanese and Korean, having no
 * spaces there, put it (commonmark-spec#650), and whoever leaves a space out, as in `**Note:**so`. A hair space makes it bold.
 */
function emphasised(prose: string): string {
  const masked = maskedCode(prose);
  let shown = "";
  let from = 0;
  for (const { 0: whole, 1: mark = "", 2: words = "", index } of masked.matchAll(EMPHASIS)) {
    const end = index + whole.length;
    const [before, after] = [masked.charAt(index - 1), masked.charAt(end)];
    const opens = SIGN.test(words.at(0) ?? "") && isTouched(before, after, mark);
    const closes = SIGN.test(words.at(-1) ?? "") && isTouched(after, before, mark);
    shown +=
      prose.slice(from, index) +
      (opens ? HAIR_SPACE : "") +
      prose.slice(index, end) +
      (closes ? HAIR_SPACE : "");
    from = end;
  }
  return shown + prose.slice(from);
}

/** Whether the mark has to be moved away from the letter beside it. Between two letters, or single, it may as well stand for a sum. */
function isTouched(beside: string, opposite: string, mark: string): boolean {
  return CJK.test(beside) || (mark !== "*" && LETTER.test(beside) && !LETTER.test(opposite));
}

/** The same, with other letters in its code: there nothing is a mark. */
export function maskedCode(prose: string): string {
  let masked = "";
  let from = 0;
  for (const [start, end] of codeSpans(prose)) {
    masked += `${prose.slice(from, start)}\`${"x".repeat(end - start - 2)}\``;
    from = end;
  }
  return masked + prose.slice(from);
}

/** Takes back the hair spaces beside emphasis. */
export function withoutHairSpaces(markdown: string): string {
  return markdown.replaceAll(new RegExp(`${HAIR_SPACE}(?=[*~])|(?<=[*~])${HAIR_SPACE}`, "g"), "");
}
