/* People as Discord's JSON. The keys are those of real payloads, undocumented ones included. */
import type { PrivilegedIntent } from "../options.ts";
import type { Member, User, World } from "../world.ts";

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
  return {
    ...userJson(user),
    flags: 0,
    banner: null,
    banner_color: null,
    accent_color: null,
    bio: "",
    locale: "en-US",
    premium_type: 0,
    mfa_enabled: true,
    verified: true,
    email: null,
  };
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

/**
 * The application's flags tell which privileged intents are on. An application that did not have to be
 * reviewed has the LIMITED ones (Discord, Application Resource, Application Flags).
 */
export function applicationFlags(intents: readonly PrivilegedIntent[]): number {
  const bit = { GUILD_PRESENCES: 1 << 13, GUILD_MEMBERS: 1 << 15, MESSAGE_CONTENT: 1 << 19 };
  return intents.reduce((flags, intent) => flags | bit[intent], 0);
}
