import { can } from "./permissions.ts";
import type { Channel, Mentions, World } from "./world.ts";

/** `allowed_mentions` of a request. Absent: everything that is there counts (Discord, Allowed Mentions Object). */
export interface AllowedMentions {
  readonly parse?: readonly string[];
  readonly users?: readonly string[];
  readonly roles?: readonly string[];
  readonly replied_user?: boolean;
}

export interface Mentioning {
  readonly content: string;
  readonly channel: Channel;
  readonly authorId: string;
  readonly allowed?: AllowedMentions | undefined;
  /** The author of the message that is replied to. */
  readonly repliedId?: string | undefined;
}

/** Whom a message mentions, and which of the two forms of "everyone" it used. */
export interface Found extends Mentions {
  readonly atEveryone: boolean;
  readonly atHere: boolean;
  /** The reply's ping, when there is one. Also among `users`. */
  readonly repliedId?: string;
}

/** What counts as a mention in a message: what is written outside code, allowed by the request and by permissions. */
export function findMentions(world: World, of: Mentioning): Found {
  const { channel, allowed } = of;
  const text = withoutCode(of.content);
  const guild = world.guilds.get(channel.guildId ?? "");
  // People are trusted to do only what they may: only the bot's permissions are under test.
  const mayMentionAll =
    guild !== undefined &&
    (of.authorId !== world.bot.id || can(world, of.authorId, channel, "MENTION_EVERYONE"));
  const everyoneAllowed = mayMentionAll && allows(allowed, "everyone");

  const users = matches(text, /<@!?(\d+)>/g).filter(
    (id) => world.users.has(id) && allows(allowed, "users", id),
  );
  const roles = matches(text, /<@&(\d+)>/g).filter((id) => {
    const role = guild?.roles.get(id);
    return role && (role.mentionable || mayMentionAll) && allows(allowed, "roles", id);
  });
  const repliedId =
    of.repliedId !== undefined && (allowed ? allowed.replied_user === true : true) ? of.repliedId : undefined;
  const atEveryone = everyoneAllowed && text.includes("@everyone");
  const atHere = everyoneAllowed && text.includes("@here");
  return {
    everyone: atEveryone || atHere,
    atEveryone,
    atHere,
    roles,
    users: [...new Set([...users, ...(repliedId ? [repliedId] : [])])],
    ...(repliedId ? { repliedId } : {}),
  };
}

/** Mentions and links in code are plain text. */
export function withoutCode(content: string): string {
  return content.replace(/```[\s\S]*?```|(`+)[\s\S]*?\1/g, " ");
}

function matches(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ""))];
}

/** Either all of a kind (`parse`), or the ids that are named; `parse` alone is asked where there is no id. */
function allows(
  allowed: AllowedMentions | undefined,
  kind: "everyone" | "users" | "roles",
  id?: string,
): boolean {
  if (!allowed) return true;
  if (allowed.parse?.includes(kind)) return true;
  return id !== undefined && kind !== "everyone" && (allowed[kind] ?? []).includes(id);
}
