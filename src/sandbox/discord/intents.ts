import type { PrivilegedIntent } from "./options.ts";

/** Discord, Gateway, List of Intents. */
export const INTENT = {
  GUILDS: 1 << 0,
  GUILD_MEMBERS: 1 << 1,
  GUILD_MODERATION: 1 << 2,
  GUILD_EXPRESSIONS: 1 << 3,
  GUILD_INTEGRATIONS: 1 << 4,
  GUILD_WEBHOOKS: 1 << 5,
  GUILD_INVITES: 1 << 6,
  GUILD_VOICE_STATES: 1 << 7,
  GUILD_PRESENCES: 1 << 8,
  GUILD_MESSAGES: 1 << 9,
  GUILD_MESSAGE_REACTIONS: 1 << 10,
  GUILD_MESSAGE_TYPING: 1 << 11,
  DIRECT_MESSAGES: 1 << 12,
  DIRECT_MESSAGE_REACTIONS: 1 << 13,
  DIRECT_MESSAGE_TYPING: 1 << 14,
  MESSAGE_CONTENT: 1 << 15,
  GUILD_SCHEDULED_EVENTS: 1 << 16,
  AUTO_MODERATION_CONFIGURATION: 1 << 20,
  AUTO_MODERATION_EXECUTION: 1 << 21,
  GUILD_MESSAGE_POLLS: 1 << 24,
  DIRECT_MESSAGE_POLLS: 1 << 25,
} as const;

export const EVERY_INTENT = Object.values(INTENT).reduce<number>((bits, bit) => bits | bit, 0);

const PRIVILEGED: readonly PrivilegedIntent[] = ["GUILD_MEMBERS", "GUILD_PRESENCES", "MESSAGE_CONTENT"];

/** The privileged intents among those asked for that are not switched on for the application. */
export function disallowed(intents: number, granted: readonly PrivilegedIntent[]): PrivilegedIntent[] {
  return PRIVILEGED.filter((name) => intents & INTENT[name] && !granted.includes(name));
}

const FAMILIES: readonly (readonly [pattern: RegExp, inGuild: number, inDm: number])[] = [
  [/^MESSAGE_REACTION_/, INTENT.GUILD_MESSAGE_REACTIONS, INTENT.DIRECT_MESSAGE_REACTIONS],
  [/^MESSAGE_/, INTENT.GUILD_MESSAGES, INTENT.DIRECT_MESSAGES],
  [/^TYPING_START$/, INTENT.GUILD_MESSAGE_TYPING, INTENT.DIRECT_MESSAGE_TYPING],
  [/^CHANNEL_PINS_UPDATE$/, INTENT.GUILDS, INTENT.DIRECT_MESSAGES],
  [/^GUILD_MEMBER_/, INTENT.GUILD_MEMBERS, 0],
  [/^(GUILD|CHANNEL|THREAD)_/, INTENT.GUILDS, 0],
];

/** The intents of which a session needs one to get this event. 0: everyone gets it. */
export function intentsFor(event: string, inGuild: boolean): number {
  const family = FAMILIES.find(([pattern]) => pattern.test(event));
  return family ? family[inGuild ? 1 : 2] : 0;
}
