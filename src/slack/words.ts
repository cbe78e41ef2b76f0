import { clean } from "./markdown.ts";

/** What the ids of one workspace are called. A name that is not known is absent; the id then stands for it. */
export interface Names {
  user(id: string): string | undefined;
  channel(id: string): ChannelName | undefined;
}

export interface ChannelName {
  readonly name?: string;
  readonly topic?: string;
  readonly kind?: "public" | "private" | "dm" | "group_dm";
}

/**
 * Stands for the mention of the bot until the whole text is known: only then is it clear whether it merely calls. No
 * character at all by Unicode's rules, so that no text has one.
 */
export const BOT_MARK = "\uFDD1";

/** How references become words in Markdown. */
export interface Words {
  user(id: string, label?: string): string;
  channel(id: string, label?: string): string;
  group(id: string, label?: string): string;
  /** `here`, `channel`, `everyone`. */
  broadcast(range: string): string;
}

/** A name that cannot be mistaken for markup: people choose theirs freely. */
export function plainName(name: string): string {
  return clean(name)
    .replaceAll(/[<>\s]+/gu, " ")
    .trim();
}

export function createWords(names: Names, botUserId: string): Words {
  const call = (sigil: "@" | "#", name: string | undefined, id: string) =>
    `${sigil}${plainName(name ?? "").replace(/^[@#]+/, "") || plainName(id)}`;
  return {
    user: (id, label) => (id === botUserId ? BOT_MARK : call("@", names.user(id) ?? label, id)),
    channel: (id, label) => call("#", names.channel(id)?.name ?? label, id),
    group: (id, label) => call("@", label, id),
    broadcast: (range) => call("@", range, range),
  };
}

/**
 * Leaves out the mention that calls the bot: those at the beginning, or else at the end. Anywhere else it is part of a
 * sentence, and becomes the bot's name.
 */
export function withoutCall(text: string, botName: string): string {
  const opening = text.replace(/^\s*(?:\uFDD1[\s,:;–-]*)+/u, "");
  const rest = opening === text ? withoutEnding(text) : opening;
  return rest.replaceAll(BOT_MARK, `@${plainName(botName)}`).trim();
}

/** No regular expression: one that looks for an ending takes quadratic time over long runs of white space. */
function withoutEnding(text: string): string {
  const body = text.trimEnd();
  const stop = /[.?!…]{0,4}$/u.exec(body)?.[0] ?? "";
  let rest = body.slice(0, body.length - stop.length).trimEnd();
  if (!rest.endsWith(BOT_MARK)) return text;
  while (rest.endsWith(BOT_MARK)) rest = rest.slice(0, -BOT_MARK.length).trimEnd();
  return `${rest.endsWith(",") ? rest.slice(0, -1) : rest}${stop}`;
}
