import type { Clock } from "../../clock.ts";

/** How a Discord twin is set up. Everything has a default that a bot with sensible settings gets along with. */
export interface DiscordTwinOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  readonly token?: string;
  readonly botName?: string;
  readonly guildName?: string;
  /**
   * What the bot's own role grants in every guild, as a permission bit field. The @everyone role of a twin's guild
   * grants VIEW_CHANNEL alone (`everyone` changes that), so a missing bit here is really missing.
   */
  readonly permissions?: bigint;
  /** What @everyone grants in every guild. */
  readonly everyone?: bigint;
  /** The privileged intents that are switched on for the application. Default: all three. */
  readonly privilegedIntents?: readonly PrivilegedIntent[];
  /** Whether rates are limited: requests to REST, sends to the gateway, edits of old messages. Default: documented. */
  readonly limits?: "documented" | "off";
  /** Changes single rates of `documented`, so that a test need not wait for five seconds. */
  readonly rates?: Partial<Rates>;
  /** How many shards the gateway recommends. Default: 1. */
  readonly shards?: number;
  /** How many shards may identify at once (`max_concurrency`). Default: 1. */
  readonly concurrency?: number;
  /** Session starts in a day. Discord: 1000, and more for large bots. */
  readonly dailyStarts?: number;
  /** Milliseconds between heartbeats, as Hello asks for them. Discord: 41,250. */
  readonly heartbeatMs?: number;
  /** How long a session without a connection can be resumed. Discord: "a few minutes". */
  readonly resumableMs?: number;
  /** How long a nonce with `enforce_nonce` is remembered. Discord: "the past few minutes". */
  readonly nonceMs?: number;
  /** For ids, timestamps, windows and waits. Default: the system's. */
  readonly clock?: Clock;
}

export type PrivilegedIntent = "GUILD_MEMBERS" | "GUILD_PRESENCES" | "MESSAGE_CONTENT";

/** `count` in a window of `windowMs` that begins with its first request. */
export interface Rate {
  readonly count: number;
  readonly windowMs: number;
}

export interface Rates {
  /** All of the bot's requests together. */
  readonly global: Rate;
  /** Creating and editing messages, together, for each channel. */
  readonly write: Rate;
  /** Every other route of a channel, for each channel. */
  readonly channel: Rate;
  /** Adding and removing reactions, for each channel. */
  readonly reaction: Rate;
  /** Every route of a guild, for each guild, and of the bot itself. */
  readonly route: Rate;
  /** Edits of messages older than an hour, for each channel. */
  readonly oldEdit: Rate;
  /** Renaming a channel, for each channel. */
  readonly rename: Rate;
  /** What one gateway connection may send. */
  readonly gatewaySend: Rate;
  /** Identifies of one `max_concurrency` key. */
  readonly identify: Rate;
}
