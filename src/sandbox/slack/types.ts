import type { Clock } from "../../clock.ts";
import type { Fault, TwinRequest } from "../server.ts";

/** What the twin can be told at its start. Everything has a default: `startSlackTwin()` is a workspace with a bot in it. */
export interface SlackTwinOptions {
  /** 0 or nothing: any free port. */
  readonly port?: number;
  readonly team?: { readonly id: string; readonly name: string };
  readonly bot?: { readonly name: string };
  /** Scopes of the bot token. Default: all that the twin's methods and events ask for, but `chat:write.public` and `chat:write.customize`. */
  readonly scopes?: readonly string[];
  /** The app's event subscriptions (`app_mention`, `message.channels`, …). Default: all that the twin can send. */
  readonly events?: readonly string[];
  /** `documented` (default): Slack's published rate limits. `off`: none, for benches. */
  readonly limits?: "documented" | "off";
  readonly delivery?: Partial<SlackDeliveryTimes>;
  readonly clock?: Clock;
}

/** How long Slack waits for an acknowledgement, and how long before each further attempt. */
export interface SlackDeliveryTimes {
  /** Default 3,000 (docs.slack.dev, Events API). */
  readonly ackTimeoutMs: number;
  /** Default almost at once, 1 minute, 5 minutes (docs.slack.dev, Events API). */
  readonly retryAfterMs: readonly number[];
}

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

/** What a watcher of the workspace is told, in order. */
export type SlackChange =
  | { readonly kind: "posted" | "edited" | "deleted" | "reacted"; readonly message: SlackMessage }
  | { readonly kind: "ephemeral"; readonly channel: string; readonly user: string; readonly text: string }
  /** The bot's status under a thread ("is thinking…"); empty when it is cleared. */
  | {
      readonly kind: "status";
      readonly channel: string;
      readonly threadTs: string;
      readonly status: string;
    }
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
  | "cut";

/** People, bots and channels as data. Ids are made by the twin and look as Slack's do. */
export interface SlackPlaces {
  addUser(person: SlackPerson): string;
  /** Another app's bot. Its `userId` speaks through `say`. */
  addBot(name: string): SlackBot;
  addChannel(options: SlackChannelOptions): string;
  /** The bot's DM with one person, or its group DM with several. The same people have the same DM. */
  openDm(...users: readonly string[]): string;
  /** The event `member_joined_channel` and the message `channel_join` go out. */
  addToChannel(channel: string, user: string): void;
  removeFromChannel(channel: string, user: string): void;
  rename(channel: string, name: string): void;
  setTopic(channel: string, topic: string): void;
  archive(channel: string): void;
  channels(): readonly SlackChannelView[];
  users(): readonly { readonly id: string; readonly name: string; readonly isBot: boolean }[];
}

/** What people and other bots do. Each sends the events that Slack would send. */
export interface SlackDeeds {
  /** Posts, and returns the message's ts. */
  say(utterance: SlackUtterance): string;
  edit(channel: string, ts: string, text: string): void;
  delete(channel: string, ts: string): void;
  react(channel: string, ts: string, user: string, name: string): void;
  /** `message_changed` without a change of the text, as Slack sends for a link preview or a thread's reply counter. */
  echo(channel: string, ts: string, because: "unfurl" | "reply_count"): void;
}

/** What can be seen of the workspace. */
export interface SlackSights {
  /** Without `threadTs` the channel's top level (broadcasts included); with it the root and its replies. Oldest first. */
  messages(channel: string, threadTs?: string): readonly SlackMessage[];
  /** Returns what ends it. */
  subscribe(listener: (change: SlackChange) => void): () => void;
  /** The bot's status under a thread, empty when there is none. */
  status(channel: string, threadTs: string): string;
  /** Whom the bot's messages and edits would have notified. */
  readonly notifications: readonly SlackNotification[];
  /** Which links in the bot's messages would have shown a preview. */
  readonly unfurls: readonly SlackUnfurl[];
}

/** How events reach the app, and how that goes wrong. */
export interface SlackWires {
  /**
   * HTTP mode: verifies the address with a `url_verification` challenge, then sends all events there. Rejects when the
   * challenge is not answered. `undefined` goes back to Socket Mode.
   */
  setRequestUrl(url: string | undefined): Promise<void>;
  /** Every attempt to deliver, in order. */
  readonly deliveries: readonly SlackDelivery[];
  disturb(disturbance: SlackDisturbance): void;
  /** Delivers what `hold` kept back, in reverse order. */
  releaseHeld(): void;
  /** Sends an inner event of your own, wrapped as any other, whatever the app subscribed to. */
  dispatch(event: SlackBlock): void;
  /** Sends a whole payload of your own, as it is, to one connection or the request URL. */
  deliver(payload: SlackBlock): void;
  /** Open sockets that were greeted. */
  connections(): number;
  /** Ends `count` sockets (default: all), oldest first. */
  disconnectSockets(reason: SlackDisconnect, count?: number): void;
}

/** A Slack workspace on loopback, with one app installed in it. */
export interface SlackTwin extends SlackPlaces, SlackDeeds, SlackSights, SlackWires {
  /** `http://127.0.0.1:port/api/` */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly team: { readonly id: string; readonly name: string };
  readonly bot: SlackBot;
  /** Every HTTP request, also those that a fault struck. */
  readonly requests: readonly TwinRequest[];
  /** Every Web API call that the twin answered. */
  readonly calls: readonly SlackCall[];
  /** A fault for HTTP requests; `onMethod` makes the matcher. */
  inject(fault: Fault): void;
  close(): Promise<void>;
}
