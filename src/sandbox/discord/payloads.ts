/* People, guilds and channels as Discord's JSON. The keys are those of real payloads, undocumented ones included. */
import { can } from "./permissions.ts";
import type { PrivilegedIntent } from "./options.ts";
import { byAge } from "./snowflake.ts";
import {
  CHANNEL_TYPE,
  isThread,
  type Channel,
  type Guild,
  type Member,
  type Role,
  type User,
  type World,
} from "./world.ts";

export type Json = Record<string, unknown>;

export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000+00:00");
}

export function userJson(user: User): Json {
  return {
    id: user.id,
    username: user.name,
    global_name: user.displayName,
    discriminator: user.bot ? user.id.slice(-4) : "0",
    avatar: null,
    avatar_decoration_data: null,
    clan: null,
    collectibles: null,
    display_name_styles: null,
    primary_guild: null,
    public_flags: 0,
    ...(user.bot ? { bot: true } : {}),
  };
}

/** As `GET /users/@me` and READY show the bot to itself. */
export function selfJson(user: User): Json {
  return { ...userJson(user), flags: 0, mfa_enabled: true, verified: true, email: null };
}

/** Without `user`: a message and a mention carry it beside their user. */
export function memberJson(member: Member): Json {
  return {
    roles: [...member.roles],
    nick: null,
    avatar: null,
    banner: null,
    joined_at: timestamp(member.joinedAt),
    premium_since: null,
    communication_disabled_until: null,
    pending: false,
    deaf: false,
    mute: false,
    flags: 0,
  };
}

export function memberWithUserJson(world: World, member: Member): Json {
  const user = world.users.get(member.userId);
  return { ...memberJson(member), ...(user ? { user: userJson(user) } : {}) };
}

function roleJson(role: Role): Json {
  return {
    id: role.id,
    name: role.name,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position: role.position,
    permissions: String(role.permissions),
    managed: role.botId !== undefined,
    mentionable: role.mentionable,
    flags: 0,
    ...(role.botId ? { tags: { bot_id: role.botId } } : {}),
  };
}

export function rolesJson(guild: Guild): Json[] {
  return [...guild.roles.values()].map(roleJson);
}

export function guildJson(guild: Guild): Json {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    description: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    features: [],
    emojis: [],
    stickers: [],
    roles: rolesJson(guild),
    owner_id: guild.ownerId,
    application_id: null,
    region: "deprecated",
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    default_message_notifications: 0,
    mfa_level: 0,
    explicit_content_filter: 0,
    nsfw_level: 0,
    max_presences: null,
    max_members: 25_000_000,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: "en-US",
  };
}

/** What the bot gets when it connects: channels and active threads that it can see, and itself as the only member it must know. */
export function guildCreateJson(world: World, guild: Guild): Json {
  const visible = channelsOf(world, guild).filter((channel) =>
    can(world, world.bot.id, channel, "VIEW_CHANNEL"),
  );
  const bot = guild.members.get(world.bot.id);
  return {
    ...guildJson(guild),
    joined_at: timestamp(bot?.joinedAt ?? world.now()),
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    voice_states: [],
    members: bot ? [memberWithUserJson(world, bot)] : [],
    channels: visible.filter((channel) => !isThread(channel)).map((channel) => channelJson(world, channel)),
    threads: visible
      .filter((channel) => isThread(channel) && !channel.thread.archived)
      .map((channel) => channelJson(world, channel)),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

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

function threadJson(world: World, channel: Channel & Required<Pick<Channel, "thread">>): Json {
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

export function threadMemberJson(threadId: string, userId: string, joinedAt: number): Json {
  return { id: threadId, user_id: userId, join_timestamp: timestamp(joinedAt), flags: 1 };
}

/**
 * The application's flags tell which privileged intents are on. An application that did not have to be
 * reviewed has the LIMITED ones (Discord, Application Resource, Application Flags).
 */
export function applicationFlags(intents: readonly PrivilegedIntent[]): number {
  const bit = { GUILD_PRESENCES: 1 << 13, GUILD_MEMBERS: 1 << 15, MESSAGE_CONTENT: 1 << 19 };
  return intents.reduce((flags, intent) => flags | bit[intent], 0);
}
