import {
  type Channel,
  type Message as DiscordMessage,
  type MessageSnapshot,
  PermissionFlagsBits,
} from "discord.js";
import type { Seen, SeenChannel } from "./parse.ts";
import type { Names } from "./text.ts";

/** Takes what matters of discord.js's message, and of what discord.js knows around it, as plain data. Reads only. */
export function seenOf(message: DiscordMessage): Seen {
  const { author, guild, guildId, member, mentions } = message;
  return {
    id: message.id,
    type: message.type,
    sentAt: message.createdTimestamp,
    // Without the message content intent it is empty; a partial message has none at all.
    content: message.content ?? "",
    forwarded: message.messageSnapshots.map((snapshot) => snapshot.content ?? ""),
    author: {
      id: author.id,
      name: member?.displayName ?? author.displayName,
      bot: author.bot || message.webhookId !== null,
    },
    ...(mentions.repliedUser ? { repliedTo: mentions.repliedUser.id } : {}),
    mentionsEveryone: mentions.everyone,
    channel: seenChannel(message.channel),
    ...(guildId === null ? {} : { guild: { id: guildId, ...(guild ? { name: guild.name } : {}) } }),
    names: namesIn(message),
  };
}

function seenChannel(channel: Channel): SeenChannel {
  const { id, type } = channel;
  if (channel.isDMBased()) return { id, type, isPublic: false };
  const { guild, name, parent } = channel;
  return {
    id,
    type,
    name,
    ...("topic" in channel && channel.topic !== null ? { topic: channel.topic } : {}),
    isPublic: channel.permissionsFor(guild.roles.everyone)?.has(PermissionFlagsBits.ViewChannel) ?? false,
    ...(parent ? { parent: seenChannel(parent) } : {}),
  };
}

/** What the ids in the message and in those that it forwards are called, as far as Discord said or the cache knows. */
function namesIn(message: DiscordMessage): Names {
  const texts: readonly (DiscordMessage | MessageSnapshot)[] = [
    message,
    ...message.messageSnapshots.values(),
  ];
  const users: Record<string, string> = {};
  const roles: Record<string, string> = {};
  const channels: Record<string, string> = {};
  for (const { content, mentions } of texts) {
    for (const [id, user] of mentions.users)
      users[id] = mentions.members?.get(id)?.displayName ?? user.displayName;
    for (const [id, channel] of mentions.channels)
      if ("name" in channel && channel.name) channels[id] = channel.name;
    // Not from `mentions.roles`: of a role that may not be notified, Discord need not say that it is mentioned.
    for (const [, id = ""] of (content ?? "").matchAll(/<@&(\d+)>/g)) {
      const role = message.guild?.roles.cache.get(id);
      if (role) roles[id] = role.name;
    }
  }
  return { users, roles, channels };
}
