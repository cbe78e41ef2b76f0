import { can } from "../permissions.ts";
import { isThread, type Channel, type Guild, type Role, type World } from "../world.ts";
import { channelJson, channelsOf } from "./channel.ts";
import { memberWithUserJson, timestamp, type Json } from "./people.ts";

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

/** What the bot gets when it connects: every channel, the active threads that it can see, and itself as the only member it must know. */
export function guildCreateJson(world: World, guild: Guild): Json {
  const channels = channelsOf(world, guild);
  const bot = guild.members.get(world.bot.id);
  return {
    ...guildJson(guild),
    joined_at: timestamp(bot?.joinedAt ?? world.now()),
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    voice_states: [],
    members: bot ? [memberWithUserJson(world, bot)] : [],
    // The hidden ones, too: Discord leaves it to the bot to look at their overwrites.
    channels: channels.filter((channel) => !isThread(channel)).map((channel) => channelJson(world, channel)),
    threads: activeThreads(world, guild).map((channel) => channelJson(world, channel)),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** Those that the bot can see. */
export function activeThreads(world: World, guild: Guild): Channel[] {
  return channelsOf(world, guild).filter(
    (channel) =>
      isThread(channel) && !channel.thread.archived && can(world, world.bot.id, channel, "VIEW_CHANNEL"),
  );
}
