import { byAge } from "../snowflake.ts";
import {
  CHANNEL_TYPE,
  isThread,
  type Channel,
  type Guild,
  type World,
  type ThreadChannel,
} from "../world.ts";
import { timestamp, userJson, type Json } from "./people.ts";

/** A guild's channels and threads, oldest first. */
export function channelsOf(world: World, guild: Guild): Channel[] {
  return [...world.channels.values()].filter((channel) => channel.guildId === guild.id).sort(byAge);
}

export function channelJson(world: World, channel: Channel): Json {
  if (channel.type === CHANNEL_TYPE.dm) return dmJson(world, channel);
  if (isThread(channel)) return threadJson(world, channel);
  const text = {
    topic: channel.topic,
    last_message_id: channel.lastMessageId,
    rate_limit_per_user: channel.slowmode,
    default_auto_archive_duration: 4320,
  };
  const forum = {
    available_tags: [],
    default_reaction_emoji: null,
    default_sort_order: null,
    default_forum_layout: 0,
  };
  return {
    id: channel.id,
    type: channel.type,
    guild_id: channel.guildId,
    name: channel.name,
    position: channel.position,
    parent_id: channel.parentId ?? null,
    flags: 0,
    permission_overwrites: channel.overwrites.map((entry) => ({
      id: entry.id,
      type: entry.of === "role" ? 0 : 1,
      allow: String(entry.allow ?? 0n),
      deny: String(entry.deny ?? 0n),
    })),
    nsfw: false,
    ...(channel.type === CHANNEL_TYPE.category ? {} : text),
    ...(channel.type === CHANNEL_TYPE.forum ? forum : {}),
    ...(channel.type === CHANNEL_TYPE.voice ? { bitrate: 64_000, user_limit: 0, rtc_region: null } : {}),
  };
}

function dmJson(world: World, channel: Channel): Json {
  const recipient = world.users.get(channel.recipientId ?? "");
  return {
    id: channel.id,
    type: channel.type,
    last_message_id: channel.lastMessageId,
    flags: 0,
    recipients: recipient ? [userJson(recipient)] : [],
  };
}

function threadJson(world: World, channel: ThreadChannel): Json {
  const { thread } = channel;
  const own = thread.members.get(world.bot.id);
  return {
    id: channel.id,
    type: channel.type,
    guild_id: channel.guildId,
    parent_id: channel.parentId,
    owner_id: thread.ownerId,
    name: channel.name,
    last_message_id: channel.lastMessageId,
    flags: 0,
    rate_limit_per_user: channel.slowmode,
    message_count: thread.messageCount,
    member_count: Math.min(thread.members.size, 50),
    total_message_sent: thread.totalSent,
    thread_metadata: {
      archived: thread.archived,
      archive_timestamp: timestamp(thread.archiveChangedAt),
      auto_archive_duration: thread.autoArchiveMinutes,
      locked: thread.locked,
      create_timestamp: timestamp(thread.createdAt),
      ...(channel.type === CHANNEL_TYPE.privateThread ? { invitable: true } : {}),
    },
    ...(own ? { member: threadMemberJson(channel.id, world.bot.id, own.joinedAt) } : {}),
  };
}

/** Threads with the bot's memberships among them, as lists and THREAD_LIST_SYNC have them. */
export function threadListJson(
  world: World,
  threads: readonly Channel[],
): { threads: Json[]; members: Json[] } {
  return {
    threads: threads.map((channel) => channelJson(world, channel)),
    members: threads.flatMap((channel) => {
      const own = channel.thread?.members.get(world.bot.id);
      return own ? [threadMemberJson(channel.id, world.bot.id, own.joinedAt)] : [];
    }),
  };
}

export function threadMemberJson(threadId: string, userId: string, joinedAt: number): Json {
  return { id: threadId, user_id: userId, join_timestamp: timestamp(joinedAt), flags: 1 };
}
