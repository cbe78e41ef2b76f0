import { defined } from "./defined.ts";
import { wireMessage, type Stored } from "./message.ts";
import type { SlackBlock, SlackChannelKind } from "./types.ts";
import type { Channel, World, WorldChange } from "./world.ts";

/** An inner event, and what the app must have asked for to get it. */
export interface AppEvent {
  /** The name in the app's event subscriptions: `message.channels`, `app_mention`. */
  readonly subscription: string;
  /** Any one of these is enough (docs.slack.dev, each event's page). */
  readonly scopes: readonly string[];
  readonly event: SlackBlock;
}

const FAMILY: Record<SlackChannelKind, { family: string; channelType: string; letter: string }> = {
  public: { family: "channels", channelType: "channel", letter: "C" },
  private: { family: "groups", channelType: "group", letter: "G" },
  im: { family: "im", channelType: "im", letter: "D" },
  mpim: { family: "mpim", channelType: "mpim", letter: "G" },
};

/** The scope `channels:history`, `im:read`, … that a channel of this kind asks for. */
export function scopeFor(kind: SlackChannelKind, right: "history" | "read"): string {
  return `${FAMILY[kind].family}:${right}`;
}

/** Every event that the twin can send. */
export const ALL_EVENTS: readonly string[] = [
  ...Object.values(FAMILY).map(({ family }) => `message.${family}`),
  "app_mention",
  "reaction_added",
  "member_joined_channel",
  "member_left_channel",
  "channel_rename",
  "group_rename",
  "channel_archive",
  "group_archive",
  "app_home_opened",
  "agent_session_stopped",
];

/** The events that a change of the workspace gives the app: none where its bot is not a member. */
export function eventsOf(world: World, change: WorldChange): readonly AppEvent[] {
  switch (change.kind) {
    case "posted":
      return posted(world, change.message);
    case "changed":
      return changed(world, change.message, change.previous);
    case "deleted":
      return deleted(world, change.previous, change.tombstone);
    case "reacted":
      return reacted(world, change);
    case "joined":
    case "left":
      return membership(world, change);
    case "channel":
      return renamed(world, change.channel, change.previous);
    case "stopped":
      return [stopped(world, change)];
    case "home":
      return [homeOpened(world, change)];
    case "ephemeral":
    case "status":
    case "session":
    case "prompts":
      return [];
    default:
      return change satisfies never;
  }
}

function isMember(world: World, channel: Channel): boolean {
  return channel.members.includes(world.bot.userId);
}

function messageEvent(channel: Channel, event: SlackBlock): AppEvent {
  const { family, channelType } = FAMILY[channel.kind];
  return {
    subscription: `message.${family}`,
    scopes: [`${family}:history`],
    event: { ...event, channel: channel.id, channel_type: channelType },
  };
}

function mentionsBot(world: World, message: Stored): boolean {
  return message.text.includes(`<@${world.bot.userId}>`) || message.text.includes(`<@${world.bot.userId}|`);
}

/** `app_mention` has no channel_type, and is never sent for direct messages (docs.slack.dev, app_mention). */
function mention(world: World, channel: Channel, message: Stored): readonly AppEvent[] {
  if (channel.kind === "im" || !mentionsBot(world, message)) return [];
  const wire = wireMessage(world, message);
  const event = { ...wire, type: "app_mention", channel: channel.id, event_ts: message.ts };
  return [{ subscription: "app_mention", scopes: ["app_mentions:read"], event }];
}

function posted(world: World, message: Stored): readonly AppEvent[] {
  const channel = world.channel(message.channel);
  if (!isMember(world, channel)) return [];
  const root = message.threadTs === undefined ? undefined : world.find(channel.id, message.threadTs);
  const withRoot = message.subtype === "thread_broadcast" && root ? { root: wireMessage(world, root) } : {};
  const event = { ...wireMessage(world, message), ...withRoot, event_ts: message.ts };
  return [messageEvent(channel, event), ...mention(world, channel, message)];
}

function changed(world: World, message: Stored, previous: Stored): readonly AppEvent[] {
  const channel = world.channel(message.channel);
  if (!isMember(world, channel)) return [];
  const ts = world.newTs();
  const event = {
    type: "message",
    subtype: "message_changed",
    message: wireMessage(world, message),
    previous_message: wireMessage(world, previous),
    hidden: true,
    ts,
    event_ts: ts,
  };
  // Every edit of a message with the mention in it is a new app_mention, with `edited` (slackapi/bolt-js#960).
  const isEdit = message.edited !== undefined && message.edited !== previous.edited;
  const mentioned = isEdit ? mention(world, channel, message) : [];
  return [messageEvent(channel, event), ...mentioned];
}

function deleted(world: World, previous: Stored, tombstone?: Stored): readonly AppEvent[] {
  const channel = world.channel(previous.channel);
  if (!isMember(world, channel)) return [];
  const ts = world.newTs();
  const common = { type: "message", previous_message: wireMessage(world, previous), hidden: true };
  // A root with replies stays behind as a tombstone, and the event is a change.
  const event = tombstone
    ? { ...common, subtype: "message_changed", message: { ...wireMessage(world, tombstone), hidden: true } }
    : { ...common, subtype: "message_deleted", deleted_ts: previous.ts };
  return [messageEvent(channel, { ...event, ts, event_ts: ts })];
}

function reacted(
  world: World,
  { message, user, name }: { message: Stored; user: string; name: string },
): readonly AppEvent[] {
  const channel = world.channel(message.channel);
  if (!isMember(world, channel)) return [];
  const item = { type: "message", channel: channel.id, ts: message.ts };
  const event = defined({
    type: "reaction_added",
    user,
    reaction: name,
    item,
    item_user: message.user,
    event_ts: world.newTs(),
  });
  return [{ subscription: "reaction_added", scopes: ["reactions:read"], event }];
}

/** docs.slack.dev, agent_session_stopped. */
function stopped(world: World, change: Extract<WorldChange, { kind: "stopped" }>): AppEvent {
  const { channel, threadTs, user, streams } = change;
  const type = "agent_session_stopped";
  const where = { channel, user, thread_ts: threadTs, streaming_message_ts: streams };
  return {
    subscription: type,
    scopes: ["assistant:write"],
    event: { type, ...where, event_ts: world.newTs() },
  };
}

/** docs.slack.dev, app_home_opened: it needs no scope; every app has this one. */
function homeOpened(world: World, change: Extract<WorldChange, { kind: "home" }>): AppEvent {
  const { channel, user, tab } = change;
  const type = "app_home_opened";
  return {
    subscription: type,
    scopes: ["chat:write"],
    event: { type, user, channel, tab, event_ts: world.newTs() },
  };
}

function membership(
  world: World,
  change: { kind: "joined" | "left"; channel: Channel; user: string },
): readonly AppEvent[] {
  const { channel, user } = change;
  if (!isMember(world, channel) && user !== world.bot.userId) return [];
  const type = change.kind === "joined" ? "member_joined_channel" : "member_left_channel";
  const { letter } = FAMILY[channel.kind];
  const event = {
    type,
    user,
    channel: channel.id,
    channel_type: letter,
    team: world.team.id,
    event_ts: world.newTs(),
  };
  return [{ subscription: type, scopes: [scopeFor(channel.kind, "read")], event }];
}

function renamed(world: World, channel: Channel, previous?: Channel): readonly AppEvent[] {
  if (!previous || channel.kind === "im" || channel.kind === "mpim") return [];
  if (channel.kind === "private" && !isMember(world, channel)) return [];
  const prefix = channel.kind === "private" ? "group" : "channel";
  const scopes = [scopeFor(channel.kind, "read")];
  const event_ts = world.newTs();
  if (channel.archived && !previous.archived) {
    const type = `${prefix}_archive`;
    const event = { type, channel: channel.id, user: channel.creator, event_ts };
    return [{ subscription: type, scopes, event }];
  }
  if (channel.name === previous.name) return [];
  const type = `${prefix}_rename`;
  const about = { id: channel.id, name: channel.name, created: channel.created };
  return [{ subscription: type, scopes, event: { type, channel: about, event_ts } }];
}

/** The outer payload of an event (docs.slack.dev, Events API). Only one authorization is ever listed. */
export function envelopeOf(world: World, eventId: string, event: SlackBlock): SlackBlock {
  return {
    token: "twin-verification-token",
    team_id: world.team.id,
    context_team_id: world.team.id,
    context_enterprise_id: null,
    api_app_id: world.bot.appId,
    event,
    type: "event_callback",
    event_id: eventId,
    event_time: Math.floor(world.clock.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: world.team.id,
        user_id: world.bot.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${Buffer.from(JSON.stringify({ et: event["type"], tid: world.team.id })).toString("base64url")}`,
  };
}
