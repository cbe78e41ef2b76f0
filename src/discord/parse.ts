import type { Author, Call, Message } from "../chat/message.ts";
import type { ChannelKind, Whereabouts } from "../chat/place.ts";
import { type DiscordPlace, encodePlace, messageId, NO_GUILD } from "./place.ts";
import { mentionedIn, type Names, toMarkdown, withoutCall } from "./text.ts";

/** What the adapter sees of a message and its surroundings, as plain data. `seen.ts` takes it from discord.js. */
export interface Seen {
  readonly id: string;
  /** A number of the table "Message Types" (docs.discord.com, Message Resource). */
  readonly type: number;
  readonly sentAt: number;
  readonly content: string;
  /** The texts of the messages that this one forwards. */
  readonly forwarded: readonly string[];
  readonly author: { readonly id: string; readonly name: string; readonly bot: boolean };
  /** The author of the message that this one replies to, if that is still there. */
  readonly repliedTo?: string;
  /** It notifies everyone, or everyone who is here. */
  readonly mentionsEveryone: boolean;
  readonly channel: SeenChannel;
  /** Absent in a DM. */
  readonly guild?: { readonly id: string; readonly name?: string };
  readonly names: Names;
}

export interface SeenChannel {
  readonly id: string;
  /** A number of the table "Channel Types" (docs.discord.com, Channel Resource). */
  readonly type: number;
  readonly name?: string;
  readonly topic?: string;
  /** Everyone in the guild may see it. */
  readonly isPublic: boolean;
  /** The thread's channel or forum, or the channel's category. */
  readonly parent?: SeenChannel;
}

/** Who the bot is. Its own role is the one that Discord manages for it in the guild. */
export interface Self {
  readonly id: string;
  readonly role?: string;
}

/** Default, reply, and what a command of an application posts. Everything else is said by Discord, in somebody's name. */
const SAID = new Set([0, 19, 20, 23]);
const DM = 1;
const GUILD_FORUMS = new Set([15, 16]);
const THREADS = new Set([10, 11, 12]);
const PRIVATE_THREAD = 12;
/** Text and announcement channels: threads can hang on their messages. */
const HOLDS_THREADS = new Set([0, 5]);

/** Whether somebody says what a message of this type says. */
export function isSaid(type: number): boolean {
  return SAID.has(type);
}

/**
 * Discord's message → ours, or undefined if nobody said it or its thread's channel is not known. Total. With
 * `reply: thread`, each message of a channel stands for the thread that would hang on it.
 */
export function parse(seen: Seen, self: Self, reply: "channel" | "thread"): Message | undefined {
  const place = isSaid(seen.type) ? placeOf(seen, reply) : undefined;
  if (!place) return undefined;
  return {
    key: `discord:${seen.channel.id}:${seen.id}`,
    platform: "discord",
    place: encodePlace(place),
    id: messageId(seen.id),
    sentAt: seen.sentAt,
    author: authorOf(seen, self),
    text: textOf(seen, self),
    call: callOf(seen, self, place),
    where: whereOf(seen, place),
  };
}

function placeOf({ id, channel, guild }: Seen, reply: "channel" | "thread"): DiscordPlace | undefined {
  if (!guild) return { kind: "dm", channel: channel.id };
  if (THREADS.has(channel.type)) {
    return (
      channel.parent && { kind: "thread", guild: guild.id, parent: channel.parent.id, thread: channel.id }
    );
  }
  if (reply === "thread" && HOLDS_THREADS.has(channel.type)) {
    return { kind: "thread", guild: guild.id, parent: channel.id, thread: id };
  }
  return { kind: "channel", guild: guild.id, channel: channel.id };
}

function authorOf({ author }: Seen, self: Self): Author {
  const kind = author.id === self.id ? "self" : author.bot ? "bot" : "person";
  return { id: author.id, name: author.name, kind };
}

/** The ways in which a text can mention the bot. */
function mentionsOf(self: Self): string[] {
  return [`<@${self.id}>`, `<@!${self.id}>`, ...(self.role === undefined ? [] : [`<@&${self.role}>`])];
}

function textOf(seen: Seen, self: Self): string {
  const said = toMarkdown(withoutCall(seen.content, mentionsOf(self)), seen.names);
  const forwarded = seen.forwarded
    .map((content) => toMarkdown(content, seen.names).trim())
    .filter((text) => text !== "")
    .map((text) => text.replaceAll(/^/gm, "> "));
  return [said, ...forwarded].filter((part) => part !== "").join("\n\n");
}

function callOf(seen: Seen, self: Self, place: DiscordPlace): Call {
  const { users, roles } = mentionedIn(seen.content);
  const mentionsBot = users.has(self.id) || (self.role !== undefined && roles.has(self.role));
  const repliesToBot = seen.repliedTo === self.id;
  const others = new Set([...users, ...roles, ...(seen.repliedTo === undefined ? [] : [seen.repliedTo])]);
  others.delete(seen.author.id);
  const startsPlace = place.kind === "thread" && place.thread === seen.id;
  return {
    mentionsBot,
    repliesToBot,
    mentionsOthers: !mentionsBot && !repliesToBot && (others.size > 0 || seen.mentionsEveryone),
    inThread: place.kind === "thread" && !startsPlace,
    startsPlace,
  };
}

function whereOf({ guild, channel }: Seen, place: DiscordPlace): Whereabouts {
  const isThread = THREADS.has(channel.type);
  const home = (isThread && channel.parent) || channel;
  const parent = GUILD_FORUMS.has(home.type) ? home.name : home.parent?.name;
  return {
    workspaceId: guild?.id ?? NO_GUILD,
    ...named("workspaceName", guild?.name),
    channelId: home.id,
    ...named("channelName", home.name),
    channelKind: kindOf(channel, home),
    ...named("channelTopic", home.topic),
    ...named("parentChannel", parent),
    ...(place.kind === "thread" ? { threadId: place.thread } : {}),
    ...named("threadName", isThread ? channel.name : undefined),
  };
}

function kindOf(channel: SeenChannel, home: SeenChannel): ChannelKind {
  if (channel.type === DM) return "dm";
  return channel.type !== PRIVATE_THREAD && home.isPublic ? "public" : "private";
}

/** A name that is not known is absent. */
function named<Key extends string>(key: Key, name: string | undefined): { [K in Key]?: string } {
  return name === undefined || name === "" ? {} : ({ [key]: name } as { [K in Key]?: string });
}
