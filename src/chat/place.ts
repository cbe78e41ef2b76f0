declare const brand: unique symbol;

/**
 * Where a conversation lives: a thread, a channel or a DM. Only the place's adapter makes and reads
 * the string; it is stored, so a change of its form is a migration.
 */
export type Place = string & { readonly [brand]: "Place" };

/** One posted message, as its platform names it. Unique within its place, opaque to all but its adapter. */
export type MessageId = string & { readonly [brand]: "MessageId" };

export type ChannelKind = "public" | "private" | "dm" | "group_dm";

/**
 * What people and admins call a place, as it was when the message came. A name that could not be
 * found out in time is absent, never a guess. Becomes the Telnyx conversation's metadata.
 */
export interface Whereabouts {
  readonly workspaceId: string;
  readonly workspaceName?: string;
  /** Where people reach the workspace in a browser, where its messages' links need it (Slack). */
  readonly workspaceUrl?: string;
  /** The channel a person sees the place in. For a thread on Discord, the thread's parent. */
  readonly channelId: string;
  readonly channelName?: string;
  readonly channelKind: ChannelKind;
  readonly channelTopic?: string;
  /** Discord: the category's name, or the forum's for a post. */
  readonly parentChannel?: string;
  readonly threadId?: string;
  readonly threadName?: string;
}
