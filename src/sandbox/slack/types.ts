export interface SlackBot {
  readonly userId: string;
  readonly botId: string;
  readonly appId: string;
  readonly name: string;
}

export type SlackChannelKind = "public" | "private" | "im" | "mpim";

export interface SlackPerson {
  readonly name: string;
  /** Default: `name`. */
  readonly realName?: string;
  readonly displayName?: string;
  /** Administers the workspace. */
  readonly isAdmin?: boolean;
}

export interface SlackChannelOptions {
  readonly name: string;
  /** Default: `public`. */
  readonly kind?: "public" | "private";
  readonly topic?: string;
  /** Default: the bot and everybody that was added before. */
  readonly members?: readonly string[];
}

export interface SlackFileOptions {
  readonly name: string;
  readonly mimetype: string;
  readonly size: number;
}

export interface SlackUtterance {
  readonly channel: string;
  /** A person's or another bot's user id. */
  readonly user: string;
  /**
   * As typed: `@name` and `#name` of somebody or a channel that exists become mentions, as do `<@U…>`, `<#C…>`, `<!here>`
   * and `<!subteam^S…>`; web addresses become links; everything else is escaped. Formatting marks stay.
   */
  readonly text: string;
  readonly threadTs?: string;
  /** Only with `threadTs`: also sent to the channel, as subtype `thread_broadcast`. */
  readonly broadcast?: boolean;
  readonly files?: readonly SlackFileOptions[];
  /** Nothing in `text` is a mention or a link: a person typed exactly these characters. */
  readonly literal?: boolean;
  /** How a bot posts: `modern` (default) with bot_id and bot_profile, `legacy` as subtype `bot_message` without a user. */
  readonly botStyle?: "modern" | "legacy";
  /** `/me`: subtype `me_message`. */
  readonly me?: boolean;
}

/** One version of a message's content. */
export interface SlackVersion {
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A block, an attachment, an element: JSON whose fields depend on `type`. */
export type SlackBlock = Readonly<Record<string, unknown>>;

/** What of a message people see: pieces in order, each in its notation. */
export interface SlackPiece {
  readonly format: "markdown" | "mrkdwn" | "plain";
  readonly text: string;
}

/** A button under a message, as people see it. */
export interface SlackButton {
  readonly actionId: string;
  readonly blockId: string;
  readonly text: string;
  readonly value?: string;
  readonly isPrimary: boolean;
}

/** Who presses which button. */
export interface SlackPress {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly actionId: string;
}

/** Who types which slash command where: `/patchcord help`. */
export type SlackCommand = Pick<SlackUtterance, "channel" | "user" | "text">;

/** A message as it is shown now. */
export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly subtype?: string;
  /** Missing for legacy bots. */
  readonly user?: string;
  readonly botId?: string;
  /** The name above the message. */
  readonly author: string;
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly attachments: readonly SlackBlock[];
  /** The content as people read it: from the blocks where there are any, else from the text. */
  readonly shown: readonly SlackPiece[];
  readonly buttons: readonly SlackButton[];
  /** It grows by what is appended to it. */
  readonly isStreaming: boolean;
  /** The "(edited)" mark stands beside it. */
  readonly edited: boolean;
  /** How often the content was replaced. */
  readonly edits: number;
  /** Every version, oldest first, the current one last. */
  readonly versions: readonly SlackVersion[];
  readonly files: readonly SlackBlock[];
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[];
  readonly metadata?: SlackMetadata;
  readonly replyCount: number;
}

export interface SlackMetadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
}

/** A thread of an agent's, as Slack's clients show it (docs.slack.dev, Agent sessions). While it is `processing`, people can stop it. */
export interface SlackSession {
  readonly status: "active" | "processing" | "suspended" | "closed";
  readonly title?: string;
}

/** What can be asked with one press in an agent's direct message. */
export interface SlackPrompt {
  readonly title: string;
  readonly message: string;
}

/** What a watcher of the workspace is told, in order. */
export type SlackChange =
  | { readonly kind: "posted" | "edited" | "deleted" | "reacted"; readonly message: SlackMessage }
  /** Only its user sees it. */
  | {
      readonly kind: "ephemeral";
      readonly channel: string;
      readonly threadTs?: string;
      readonly user: string;
      readonly text: string;
      readonly shown: readonly SlackPiece[];
    }
  /** The bot's status under a thread ("is thinking…"), and what is shown in turn in its place; empty when it is cleared. */
  | {
      readonly kind: "status";
      readonly channel: string;
      readonly threadTs: string;
      readonly status: string;
      readonly loading: readonly string[];
    }
  | {
      readonly kind: "session";
      readonly channel: string;
      readonly threadTs: string;
      readonly session: SlackSession;
    }
  | { readonly kind: "prompts"; readonly channel: string; readonly prompts: readonly SlackPrompt[] }
  | { readonly kind: "channel"; readonly channel: SlackChannelView };

export interface SlackChannelView {
  readonly id: string;
  readonly name: string;
  readonly kind: SlackChannelKind;
  readonly topic: string;
  readonly archived: boolean;
  readonly members: readonly string[];
}

/** A mention in a message of the bot that rings somebody's bell. */
export interface SlackNotification {
  readonly channel: string;
  readonly ts: string;
  readonly via: string;
  /** As it stood in the message: `<!here>`, `<@U123>`, `@channel`. */
  readonly mention: string;
}

/** A link in a message of the bot that Slack would show a preview of. */
export interface SlackUnfurl {
  readonly channel: string;
  readonly ts: string;
  readonly via: string;
  readonly url: string;
}

/** One call of a Web API method, decoded. */
export interface SlackCall {
  readonly method: string;
  /** Without the token; JSON in form fields is parsed where the method takes JSON there. */
  readonly args: Readonly<Record<string, unknown>>;
  /** The HTTP status and body of the answer. */
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** One attempt to deliver an event. */
export interface SlackDelivery {
  readonly eventId: string;
  readonly type: string;
  readonly payload: SlackBlock;
  /** 0 is the first. */
  readonly attempt: number;
  readonly via: "socket" | "http";
  /** Which socket, counted from 1 in the order in which they connected. */
  readonly connection?: number;
  state: "open" | "acknowledged" | "failed";
}

/** What goes wrong with an event's delivery. */
export interface SlackDisturbance {
  /** Default: any. `event` is the inner event. */
  readonly matches?: (event: SlackBlock) => boolean;
  readonly times: number;
  /**
   * - `twice`: delivered two times, with the same event_id.
   * - `hold`: kept back until `releaseHeld`.
   * - `lose-ack`: the acknowledgement never reaches Slack, which delivers again later.
   */
  readonly effect: "twice" | "hold" | "lose-ack";
}

export type SlackDisconnect =
  | "warning"
  | "refresh_requested"
  | "too_many_websockets"
  | "link_disabled"
  /** No word, no close frame: the network broke. */
  | "cut"
  /** It stays open, but nothing passes any more: no events, no pongs, no acknowledgements. */
  | "silence";

export type SlackSpoiling =
  /** It opens, and stays open, but Slack never says hello. */
  | "no-hello"
  /** The connection is reset in its handshake. */
  | "reset"
  /** The address is no longer good: 408 instead of a socket (openclaw/openclaw#69607). */
  | "expired";
