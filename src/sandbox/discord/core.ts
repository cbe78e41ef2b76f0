import type { DiscordTwinOptions, PrivilegedIntent, Rates } from "./options.ts";
import type { Eye } from "./json/message.ts";
import { USUAL_PERMISSIONS, PERMISSION } from "./permissions.ts";
import type { Json } from "./json/people.ts";
import type { Change, Notification, Unfurling } from "./shown.ts";
import { systemClock, type Clock } from "../../clock.ts";
import type { Channel, World } from "./world.ts";

/** The options, with nothing left open. */
export interface Settings {
  readonly token: string;
  readonly botName: string;
  readonly guildName: string;
  readonly permissions: bigint;
  readonly everyone: bigint;
  readonly privilegedIntents: readonly PrivilegedIntent[];
  readonly limited: boolean;
  readonly rates: Rates;
  readonly shards: number;
  readonly concurrency: number;
  readonly dailyStarts: number;
  readonly heartbeatMs: number;
  readonly resumableMs: number;
  readonly nonceMs: number;
  readonly clock: Clock;
}

/**
 * Discord documents the global rate, the gateway's and the identify's, and none of its routes'. For the routes these
 * are what bots observe: writing 5 in 5 s a channel (discord-api-docs issues 1442 and 2761; reports differ on whether
 * posts and edits are counted together: together is the stricter), old edits 3 in 6 s and renames 2 in 10 min
 * (docs.discord.food, Edit Message; discord-api-docs issue 1900), reactions 1 in 0.25 s. The rest is a cautious guess.
 */
const DOCUMENTED_RATES: Rates = {
  global: { count: 50, windowMs: 1000 },
  write: { count: 5, windowMs: 5000 },
  channel: { count: 5, windowMs: 5000 },
  reaction: { count: 1, windowMs: 250 },
  route: { count: 5, windowMs: 1000 },
  oldEdit: { count: 3, windowMs: 6000 },
  rename: { count: 2, windowMs: 600_000 },
  gatewaySend: { count: 120, windowMs: 60_000 },
  identify: { count: 1, windowMs: 5000 },
};

export function settingsOf(options: DiscordTwinOptions): Settings {
  return {
    // Of a real token's shape, so that what hides tokens in logs hides it too.
    token: options.token ?? "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gtwin0.a-token-that-is-good-for-nothing-at-all",
    botName: options.botName ?? "patchcord",
    guildName: options.guildName ?? "Patch Bay",
    permissions: options.permissions ?? USUAL_PERMISSIONS,
    everyone: options.everyone ?? PERMISSION.VIEW_CHANNEL,
    privilegedIntents: options.privilegedIntents ?? ["GUILD_MEMBERS", "GUILD_PRESENCES", "MESSAGE_CONTENT"],
    limited: options.limits !== "off",
    rates: { ...DOCUMENTED_RATES, ...options.rates },
    shards: options.shards ?? 1,
    concurrency: options.concurrency ?? 1,
    dailyStarts: options.dailyStarts ?? 1000,
    heartbeatMs: options.heartbeatMs ?? 41_250,
    resumableMs: options.resumableMs ?? 180_000,
    nonceMs: options.nonceMs ?? 180_000,
    clock: options.clock ?? systemClock,
  };
}

/** An event on its way to the gateway's sessions. */
export interface Dispatch {
  readonly name: string;
  /** Absent: a DM, which goes to the first shard alone. */
  readonly guildId?: string | undefined;
  /** Only those who can see it get the event. */
  readonly channel?: Channel;
  /** Takes the place of the intents that the event's name asks for. */
  readonly intents?: number;
  readonly data: (eye: Eye) => Json;
}

/** The bot's token, as long as its owner does not reset it. */
export interface Token {
  isValid: boolean;
}

/** Whether Discord takes this for the bot's token. */
export function takesToken({ settings, token }: Core, given: unknown): boolean {
  return token.isValid && given === settings.token;
}

/** What everything in the twin works on. */
export interface Core {
  readonly world: World;
  readonly settings: Settings;
  readonly token: Token;
  readonly notifications: Notification[];
  readonly unfurlings: Unfurling[];
  /** What the application may read, and where files are. REST goes by this alone; a session also needs the intent. */
  readonly eye: Eye;
  publish(event: Dispatch): void;
  changed(change: Change): void;
}
