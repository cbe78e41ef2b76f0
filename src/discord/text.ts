import { outsideCode } from "./prose.ts";

/** What the ids in a message's text are called, by id. */
export interface Names {
  readonly users: Readonly<Record<string, string>>;
  readonly roles: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, string>>;
}

/** Users `<@1>` `<@!1>`, roles `<@&1>`, channels `<#1>`, emoji `<:name:1>` `<a:name:1>`, commands `</name:1>`, times `<t:1:R>`. */
const MARKUP =
  /<(?:@!?(?<user>\d+)|@&(?<role>\d+)|#(?<channel>\d+)|a?:(?<emoji>\w+):\d+|\/(?<command>[^:<>]+):\d+|t:(?<time>-?\d+)(?::[a-zA-Z])?)>/g;

type Markup = Partial<Record<"user" | "role" | "channel" | "emoji" | "command" | "time", string>>;

/** Discord's content → Markdown with names in place of ids. What has no name is called as Discord's client calls it. */
export function toMarkdown(content: string, names: Names): string {
  return outsideCode(content, (prose) =>
    prose.replace(MARKUP, (...match: unknown[]) => nameOf(match.at(-1) as Markup, names) ?? String(match[0])),
  );
}

function nameOf(markup: Markup, names: Names): string | undefined {
  const { user, role, channel, emoji, command, time } = markup;
  if (user !== undefined) return `@${names.users[user] ?? "unknown-user"}`;
  if (role !== undefined) return `@${names.roles[role] ?? "unknown-role"}`;
  if (channel !== undefined) return `#${names.channels[channel] ?? "unknown"}`;
  if (emoji !== undefined) return `:${emoji}:`;
  if (command !== undefined) return `/${command}`;
  return time === undefined ? undefined : formatTime(Number(time));
}

/** To the minute, in UTC. Undefined for a time that no calendar has. */
function formatTime(seconds: number): string | undefined {
  const date = new Date(seconds * 1_000);
  if (Number.isNaN(date.getTime())) return undefined;
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Which ids the text mentions, outside code: those are the ones that Discord shows and pings. */
export function mentionedIn(content: string): { readonly users: Set<string>; readonly roles: Set<string> } {
  const users = new Set<string>();
  const roles = new Set<string>();
  outsideCode(content, (prose) => {
    for (const [, kind, id] of prose.matchAll(/<@([!&]?)(\d+)>/g)) {
      if (id !== undefined) (kind === "&" ? roles : users).add(id);
    }
    return prose;
  });
  return { users, roles };
}

/** Leaves out the mentions that call the bot: those that the text begins or ends with. Others are part of a sentence. */
export function withoutCall(content: string, calls: readonly string[]): string {
  if (calls.length === 0) return content.trim();
  const call = `(?:${calls.join("|")})`;
  return content
    .replace(new RegExp(`^(?:\\s*${call}[ \\t]*[,:]?)+`), "")
    .replace(new RegExp(`(?:${call}\\s*)+$`), "")
    .trim();
}

/** The longest name of a thread (docs.discord.com, Channel Resource, Start Thread from Message). */
const NAME_LIMIT = 100;

/** A thread's name: the first words of the question. Never empty, never longer than Discord takes. */
export function threadName(question: string): string {
  const words = question.replaceAll(/\s+/g, " ").trim();
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(words)) return "Question";
  if (words.length <= NAME_LIMIT) return words;
  const wordEnd = words.lastIndexOf(" ", NAME_LIMIT - 1);
  const cut = wordEnd > NAME_LIMIT / 2 ? wordEnd : NAME_LIMIT - 1;
  const whole = words.slice(0, cut).replace(/[\uD800-\uDBFF]$/, "");
  return `${whole}…`;
}
