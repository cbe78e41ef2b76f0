/* What there is in the twin's Discord: people, guilds, channels, messages. Plain data; `deeds/` changes it. */
import type { Overwrite } from "./given.ts";

/** Discord, Channels Resource, Channel Types. */
export const CHANNEL_TYPE = {
  text: 0,
  dm: 1,
  voice: 2,
  category: 4,
  announcement: 5,
  announcementThread: 10,
  publicThread: 11,
  privateThread: 12,
  forum: 15,
} as const;

/** Discord, Message Resource, Message Types: those that the twin makes or asks for. */
export const MESSAGE_TYPE = {
  default: 0,
  threadCreated: 18,
  reply: 19,
  chatInputCommand: 20,
  threadStarter: 21,
  contextMenuCommand: 23,
} as const;

/** Discord, Message Resource, Message Flags. */
export const MESSAGE_FLAG = {
  suppressEmbeds: 1 << 2,
  hasThread: 1 << 5,
  suppressNotifications: 1 << 12,
  hasSnapshot: 1 << 14,
} as const;

export interface User {
  readonly id: string;
  readonly name: string;
  readonly displayName: string | null;
  readonly bot: boolean;
  acceptsDms: boolean;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  permissions: bigint;
  readonly position: number;
  readonly mentionable: boolean;
  /** The bot whose role it is, made with its invite. */
  readonly botId?: string;
}

export interface Member {
  readonly userId: string;
  readonly roles: Set<string>;
  readonly joinedAt: number;
}

export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  /** The @everyone role has the guild's id. */
  readonly roles: Map<string, Role>;
  readonly members: Map<string, Member>;
}

export interface Thread {
  readonly ownerId: string;
  readonly createdAt: number;
  readonly members: Map<string, { readonly joinedAt: number }>;
  archived: boolean;
  locked: boolean;
  archiveChangedAt: number;
  autoArchiveMinutes: number;
  /** Without the starter message, and without deleted ones. */
  messageCount: number;
  totalSent: number;
}

export interface Channel {
  readonly id: string;
  readonly type: number;
  readonly guildId?: string;
  readonly parentId?: string;
  /** The person on the other side of a DM. */
  readonly recipientId?: string;
  readonly thread?: Thread;
  readonly position: number;
  readonly slowmode: number;
  /** By id, oldest first. */
  readonly messages: Map<string, Message>;
  name: string;
  topic: string | null;
  overwrites: readonly Overwrite[];
  lastMessageId: string | null;
  lastPinAt: number | null;
}

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

export interface Embed {
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface Reference {
  /** 0 points, 1 forwards. */
  readonly type: number;
  readonly channelId: string;
  readonly messageId?: string;
}

/** One that makes an interaction when it is pressed. */
export interface Button {
  readonly customId: string;
  readonly label: string;
  /** Discord, Component Reference, Button Styles: 1 to 4. */
  readonly style: number;
  readonly disabled: boolean;
}

/** That somebody pressed a button. */
export interface Interaction {
  readonly id: string;
  /** What the bot answers with. */
  readonly token: string;
  readonly channelId: string;
  readonly userId: string;
  readonly createdAt: number;
  state: "open" | "acknowledged" | "failed";
  /** A private answer was promised: it can be given for as long as the token is good. */
  promised: boolean;
  readonly acknowledge: () => void;
}

export interface Mentions {
  readonly everyone: boolean;
  readonly roles: readonly string[];
  readonly users: readonly string[];
}

export interface Message {
  readonly id: string;
  readonly channelId: string;
  readonly type: number;
  readonly authorId: string;
  readonly createdAt: number;
  readonly webhook?: { readonly id: string; readonly name: string };
  readonly nonce?: string | number;
  readonly reference?: Reference;
  /** What a forwarded message was when it was forwarded. */
  readonly snapshot?: Message;
  /** Its number in its thread. */
  readonly position?: number;
  readonly reactions: Map<string, Set<string>>;
  readonly history: { readonly content: string; readonly at: number }[];
  content: string;
  editedAt: number | null;
  flags: number;
  pinned: boolean;
  mentions: Mentions;
  attachments: readonly Attachment[];
  embeds: readonly Embed[];
  /** By rows. */
  components: readonly (readonly Button[])[];
  /** The thread that hangs on it. */
  threadId?: string;
}

export interface World {
  readonly applicationId: string;
  readonly bot: User;
  readonly users: Map<string, User>;
  readonly guilds: Map<string, Guild>;
  readonly channels: Map<string, Channel>;
  /** Who types in a channel, and until when. */
  readonly typing: Map<string, Map<string, number>>;
  /** By name. */
  readonly webhooks: Map<string, { readonly id: string; readonly name: string }>;
  /** What was posted under a nonce, by `author:nonce`. */
  readonly nonces: Map<
    string,
    { readonly channelId: string; readonly messageId: string; readonly at: number }
  >;
  /** By id. */
  readonly interactions: Map<string, Interaction>;
  /** The application's, by name. */
  readonly commands: Map<string, Readonly<Record<string, unknown>>>;
  readonly newId: () => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export type ThreadChannel = Channel & { readonly thread: Thread };

export function isThread(channel: Channel): channel is ThreadChannel {
  return channel.thread !== undefined;
}

/** People write in it themselves, not only in its threads. */
export function holdsMessages(channel: Channel): boolean {
  return channel.type !== CHANNEL_TYPE.category && channel.type !== CHANNEL_TYPE.forum;
}

/** A message that Discord made, not a person: nobody can edit it or reply to it. */
export function isSystem(message: Message): boolean {
  const { type } = message;
  return !(
    type === MESSAGE_TYPE.default ||
    type === MESSAGE_TYPE.reply ||
    type === MESSAGE_TYPE.chatInputCommand ||
    type === MESSAGE_TYPE.contextMenuCommand
  );
}

/** For what the driver asks: an unknown id there is a mistake in a test. */
export function need<Value>(map: ReadonlyMap<string, Value>, id: string, what: string): Value {
  const value = map.get(id);
  if (value === undefined) throw new Error(`The twin has no ${what} ${id}.`);
  return value;
}
