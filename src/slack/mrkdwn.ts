import { clean, codeBlock, codeSpan, link } from "./markdown.ts";
import type { Words } from "./words.ts";

/** Around the number of a piece that is held back. No character at all by Unicode's rules: `clean` leaves none in the input. */
const HOLE = "\uFDD0";

/**
 * Slack's mrkdwn as Markdown, references as words. Total: text that Slack would never send comes out as it stands.
 * Plain characters are not escaped: a model reads the result, and backslashes would harm it more than a stray asterisk.
 */
export function mrkdwnToMarkdown(mrkdwn: string, words: Words): string {
  const held: string[] = [];
  const hold = (markdown: string) => `${HOLE}${held.push(markdown) - 1}${HOLE}`;

  const outline = clean(mrkdwn)
    .replaceAll(/\n?```([\s\S]*?)```\n?/gu, (_, code: string) =>
      hold(`\n${codeBlock(codeText(code.replace(/^\n|\n$/gu, ""), words))}\n`),
    )
    .replaceAll(/`([^`\n\uFDD0]+)`/gu, (_, code: string) => hold(codeSpan(codeText(code, words))))
    .replaceAll(/<([^<>\uFDD0]*)>/gu, (_, token: string) => hold(tokenToMarkdown(token, words, "markdown")));
  const marked = convertMarks(unescaped(convertLines(withoutStrayBrackets(outline))));
  return marked.replaceAll(/\uFDD0(\d+)\uFDD0/gu, (_, index: string) => held[Number(index)] ?? "").trim();
}

/** Quotes and lists as Slack writes them. */
function convertLines(text: string): string {
  const [before = "", ...quoted] = text.split(/^(?:&gt;){3} ?/mu);
  const quote = quoted.join("").split("\n");
  const all = quoted.length > 0 ? `${before}${quote.map((line) => `&gt; ${line}`).join("\n")}` : before;
  return all.replaceAll(/^([^\S\n]*)[•◦▪▫‣]\uFE0E?[^\S\n]+/gmu, "$1- ").replaceAll(/^&gt;(?! )/gmu, "&gt; ");
}

const EDGE = String.raw`[\s\p{P}~\uFDD0]`;
const mark = (sign: string) =>
  new RegExp(
    String.raw`(?<=^|${EDGE})${sign}(?![\s${sign}])([^${sign}\n]*[^${sign}\s])${sign}(?=$|${EDGE})`,
    "gmu",
  );
const BOLD = mark(String.raw`\*`);
const STRIKE = mark("~");

/** `_italic_` is the same in both. */
function convertMarks(text: string): string {
  return text.replaceAll(BOLD, "**$1**").replaceAll(STRIKE, "~~$1~~");
}

const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

/** Slack escapes these three and nothing else (docs.slack.dev, Formatting message text). */
function unescaped(text: string): string {
  return text.replaceAll(/&(?:lt|gt|amp);/gu, (entity) => ENTITIES[entity] ?? entity);
}

/** What code says: references are words in it, nothing else is markup, and brackets that Slack would have escaped are none. */
function codeText(code: string, words: Words): string {
  return code.replaceAll(/<([^<>]*)>|&(?:lt|gt|amp);|<+/gu, (piece, token: string | undefined) =>
    token === undefined ? (ENTITIES[piece] ?? "") : tokenToMarkdown(token, words, "plain"),
  );
}

/** Slack escapes every bracket that a person typed. One that is left, before a reference, would make it look like a token. */
function withoutStrayBrackets(text: string): string {
  return text.replaceAll(/<+([@#!\uFDD0]?)/gu, (run: string, next: string) => next || run);
}

/** What stands between `<` and `>`: a mention, a command or an address, each perhaps with a label. */
function tokenToMarkdown(token: string, words: Words, form: "markdown" | "plain"): string {
  const bar = token.indexOf("|");
  const target = unescaped(bar < 0 ? token : token.slice(0, bar));
  const label = bar < 0 ? undefined : unescaped(token.slice(bar + 1));
  const rest = target.slice(1);
  switch (target.charAt(0)) {
    case "@":
      return words.user(rest, label);
    case "#":
      return words.channel(rest, label);
    case "!":
      return special(rest, label, words);
    default:
  }
  if (!/^[a-z][a-z0-9+.-]*:/iu.test(target)) return `<${unescaped(token)}>`;
  if (form === "plain") return label ?? target;
  return link(target, label);
}

function special(command: string, label: string | undefined, words: Words): string {
  const [kind = "", first = "", ...others] = command.split("^");
  if (kind === "subteam") return words.group(first, label);
  if (kind !== "date") return words.broadcast(label ?? kind);
  return label ?? dateText(Number(first), others[0]);
}

/** A date whose fallback is missing: `format` is Slack's, with words in braces that only a client can fill. */
export function dateText(seconds: number, format: string | undefined): string {
  const at = new Date(seconds * 1000);
  if (Number.isNaN(at.getTime())) return format ?? "";
  return at
    .toISOString()
    .replace(/:\d\d\.\d+Z$/u, " UTC")
    .replace("T", " ");
}
