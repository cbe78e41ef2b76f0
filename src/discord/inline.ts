/* What stands inside of a paragraph, in Discord's dialect (support.discord.com, Markdown Text 101). */

import { asText, ENTITY, signOf, withSigns } from "../markdown/entities.ts";
import { FORMULA_HERE, formulaIn } from "../markdown/formulas.ts";
import { codeSpans } from "./prose.ts";

/** A run of backticks inside code would end it; with this between them it does not, and nobody sees it. */
const ZERO_WIDTH_SPACE = "\u200b";

const LABEL = String.raw`\[((?:[^[\]\\\x60]|\\.|\x60[^\x60]*\x60|\[[^[\]]*\])*)\]`;
const TARGET = String.raw`\(\s*(<[^<>\n]*>|(?:[^\s()\\]|\\.|\([^\s()]*\))+)(?:\s+("[^"\n]*"|'[^'\n]*'))?\s*\)`;
const LINK = new RegExp(LABEL + TARGET, "y");
const STRONG = /__(?=[^\s_])((?:(?!__)[^\n\\]|\\.)+?)(?<=[^\s_])__(?!\w)/y;
const PAIR = /<(u|ins|kbd|code|summary)>([^<>\n]*)<\/\1>/iy;
const IMAGE = /^!\[([^[\]]*)\]\([^()\s]*\)$/;
/** `__init__.py`, `__main__()`: a name, though CommonMark would make it bold. */
const DUNDER = /^__[a-z]+(?:_[a-z]+)*__(?=\.\w|\()/;
const TOKEN = new RegExp(
  String.raw`\\[!-/:-@[-\x60{-~]|\$|\x60+|https?:\/\/[^\s<>\x60)\]]+|<(?:https?|mailto):[^\s<>]+>|<\/?[a-z][a-z0-9]*(?:\s[^<>\n]*)?\/?>|!?\[|\|{2,}|(?<!\w)__|${ENTITY}`,
  "giu",
);

/** The deepest nesting of links and bold text that is looked into. */
const MAX_DEPTH = 4;

/** The text of one paragraph, item or heading. */
export function inline(text: string, depth = 0): string {
  let shown = "";
  let from = 0;
  const tokens = new RegExp(TOKEN);
  for (let found = tokens.exec(text); found; found = tokens.exec(text)) {
    const [content, end] = convert(text, found[0], found.index, depth);
    shown += text.slice(from, found.index) + content;
    from = end;
    tokens.lastIndex = end;
  }
  return shown + text.slice(from);
}

/** What a token becomes, and where to read on. */
function convert(text: string, token: string, at: number, depth: number): [content: string, end: number] {
  const end = at + token.length;
  switch (token.charAt(0)) {
    case "`":
      return code(text, token, at);
    case "!":
    case "[":
      return link(text, token, at, depth) ?? [token, end];
    case "_":
      return strong(text, at, depth) ?? [token, end];
    case "|":
      return [token.replaceAll("|", String.raw`\|`), end]; // Nothing that was written is hidden.
    case "<":
      return tagged(text, token, at, depth);
    case "$":
    case "\\":
      return math(text, at) ?? [token, end];
    case "&":
      return [shownSign(token), end];
    default:
      return [token, end];
  }
}

/** Discord knows no entities. */
function shownSign(entity: string): string {
  const sign = signOf(entity);
  return sign === undefined ? entity : asText(sign);
}

/** Code in a line. A run that nothing closes is escaped: Discord would look for its end in other paragraphs too. */
function code(text: string, ticks: string, at: number): [string, number] {
  const from = at + ticks.length;
  for (const run of text.slice(from).matchAll(/`+/g)) {
    if (run[0].length !== ticks.length) continue;
    const end = from + run.index;
    return [codeSpan(text.slice(from, end)), end + ticks.length];
  }
  return [ticks.replaceAll("`", "\\`"), from];
}

/** Three backticks begin a block wherever they stand, so two are the most. */
export function codeSpan(content: string): string {
  const value = content.replaceAll(/\s*\n\s*/g, " ").replace(/^ (.*[^ ].*) $/s, "$1");
  if (!value.includes("`")) return value.trim() === "" ? content : `\`${value}\``;
  const apart = value.replaceAll(/`(?=`)/g, `\`${ZERO_WIDTH_SPACE}`);
  return `\`\` ${apart} \`\``;
}

/** The lines of a code block, of which none can end it. */
export function codeLines(lines: readonly string[]): string {
  const apart = lines.map((line) => line.replaceAll(/`(?=``)/g, `\`${ZERO_WIDTH_SPACE}`)).join("\n");
  return apart.trim() === "" ? ZERO_WIDTH_SPACE : apart;
}

function strong(text: string, at: number, depth: number): [string, number] | undefined {
  const [name] = DUNDER.exec(text.slice(at, at + 40)) ?? [];
  if (name !== undefined) return [name.replaceAll("_", String.raw`\_`), at + name.length];
  const found = match(STRONG, text, at);
  if (!found || depth >= MAX_DEPTH) return undefined;
  return [`**${inline(found[1] ?? "", depth + 1)}**`, at + found[0].length];
}

/** Discord makes links of web addresses alone, and of images that a link is all that can be shown. */
function link(text: string, token: string, at: number, depth: number): [string, number] | undefined {
  const found = match(LINK, text, at + token.length - 1);
  if (!found || depth >= MAX_DEPTH) return undefined;
  const [whole, words = "", target = "", title] = found;
  const url = addressOf(target);
  const pictured = IMAGE.exec(words.trim())?.[1];
  const label = inline(pictured ?? words.trim(), depth + 1) || (token === "![" ? "image" : "");
  const end = at + token.length - 1 + whole.length;
  const titled = title === undefined ? "" : ` "${title.slice(1, -1).replaceAll('"', "'")}"`;
  if (label === "" || label === url) return [url, end];
  // Words that look like another address would not be a link, and should not be one.
  if (!/^https?:\/\//i.test(url) || /https?:\/\//i.test(label))
    return [`${label} (${url.replace(/^mailto:/i, "")})`, end];
  return [`[${label}](${url}${titled})`, end];
}

/** In angle brackets, an address may have brackets of any kind and spaces, which would end it here. */
function addressOf(target: string): string {
  const inner = /^<(.*)>$/.exec(target)?.[1];
  const address = inner?.replaceAll("(", "%28").replaceAll(")", "%29").replaceAll(" ", "%20") ?? target;
  return address.replaceAll("&amp;", "&");
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  const sticky = new RegExp(pattern);
  sticky.lastIndex = at;
  return sticky.exec(text);
}

/** Nothing in chat draws formulas: as code they are at least not mistaken for Markdown. */
function math(text: string, at: number): [string, number] | undefined {
  const found = match(FORMULA_HERE, text, at);
  const formula = found ? formulaIn(found[0], found.slice(1)) : undefined;
  return found && formula !== undefined ? [codeSpan(formula), at + found[0].length] : undefined;
}

/** An address in brackets, a line break, a pair of tags with its words. Any other tag stays: the text may be about it. */
function tagged(text: string, token: string, at: number, depth: number): [string, number] {
  const end = at + token.length;
  const address = /^<(?:mailto:|(?=https?:))(.*)>$/i.exec(token)?.[1];
  if (address !== undefined) return [address, end];
  if (/^<br\s*\/?>$/i.test(token)) return ["\n", end];
  const found = match(PAIR, text, at);
  if (!found || depth >= MAX_DEPTH) return [token, end];
  const [whole, tag = "", words = ""] = found;
  return [paired(tag.toLowerCase(), words, depth), at + whole.length];
}

function paired(tag: string, words: string, depth: number): string {
  if (words.trim() === "") return words;
  if (tag === "kbd" || tag === "code") return codeSpan(withSigns(words));
  const mark = tag === "summary" ? "**" : "__";
  return mark + inline(words, depth + 1) + mark;
}

export interface Link {
  readonly label: string;
  /** With its title, if it has one. */
  readonly address: string;
}

/** The words of a text without its marks, as a code block shows them, and the links that were in it. */
export function plain(text: string): { words: string; links: readonly Link[] } {
  const links: Link[] = [];
  const shown = inline(text.replaceAll(/<br\s*\/?>/gi, " / ")).replaceAll(
    /\[([^[\]]*)\]\((https?:[^)]*)\)/g,
    (_, label: string, address: string) => {
      links.push({ label, address });
      return label;
    },
  );
  let words = "";
  let from = 0;
  for (const [start, end] of codeSpans(shown)) {
    words += unmarked(shown.slice(from, start)) + shown.slice(start, end).replace(/^(`+) ?(.*?) ?\1$/s, "$2");
    from = end;
  }
  return { words: (words + unmarked(shown.slice(from))).replaceAll("\n", " ").trim(), links };
}

function unmarked(prose: string): string {
  return prose
    .replaceAll(/(?<!\\)(?:\*\*|~~)/g, "")
    .replaceAll(/(?<![\w\\*])([*_])(?=\S)([^*_\n]*?)(?<=\S)\1(?!\w)/g, "$2")
    .replaceAll(/\\([!-/:-@[-`{-~])/g, "$1");
}
