import type { Clock } from "../../clock.ts";
import type { Fault, TwinRequest } from "../server.ts";
import type { Distribution } from "./limits.ts";
import type {
  SlackBlock,
  SlackBot,
  SlackCall,
  SlackChange,
  SlackChannelOptions,
  SlackChannelView,
  SlackCommand,
  SlackDelivery,
  SlackDisconnect,
  SlackDisturbance,
  SlackMessage,
  SlackNotification,
  SlackPerson,
  SlackPress,
  SlackPrompt,
  SlackSession,
  SlackSpoiling,
  SlackUnfurl,
  SlackUtterance,
} from "./types.ts";

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
  /** The app's slash commands. Default: `/patchcord`. */
  readonly commands?: readonly string[];
  /** `documented` (default): Slack's published rate limits. `off`: none, for benches. */
  readonly limits?: "documented" | "off";
  /** How Slack sees the app, which says how much it may read. Default: `internal`. */
  readonly distribution?: Distribution;
  readonly delivery?: Partial<SlackDeliveryTimes>;
  /** How many of the newest requests, calls, deliveries and versions of a message are kept, for load tests. Default: all. */
  readonly keep?: number;
  readonly clock?: Clock;
}

/** How long Slack waits for an acknowledgement, and how long before each further attempt. */
export interface SlackDeliveryTimes {
  /** Default 3,000 (docs.slack.dev, Events API). */
  readonly ackTimeoutMs: number;
  /** Default almost at once, 1 minute, 5 minutes (docs.slack.dev, Events API). */
  readonly retryAfterMs: readonly number[];
}

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
  /** Resolves with whether the app acknowledged it in time: else its user is shown a warning, and nothing is sent again. */
  press(press: SlackPress): Promise<boolean>;
  /** A person types a slash command. Resolves as `press`. Throws when the app has no such command. */
  command(command: SlackCommand): Promise<boolean>;
  /** Presses Slack's own Stop, which people see while a session is `processing`. Throws when it is not. */
  stopSession(channel: string, threadTs: string, user: string): void;
  /** Opens the app's home, or the tab with the direct message. */
  openHome(user: string, tab: "home" | "messages"): void;
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
  /** The agent's session of a thread. Undefined: there is none. */
  session(channel: string, threadTs: string): SlackSession | undefined;
  /** What is suggested in the agent's direct message. */
  prompts(channel: string): readonly SlackPrompt[];
  /** What is in a file that the app shared, by the file's id. */
  file(id: string): { readonly name: string; readonly bytes: Buffer } | undefined;
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
  /** What goes wrong with the next `count` sockets (default: 1) before they are greeted. */
  spoilSockets(how: SlackSpoiling, count?: number): void;
  /** Sends a frame of your own to every open socket: text, or bytes as a binary frame. */
  sendFrame(data: string | Buffer): void;
}

/** The app's tokens, which an administrator may take away and give back. */
export interface SlackTokens {
  /** From now on Slack refuses the token with `code`, by default `token_revoked`. Sockets that are open stay open. */
  refuseToken(token: "bot" | "app", code?: string): void;
  acceptToken(token: "bot" | "app"): void;
}

/** A Slack workspace on loopback, with one app installed in it. */
export interface SlackTwin extends SlackPlaces, SlackDeeds, SlackSights, SlackWires, SlackTokens {
  /** `http://127.0.0.1:port/api/` */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  /** For Sign in with Slack. */
  readonly clientId: string;
  readonly clientSecret: string;
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
