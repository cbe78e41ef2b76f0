import { type Json, list, record, text } from "./json.ts";
import { isId, isTs } from "./place.ts";

/** A post as Slack's events and history carry it, reduced to what counts, with every id checked. */
export interface SlackPost {
  readonly team: string;
  readonly channel: string;
  /** `channel`, `group`, `im`, `mpim`. Absent in `app_mention` and in history. */
  readonly channelType?: string;
  readonly ts: string;
  /** Set in threads; on the message that a thread hangs on it is that message's own ts. */
  readonly threadTs?: string;
  /** Absent for bots of the old kind. */
  readonly user?: string;
  /** Absent for people. */
  readonly botId?: string;
  readonly botName?: string;
  /** mrkdwn. */
  readonly text: string;
  readonly blocks: readonly Json[];
  readonly attachments: readonly Json[];
  readonly files: readonly Json[];
}

/**
 * Subtypes that are somebody saying something. All others tell of edits, joins, topics and the like; edits of the bot's own
 * pages and link previews arrive as `message_changed` (docs.slack.dev, message event).
 */
const SAID = new Set(["file_share", "thread_broadcast", "me_message", "bot_message"]);

/** Reads an event's or a history's message. Undefined for whatever is nobody saying something. Total. */
export function readPost(raw: unknown, at: { team: string; channel?: string }): SlackPost | undefined {
  const event = record(raw);
  const type = event["type"];
  const subtype = event["subtype"];
  if (type !== "message" && type !== "app_mention") return undefined;
  if (subtype !== undefined && !(typeof subtype === "string" && SAID.has(subtype))) return undefined;
  if (event["hidden"] === true) return undefined;

  const channel = at.channel ?? text(event["channel"]);
  // In an event about a new message they are the same (docs.slack.dev, message event).
  const ts = text(event["ts"]) ?? text(event["event_ts"]);
  if (!channel || !isId(channel) || !isId(at.team) || !ts || !isTs(ts)) return undefined;
  const threadTs = text(event["thread_ts"]);
  if (threadTs !== undefined && !isTs(threadTs)) return undefined;

  return {
    team: at.team,
    channel,
    ts,
    ...present("channelType", text(event["channel_type"])),
    ...present("threadTs", threadTs),
    ...authorOf(event),
    text: text(event["text"]) ?? "",
    blocks: list(event["blocks"]).map(record),
    attachments: list(event["attachments"]).map(record),
    files: list(event["files"]).map(record),
  };
}

function authorOf(event: Json): Pick<SlackPost, "user" | "botId" | "botName"> {
  const profile = record(event["bot_profile"]);
  return {
    ...present("user", text(event["user"])),
    ...present("botId", text(event["bot_id"]) ?? text(profile["id"])),
    ...present("botName", text(event["username"]) ?? text(profile["name"])),
  };
}

function present<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}
