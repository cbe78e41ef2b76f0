import type { Limits, Nudge } from "../chat/platform.ts";
import { tidy } from "../markdown/tidy.ts";
import { inSlackDialect, suits, withoutHairSpaces } from "./dialect.ts";
import { keptIndents, withoutKeptIndents } from "./indent.ts";
import { inert, withoutBreaks as withoutMentionBreaks } from "./inert.ts";

/** What `chat.postMessage` and `chat.update` show of a page. A `markdown` block takes standard Markdown (docs.slack.dev, Markdown block). */
export interface SlackContent {
  /** For notifications and screen readers: the block is what people see. */
  readonly text: string;
  readonly blocks: readonly [{ readonly type: "markdown"; readonly text: string }];
}

/**
 * Slack documents 12,000 characters over all markdown blocks of a message (docs.slack.dev, Markdown block), refuses from some 13,200
 * on over all blocks (slackapi/bolt-js#2509), and was measured to count UTF-8 bytes, of which it took 10,600 (openclaw/openclaw#143882).
 */
const MAX_BYTES = 10_500;
/** Bytes of Markdown in a page: less, since what makes it inert and legible takes room as well. */
const PAGE_LENGTH = 9_000;

/** Posts in a channel, edits and appends in a workspace: see `LIMITS`. */
export const POSTS = { paints: 5, windowMs: 5_000 };
export const EDITS = { paints: 50, windowMs: 60_000 };
export const APPENDS = { paints: 100, windowMs: 60_000 };

/**
 * docs.slack.dev, Rate limits. chat.postMessage: about one a second in a channel, with short bursts above it, of which five
 * seconds' worth are used here, and "several hundred" a minute in a workspace, of which three hundred are. chat.update: tier 3, 50 and more a minute in a workspace.
 * chat.appendStream: tier 4, 100 and more; chat.stopStream: tier 2, 20 and more. chat.startStream is counted where it is decided on.
 */
export const LIMITS: Limits = {
  pageLength: PAGE_LENGTH,
  unit: "utf8",
  suits,
  budgets: [
    { covers: ["post"], per: "channel", ...POSTS },
    { covers: ["post"], per: "workspace", paints: 300, windowMs: 60_000 },
    { covers: ["edit"], per: "workspace", ...EDITS, endings: ["post", "edit"] },
    { covers: ["append"], per: "workspace", ...APPENDS, endings: [] },
    { covers: ["stop"], per: "workspace", paints: 20, windowMs: 60_000, endings: [] },
  ],
  tools: true,
};

/** Slack takes a gigabyte, and shows the beginning of what has no more than one megabyte (docs.slack.dev, Working with files): beyond that it goes on in another. */
const MOST_FILE_LENGTH = 3_000_000;

/** The limits of a bot that posts code of more pages as a file. */
export const withFiles = (afterPages: number): Limits => ({
  ...LIMITS,
  files: { afterPages, maxLength: MOST_FILE_LENGTH },
});

/** What models write as a `markdown` block shows it best. */
export function inSlackMarkdown(markdown: string): string {
  return keptIndents(inSlackDialect(tidy(markdown)));
}

/**
 * Markdown as Slack may be given it: nothing in it notifies anybody, and no page of `LIMITS.pageLength` becomes too long. Pure; the same
 * page always gives the same content.
 */
export function formatPage(markdown: string): SlackContent {
  const whole = sendable(markdown);
  const formatted = inert(inSlackMarkdown(whole));
  const text = new TextEncoder().encode(formatted).length <= MAX_BYTES ? formatted : inert(whole, () => "(");
  return { text: notificationText(whole), blocks: [{ type: "markdown", text }] };
}

/**
 * A half of a surrogate pair cannot be sent: the request's encoding fails on it. What NUL is to a reader of Markdown is U+FFFD
 * (spec.commonmark.org, Insecure characters).
 */
export function sendable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}

/** mrkdwn that mentions one person (docs.slack.dev, Formatting message text). */
export function nudgeText(sentence: string, { person, link }: Nudge): string {
  if (link === undefined) return `<@${person}> ${sentence}`;
  return `<@${person}> <${link.replaceAll("&", "&amp;")}|${sentence}>`;
}

/** Takes back what `formatPage` put into a page, for pages that are read again. */
export function withoutBreaks(markdown: string): string {
  return withoutMentionBreaks(withoutHairSpaces(withoutKeptIndents(markdown)));
}

/** Characters of a notification's text. Far below the 4,000 bytes that chat.update takes (docs.slack.dev, chat.update, msg_too_long). */
const NOTIFICATION_LENGTH = 150;

/** The beginning of a page, without marks, escaped: `text` is read as mrkdwn. */
function notificationText(markdown: string): string {
  const plain = withoutBreaks(inSlackDialect(tidy(firstUnits(markdown, 4 * NOTIFICATION_LENGTH))))
    .replaceAll(/^[ \t]*(?:>[ \t]?)+/gmu, "")
    .replaceAll(/^[ \t]*(?:\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t:-]*)*|=+)$/gmu, "")
    .replaceAll(/^[ \t]*\|(.*)\|[ \t]*$/gmu, (_, row: string) =>
      row.trim().replaceAll(/\s*(?<!\\)\|\s*/gu, ", "),
    )
    .replaceAll(/(?<!\\)!?\[((?:[^[\]\n]|\[[^[\]\n]*\])*)\]\((?:[^()\n]|\([^()\n]*\))*\)/gu, "$1")
    .replaceAll(/^\s*(?:(?:```|~~~).*|#{1,6} |[-*+] )|[ \t]#+$/gmu, "")
    .replaceAll(/(?<![\w\\])[*_~`]+(?=\S)|(?<=[^\s\\])[*_~`]+(?!\w)/gu, "")
    .replaceAll(/\\(?=[!-/:-@[-`{-~])/gu, "")
    .replaceAll(/\s+/gu, " ")
    .trim();
  const cut = plain.length > NOTIFICATION_LENGTH ? `${firstUnits(plain, NOTIFICATION_LENGTH - 1)}…` : plain;
  return inert(cut.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")) || "…";
}

/** At most `count` UTF-16 units, without half a surrogate pair at the end. */
function firstUnits(text: string, count: number): string {
  return text.slice(0, count).replace(/\p{Cs}$/u, "");
}
