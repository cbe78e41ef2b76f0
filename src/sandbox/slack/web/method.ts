import type { Agents } from "../agents.ts";
import type { Limit } from "../limits.ts";
import type { SlackBlock } from "../types.ts";
import type { Channel, World } from "../world.ts";

/** Slack's refusal: HTTP 200 with `ok: false` and this code. `detail` is added to the body. */
export class SlackRefusal extends Error {
  readonly code: string;
  readonly detail: SlackBlock;

  constructor(code: string, detail: SlackBlock = {}) {
    super(code);
    this.name = "SlackRefusal";
    this.code = code;
    this.detail = detail;
  }
}

/** What is wrong with arguments, as Slack's validator says it: in `response_metadata.messages`. */
export function invalid(code: string, ...messages: readonly string[]): SlackRefusal {
  return new SlackRefusal(code, {
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });
}

/** `missing_scope`, with what is needed and what there is. */
export function missingScope(granted: ReadonlySet<string>, ...needed: readonly string[]): SlackRefusal {
  return new SlackRefusal("missing_scope", { needed: needed.join(","), provided: [...granted].join(",") });
}

export type Args = Readonly<Record<string, unknown>>;

export interface Call {
  readonly method: string;
  readonly args: Args;
  readonly world: World;
  readonly scopes: ReadonlySet<string>;
  /** The twin's address: `http://127.0.0.1:port`. */
  readonly url: string;
  /** The bot's status under threads, by channel and ts. */
  readonly statuses: Statuses;
  readonly agents: Agents;
  /** The app's event subscriptions. */
  readonly subscriptions: ReadonlySet<string>;
  /** How many messages one call may read at most. */
  readonly mostRead: number;
  /** The path of a new socket's address. */
  readonly ticket: () => string;
  /** What the app uploads. */
  readonly files: Uploads;
  /** Notes whom a message of the bot would notify and what it would unfurl. */
  readonly watchful: Watchful;
}

export interface Statuses {
  readonly get: (channel: string, threadTs: string) => string;
  readonly set: (channel: string, threadTs: string, status: string, loading?: readonly string[]) => void;
}

/** A message's content as the app sent it, for those who look for mentions and links in it. */
export interface Sent {
  readonly channel: string;
  readonly ts: string;
  readonly via: string;
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly attachments: readonly SlackBlock[];
  /** `none`, `full`, or `client`: what chat.update takes when it is not told. */
  readonly parse: string;
  readonly linkNames: boolean;
  /** Links may show a preview: not both `unfurl_links` and `unfurl_media` were refused. */
  readonly unfurls: boolean;
}

export interface Uploads {
  /** Makes room for a file, and says where its bytes go. */
  readonly open: (name: string, length: number) => { readonly id: string; readonly url: string };
  /** The file that was uploaded and not completed yet; from now on it is. */
  readonly complete: (id: string) => { readonly name: string; readonly bytes: Buffer } | undefined;
}

export interface Watchful {
  look(sent: Sent): void;
}

export interface Method {
  readonly token: "bot" | "app";
  /** Any one of these is enough. Empty: no scope is asked for. */
  readonly scopes: readonly string[];
  readonly limit: Limit;
  readonly required: readonly string[];
  /** Takes a JSON body: methods that write do, methods that read take forms and queries alone (docs.slack.dev, Using the Web API). */
  readonly json: boolean;
  /** The body of the answer, without `ok`. Throws `SlackRefusal`. */
  readonly run: (call: Call) => SlackBlock;
}

/** A text argument, or nothing when it is absent or empty. A JSON body's boolean is read as a form's `true` or `false`. */
export function textArg(args: Args, name: string): string | undefined {
  const value = args[name];
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "boolean" ? String(value) : undefined;
}

export function flagArg(args: Args, name: string, otherwise = false): boolean {
  const text = textArg(args, name);
  return text === undefined ? otherwise : text === "true" || text === "1";
}

/** An argument that is JSON: as text in forms, as itself in JSON bodies. Text that is no JSON is refused with `code`. */
export function jsonArg(args: Args, name: string, code: string): unknown {
  const value = args[name];
  if (typeof value !== "string") return value ?? undefined;
  if (value === "") return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw new SlackRefusal(code);
  }
}

/** The channel that a call names. One that the bot cannot see is as if it did not exist. */
export function channelArg(call: Call, name = "channel"): Channel {
  const channel = call.world.channels.get(textArg(call.args, name) ?? "");
  if (!channel || (channel.kind !== "public" && !isIn(call, channel)))
    throw new SlackRefusal("channel_not_found");
  return channel;
}

export function isIn(call: Call, channel: Channel): boolean {
  return channel.members.includes(call.world.bot.userId);
}
