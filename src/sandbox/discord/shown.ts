/* What the twin shows: to tests, and to a page that plays Discord's client. */

/** Whom a post or an edit notified. One that notified nobody has none. */
export interface Notification {
  readonly messageId: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly by: "post" | "edit";
  readonly everyone: boolean;
  readonly here: boolean;
  readonly roles: readonly string[];
  readonly users: readonly string[];
  /** The author of the message that was replied to. */
  readonly repliedUser?: string;
}

/** A link that Discord made a preview of, because nothing kept it from doing so. */
export interface Unfurling {
  readonly messageId: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly url: string;
}

/** A message as a person sees it now, with everything it showed before. */
export interface ShownMessage {
  readonly id: string;
  readonly channelId: string;
  readonly type: number;
  readonly author: ShownUser;
  readonly content: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly editedAt?: number;
  readonly replyTo?: string;
  readonly nonce?: string;
  readonly flags: number;
  readonly pinned: boolean;
  readonly attachments: readonly { readonly id: string; readonly name: string; readonly size: number }[];
  readonly embeds: readonly { readonly url: string }[];
  readonly buttons: readonly {
    readonly customId: string;
    readonly label: string;
    readonly style: number;
    readonly disabled: boolean;
  }[];
  readonly reactions: readonly { readonly emoji: string; readonly users: readonly string[] }[];
  /** The thread that hangs on it. */
  readonly threadId?: string;
  /** What it showed before, oldest first. */
  readonly history: readonly { readonly content: string; readonly at: number }[];
}

export interface ShownUser {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly bot: boolean;
}

export interface ShownChannel {
  readonly id: string;
  /** A channel type of Discord's table: 0 text, 1 DM, 4 category, 5 announcement, 10 to 12 threads, 15 forum. */
  readonly type: number;
  readonly name: string;
  readonly guildId?: string;
  readonly parentId?: string;
  readonly topic?: string;
  readonly archived: boolean;
  readonly locked: boolean;
}

/** What changed, for a page that shows the twin. `typing` goes on for ten seconds or until its user posts. */
export type Change =
  | { readonly kind: "posted" | "changed"; readonly message: ShownMessage }
  | { readonly kind: "deleted"; readonly channelId: string; readonly messageId: string }
  /** Only its user sees it. */
  | {
      readonly kind: "whispered";
      readonly channelId: string;
      readonly userId: string;
      readonly content: string;
    }
  | { readonly kind: "typing"; readonly channelId: string; readonly userId: string; readonly until: number }
  | { readonly kind: "channel"; readonly channel: ShownChannel }
  | { readonly kind: "channel-deleted"; readonly channelId: string };

/** One live gateway connection, or one that was lost and can still be resumed. */
export interface ShownSession {
  readonly id: string;
  readonly connected: boolean;
  readonly intents: number;
  readonly shard: readonly [number, number];
  /** The sequence number of the last event. */
  readonly sequence: number;
}
