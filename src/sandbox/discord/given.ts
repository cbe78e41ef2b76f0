/* What the twin's driver takes: people, channels and what they say, as data. */

export type ChannelKind = "text" | "announcement" | "forum" | "category" | "voice";

/** One person's or role's exception to a channel's permissions. */
export interface Overwrite {
  readonly id: string;
  readonly of: "role" | "member";
  readonly allow?: bigint;
  readonly deny?: bigint;
}

export interface NewUser {
  readonly name: string;
  readonly displayName?: string;
  readonly bot?: boolean;
  /** Which guilds the user is a member of. Default: every guild there is. */
  readonly guilds?: readonly string[];
}

export interface NewGuild {
  readonly name: string;
  /** What the bot's role grants here, if not what the twin's options say. */
  readonly permissions?: bigint;
  readonly everyone?: bigint;
  /** Whether the bot is a member. Default: true. */
  readonly withBot?: boolean;
  /** Gets an id that belongs to this shard: its number, and how many there are. Default: any. */
  readonly shard?: readonly [index: number, count: number];
}

export interface NewRole {
  readonly name: string;
  /** Default: the first guild. */
  readonly guild?: string;
  readonly permissions?: bigint;
  readonly mentionable?: boolean;
  /** Who has it. */
  readonly members?: readonly string[];
}

export interface NewChannel {
  readonly name: string;
  readonly kind?: ChannelKind;
  /** Default: the first guild. */
  readonly guild?: string;
  readonly topic?: string;
  /** The category that the channel is in. */
  readonly parent?: string;
  readonly overwrites?: readonly Overwrite[];
  /** Seconds between two messages of one person. */
  readonly slowmode?: number;
}

export interface NewThread {
  readonly channel: string;
  readonly name: string;
  /** Who starts it. Default: the guild's owner. */
  readonly user?: string;
  /** The message it hangs on; the thread gets its id. */
  readonly message?: string;
  readonly private?: boolean;
}

export interface NewFile {
  readonly name: string;
  readonly bytes: Uint8Array | string;
  readonly type?: string;
}

export interface Saying {
  readonly channel: string;
  readonly user: string;
  readonly content: string;
  readonly replyTo?: string;
  /** A reply pings the person it answers unless this is false, as the client's "@ on" switch. */
  readonly pingReplied?: boolean;
  readonly files?: readonly NewFile[];
  /** A message type of Discord's table, for system messages (6 pin, 7 join, 18 thread created …). Default: 0, or 19 for a reply. */
  readonly type?: number;
  /** Posts as a webhook of this name instead of as the user. */
  readonly webhook?: string;
  /** Forwards this message: the content is empty, the snapshot carries the text. */
  readonly forward?: string;
}

export interface Pressing {
  readonly channel: string;
  readonly message: string;
  readonly user: string;
  readonly customId: string;
}

/** Who types which command where: `/patchcord help`. */
export interface Commanding {
  readonly channel: string;
  readonly user: string;
  readonly text: string;
}

export interface ForumPost {
  readonly forum: string;
  readonly user: string;
  readonly title: string;
  readonly content: string;
}

export interface ChannelChange {
  readonly name?: string;
  readonly topic?: string | null;
  readonly archived?: boolean;
  readonly locked?: boolean;
  readonly overwrites?: readonly Overwrite[];
}
