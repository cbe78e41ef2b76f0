import type { Nudge } from "../chat/platform.ts";
import { tidy } from "../markdown/tidy.ts";
import { render } from "./blocks.ts";
import { inert, inertInPlace } from "./inert.ts";

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
    const content = inert(render(tidy(whole), tight));
    if (length(content) <= CONTENT_LIMIT) return content;
  }
  return inertInPlace(whole);
}

/** Whether nothing has to be given up to show the page. */
export function suits(markdown: string): boolean {
  return length(inert(render(tidy(markdown.toWellFormed())))) <= SUITABLE;
}

/** Mentions one person (docs.discord.com, Message Formatting); whom that notifies, `allowed_mentions` says. */
export function nudgeText(sentence: string, { person, link }: Nudge): string {
  return `<@${person}> ${link === undefined ? sentence : `[${sentence}](${link})`}`;
}
