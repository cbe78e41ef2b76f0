import type { Nudge } from "../chat/platform.ts";
import { render } from "./blocks.ts";
import { outsideCode } from "./prose.ts";

/**
 * The longest `content` of a message (docs.discord.com, Message Resource, Create Message). Discord counts code points
 * (discord-api-docs#1315, answered by staff).
 */
export const CONTENT_LIMIT = 2_000;

/** Code points of Markdown in a page: less than the limit, since what Discord does not know takes more room in its own dialect. */
export const PAGE_LENGTH = 1_900;

/** A page that is nearly as long as a message may be suits no more: the mark of a draft has to find room too. */
const SUITABLE = CONTENT_LIMIT - 50;

const length = (text: string) => (text.length <= SUITABLE ? text.length : Array.from(text).length);

/**
 * Markdown → what Discord is given. Any text of at most `CONTENT_LIMIT` code points stays within it: tables give up their columns
 * first, then all gives up its formatting. Mentions become plain text: `allowed_mentions` keeps them from notifying anyone, and this
 * keeps them from looking as if they did.
 */
export function format(markdown: string): string {
  const whole = markdown.toWellFormed().replaceAll("\0", "\uFFFD");
  for (const tight of [false, true]) {
    const content = inert(render(whole, tight));
    if (length(content) <= CONTENT_LIMIT) return content;
  }
  return whole.replaceAll(MENTION, lookAlike);
}

/** Whether nothing has to be given up to show the page. */
export function suits(markdown: string): boolean {
  return length(inert(render(markdown.toWellFormed()))) <= SUITABLE;
}

/** Mentions one person (docs.discord.com, Message Formatting); whom that notifies, `allowed_mentions` says. */
export function nudgeText(sentence: string, { person, link }: Nudge): string {
  return `<@${person}> ${link === undefined ? sentence : `[${sentence}](${link})`}`;
}

/** U+200A. Of a character without width it is said that Discord drops it and notifies all the same (discord-bot-best-practices#3). */
const HAIR_SPACE = "\u200A";

/** What the sign and the word may have between them for Discord still to read a mention (discord-api-docs#1241). */
const DROPPED = String.raw`[\p{M}\p{Cf}]*`;
/** `@everyone`, `@here` with any sign that normalises to `@`; `<@1>`, `<@!1>`, `<@&1>`, `<#1>` (docs.discord.com, Message Formatting). */
const MENTION = new RegExp(
  String.raw`[@\uFF20\uFE6B]${DROPPED}(?:everyone|here)|<${DROPPED}(?:@${DROPPED}[!&]?|#)${DROPPED}\d+${DROPPED}>`,
  "giu",
);
const ADDRESS_OR_MENTION = new RegExp(String.raw`https?:\/\/[^\s<>]+|${MENTION.source}`, "giu");

/** In code Discord reads no mentions, and people copy it; unless there is a backtick around of which it may be in doubt what it opens. */
function inert(content: string): string {
  if (content.includes("\\`")) return content.replaceAll(MENTION, apart);
  return outsideCode(content, (prose) =>
    prose.replaceAll(ADDRESS_OR_MENTION, (found) =>
      /^http/i.test(found) ? found.replaceAll(MENTION, (mention) => `%40${mention.slice(1)}`) : apart(found),
    ),
  );
}

const apart = (mention: string) => mention.charAt(0) + HAIR_SPACE + mention.slice(1);

/** As long as the mention: letters that look alike, but are others by any of Unicode's forms. */
function lookAlike(mention: string): string {
  if (mention.startsWith("<")) return `‹${mention.slice(1)}`;
  return mention.replace(/[eh]/i, (letter) => (letter.toLowerCase() === "e" ? "е" : "һ"));
}
