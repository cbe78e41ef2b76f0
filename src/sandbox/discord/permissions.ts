import { CHANNEL_TYPE, isThread, type Channel, type Guild, type World } from "./world.ts";

/** The bits that the twin checks (Discord, Permissions, Bitwise Permission Flags). */
export const PERMISSION = {
  ADMINISTRATOR: 1n << 3n,
  MANAGE_CHANNELS: 1n << 4n,
  ADD_REACTIONS: 1n << 6n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  MANAGE_MESSAGES: 1n << 13n,
  EMBED_LINKS: 1n << 14n,
  ATTACH_FILES: 1n << 15n,
  READ_MESSAGE_HISTORY: 1n << 16n,
  MENTION_EVERYONE: 1n << 17n,
  CONNECT: 1n << 20n,
  MANAGE_THREADS: 1n << 34n,
  CREATE_PUBLIC_THREADS: 1n << 35n,
  CREATE_PRIVATE_THREADS: 1n << 36n,
  SEND_MESSAGES_IN_THREADS: 1n << 38n,
} as const;

export type Permission = keyof typeof PERMISSION;

const ALL = (1n << 53n) - 1n;

/** What anyone may do in a DM. */
const IN_DM = sum(
  "VIEW_CHANNEL",
  "SEND_MESSAGES",
  "READ_MESSAGE_HISTORY",
  "ADD_REACTIONS",
  "EMBED_LINKS",
  "ATTACH_FILES",
);

/**
 * What a bot that talks in channels and threads is usually given. MENTION_EVERYONE is among it, because a
 * new server's @everyone has it: a bot that does not hold its mentions back is to be seen doing so.
 */
export const USUAL_PERMISSIONS = sum(
  "VIEW_CHANNEL",
  "SEND_MESSAGES",
  "SEND_MESSAGES_IN_THREADS",
  "CREATE_PUBLIC_THREADS",
  "CREATE_PRIVATE_THREADS",
  "READ_MESSAGE_HISTORY",
  "ADD_REACTIONS",
  "EMBED_LINKS",
  "ATTACH_FILES",
  "MENTION_EVERYONE",
);

/** One number of several permissions. */
export function sum(...names: readonly Permission[]): bigint {
  return names.reduce((bits, name) => bits | PERMISSION[name], 0n);
}

/** What a user may do in a channel: roles, then the channel's exceptions, then what the lack of one thing takes away. */
export function permissionsIn(world: World, userId: string, channel: Channel): bigint {
  if (channel.type === CHANNEL_TYPE.dm)
    return channel.recipientId === userId || userId === world.bot.id ? IN_DM : 0n;
  const guild = world.guilds.get(channel.guildId ?? "");
  if (!guild?.members.has(userId)) return 0n;
  const base = basePermissions(guild, userId);
  if (base === ALL) return ALL;
  // A thread has no exceptions of its own: it inherits its parent's (Discord, Threads, Permissions).
  const parent = isThread(channel) ? world.channels.get(channel.parentId ?? "") : channel;
  return implied(overwritten(base, { guild, userId, channel: parent ?? channel }), userId, channel);
}

export function can(world: World, userId: string, channel: Channel, permission: Permission): boolean {
  return (permissionsIn(world, userId, channel) & PERMISSION[permission]) !== 0n;
}

/** What a user may do in a guild as a whole. */
export function basePermissions(guild: Guild, userId: string): bigint {
  if (guild.ownerId === userId) return ALL;
  const roles = [guild.id, ...(guild.members.get(userId)?.roles ?? [])];
  const bits = roles.reduce((bits, id) => bits | (guild.roles.get(id)?.permissions ?? 0n), 0n);
  return bits & PERMISSION.ADMINISTRATOR ? ALL : bits;
}

function overwritten(base: bigint, of: { guild: Guild; userId: string; channel: Channel }): bigint {
  const { guild, userId, channel } = of;
  const member = guild.members.get(userId);
  const everyone = channel.overwrites.filter((entry) => entry.id === guild.id);
  const roles = channel.overwrites.filter((entry) => entry.id !== guild.id && member?.roles.has(entry.id));
  const own = channel.overwrites.filter((entry) => entry.id === userId);
  return [everyone, roles, own].reduce((bits, entries) => {
    const deny = entries.reduce((sum, entry) => sum | (entry.deny ?? 0n), 0n);
    const allow = entries.reduce((sum, entry) => sum | (entry.allow ?? 0n), 0n);
    return (bits & ~deny) | allow;
  }, base);
}

/** Discord, Permissions, Implicit Permissions; and private threads are seen by their members and moderators alone. */
function implied(bits: bigint, userId: string, channel: Channel): bigint {
  if (channel.type === CHANNEL_TYPE.voice && !(bits & PERMISSION.CONNECT)) return PERMISSION.VIEW_CHANNEL;
  if (channel.type === CHANNEL_TYPE.privateThread && !(bits & PERMISSION.MANAGE_THREADS)) {
    if (!channel.thread?.members.has(userId)) return 0n;
  }
  const send = isThread(channel) ? PERMISSION.SEND_MESSAGES_IN_THREADS : PERMISSION.SEND_MESSAGES;
  return bits & send ? bits : bits & ~sum("MENTION_EVERYONE", "EMBED_LINKS", "ATTACH_FILES");
}
