import type { ShownChannel, ShownMessage, ShownUser } from "./shown.ts";
import type { Channel, Message, User, World } from "./world.ts";

export function shownUser(user: User): ShownUser {
  return { id: user.id, name: user.name, displayName: user.displayName ?? user.name, bot: user.bot };
}

export function shownChannel(channel: Channel): ShownChannel {
  return {
    id: channel.id,
    type: channel.type,
    name: channel.name,
    ...(channel.guildId ? { guildId: channel.guildId } : {}),
    ...(channel.parentId ? { parentId: channel.parentId } : {}),
    ...(channel.topic === null ? {} : { topic: channel.topic }),
    archived: channel.thread?.archived ?? false,
    locked: channel.thread?.locked ?? false,
  };
}

export function shownMessage(world: World, message: Message): ShownMessage {
  return {
    id: message.id,
    channelId: message.channelId,
    type: message.type,
    author: authorOf(world, message),
    content: message.content,
    createdAt: message.createdAt,
    ...(message.editedAt === null ? {} : { editedAt: message.editedAt }),
    ...(message.reference?.type === 0 && message.reference.messageId
      ? { replyTo: message.reference.messageId }
      : {}),
    ...(message.nonce === undefined ? {} : { nonce: String(message.nonce) }),
    flags: message.flags,
    pinned: message.pinned,
    attachments: message.attachments.map(({ id, name, bytes }) => ({ id, name, size: bytes.length })),
    embeds: message.embeds.flatMap(({ url }) => (typeof url === "string" ? [{ url }] : [])),
    buttons: message.components.flat(),
    reactions: [...message.reactions].map(([emoji, users]) => ({ emoji, users: [...users] })),
    ...(message.threadId ? { threadId: message.threadId } : {}),
    history: [...message.history],
  };
}

function authorOf(world: World, message: Message): ShownUser {
  const { webhook, authorId } = message;
  if (webhook) return { id: webhook.id, name: webhook.name, displayName: webhook.name, bot: true };
  const user = world.users.get(authorId);
  return user ? shownUser(user) : { id: authorId, name: "deleted", displayName: "Deleted User", bot: false };
}
