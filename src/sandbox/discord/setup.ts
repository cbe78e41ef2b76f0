/* Building the world: people, guilds, roles, channels. The driver's side of what admins do. */
import type { Core, Settings } from "./core.ts";
import { publishChannel, withAccess } from "./deeds/channels.ts";
import type { DiscordTwin } from "./driver.ts";
import type { ChannelKind, NewChannel, NewGuild, NewRole, NewUser } from "./given.ts";
import { guildCreateJson, rolesJson } from "./json/guild.ts";
import { memberWithUserJson } from "./json/people.ts";
import { createSnowflakes } from "./snowflake.ts";
import { shownChannel, shownUser } from "./view.ts";
import { CHANNEL_TYPE, need, type Channel, type Guild, type Role, type User, type World } from "./world.ts";

type Setup = Pick<
  DiscordTwin,
  "addUser" | "addGuild" | "addRole" | "addChannel" | "acceptDms" | "grant" | "kick" | "invite"
>;

/** A world with the bot and one guild, whose owner is a person. */
export function createWorld(settings: Settings): { world: World; guild: Guild } {
  const now = (): number => settings.clock.now();
  const newId = createSnowflakes(now);
  const applicationId = newId();
  const bot = newUser(applicationId, { name: settings.botName, bot: true });
  const world: World = {
    applicationId,
    bot,
    users: new Map([[bot.id, bot]]),
    guilds: new Map(),
    channels: new Map(),
    typing: new Map(),
    webhooks: new Map(),
    nonces: new Map(),
    interactions: new Map(),
    commands: new Map(),
    newId,
    now,
  };
  return { world, guild: newGuild(world, settings, { name: settings.guildName }) };
}

function newUser(id: string, { name, displayName, bot }: NewUser): User {
  return { id, name, displayName: displayName ?? null, bot: bot ?? false, acceptsDms: true };
}

/** The bot joins with a role of its own, as an invite makes it. Every guild has its own owner. */
function newGuild(world: World, settings: Settings, given: NewGuild): Guild {
  const id = idOfShard(world.newId(), given.shard ?? [0, 1]);
  const owner = newUser(world.newId(), { name: `owner-of-${id.slice(-4)}`, displayName: "Owner" });
  world.users.set(owner.id, owner);
  const everyone: Role = {
    id,
    name: "@everyone",
    permissions: given.everyone ?? settings.everyone,
    position: 0,
    mentionable: false,
  };
  const guild: Guild = {
    id,
    name: given.name,
    ownerId: owner.id,
    roles: new Map([[id, everyone]]),
    members: new Map([[owner.id, { userId: owner.id, roles: new Set(), joinedAt: world.now() }]]),
  };
  world.guilds.set(id, guild);
  if (given.withBot ?? true) addBot(world, guild, given.permissions ?? settings.permissions);
  return guild;
}

/** The id, made up to some milliseconds later, so that it is one of the shard's (Discord, Gateway, Sharding Formula). */
function idOfShard(id: string, [index, count]: readonly [number, number]): string {
  const own = Number((BigInt(id) >> 22n) % BigInt(count));
  return String(BigInt(id) + (BigInt((index - own + count) % count) << 22n));
}

function addBot(world: World, guild: Guild, permissions: bigint): void {
  const { bot } = world;
  const role: Role = {
    id: world.newId(),
    name: bot.name,
    permissions,
    position: 1,
    mentionable: false,
    botId: bot.id,
  };
  guild.roles.set(role.id, role);
  guild.members.set(bot.id, { userId: bot.id, roles: new Set([role.id]), joinedAt: world.now() });
}

const TYPE_OF: Readonly<Record<ChannelKind, number>> = {
  text: CHANNEL_TYPE.text,
  announcement: CHANNEL_TYPE.announcement,
  forum: CHANNEL_TYPE.forum,
  category: CHANNEL_TYPE.category,
  voice: CHANNEL_TYPE.voice,
};

export function setupOf(core: Core, first: Guild): Setup {
  const { world, settings } = core;
  const guildNamed = (id: string | undefined): Guild => need(world.guilds, id ?? first.id, "guild");

  return {
    addUser: (given) => {
      const user = newUser(world.newId(), given);
      world.users.set(user.id, user);
      for (const id of given.guilds ?? world.guilds.keys()) addMember(core, guildNamed(id), user);
      return shownUser(user);
    },
    addGuild: (given) => {
      const guild = newGuild(world, settings, given);
      if (guild.members.has(world.bot.id)) publishGuild(core, guild);
      return guild.id;
    },
    invite: (id, permissions) => {
      const guild = guildNamed(id);
      addBot(world, guild, permissions ?? settings.permissions);
      publishGuild(core, guild);
    },
    kick: (id) => {
      const guild = guildNamed(id);
      core.publish({ name: "GUILD_DELETE", guildId: id, data: () => ({ id }) });
      for (const role of guild.roles.values()) if (role.botId) guild.roles.delete(role.id);
      guild.members.delete(world.bot.id);
    },
    addRole: (given) => addRole(core, guildNamed(given.guild), given),
    addChannel: (given) => addChannel(core, guildNamed(given.guild), given).id,
    acceptDms: (id, accepts) => {
      need(world.users, id, "user").acceptsDms = accepts;
    },
    grant: (permissions, id) => {
      const guild = guildNamed(id);
      const role = [...guild.roles.values()].find(({ botId }) => botId === world.bot.id);
      if (!role) throw new Error(`The bot is not in guild ${guild.id}.`);
      withAccess(core, guild, () => {
        role.permissions = permissions;
        publishRole(core, guild, { role, name: "GUILD_ROLE_UPDATE" });
      });
    },
  };
}

function publishGuild(core: Core, guild: Guild): void {
  const data = () => guildCreateJson(core.world, guild);
  core.publish({ name: "GUILD_CREATE", guildId: guild.id, data });
}

function addMember(core: Core, guild: Guild, user: User): void {
  const member = { userId: user.id, roles: new Set<string>(), joinedAt: core.world.now() };
  guild.members.set(user.id, member);
  core.publish({
    name: "GUILD_MEMBER_ADD",
    guildId: guild.id,
    data: () => ({ ...memberWithUserJson(core.world, member), guild_id: guild.id }),
  });
}

function addRole(core: Core, guild: Guild, given: NewRole): string {
  const role: Role = {
    id: core.world.newId(),
    name: given.name,
    permissions: given.permissions ?? 0n,
    position: guild.roles.size,
    mentionable: given.mentionable ?? false,
  };
  guild.roles.set(role.id, role);
  publishRole(core, guild, { role, name: "GUILD_ROLE_CREATE" });
  for (const id of given.members ?? []) need(guild.members, id, "member").roles.add(role.id);
  return role.id;
}

function publishRole(core: Core, guild: Guild, of: { role: Role; name: string }): void {
  core.publish({
    name: of.name,
    guildId: guild.id,
    data: () => ({ guild_id: guild.id, role: rolesJson(guild).find(({ id }) => id === of.role.id) }),
  });
}

function addChannel(core: Core, guild: Guild, given: NewChannel): Channel {
  const { world } = core;
  const siblings = [...world.channels.values()].filter(
    ({ guildId, thread }) => guildId === guild.id && !thread,
  );
  const channel: Channel = {
    id: world.newId(),
    type: TYPE_OF[given.kind ?? "text"],
    guildId: guild.id,
    ...(given.parent ? { parentId: need(world.channels, given.parent, "category").id } : {}),
    position: siblings.length,
    slowmode: given.slowmode ?? 0,
    messages: new Map(),
    name: given.name,
    topic: given.topic ?? null,
    overwrites: given.overwrites ?? [],
    lastMessageId: null,
    lastPinAt: null,
  };
  world.channels.set(channel.id, channel);
  publishChannel(core, channel, "CHANNEL_CREATE");
  core.changed({ kind: "channel", channel: shownChannel(channel) });
  return channel;
}
