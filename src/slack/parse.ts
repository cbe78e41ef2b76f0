import type { Author, Call, Message } from "../chat/message.ts";
import type { ChannelKind, Whereabouts } from "../chat/place.ts";
import { decodePost, referencesOf } from "./decode.ts";
import { withoutBreaks } from "./format.ts";
import { record, text } from "./json.ts";
import { encodePlace, messageId, messageKey, sentAt } from "./place.ts";
import { readPost, type SlackPost } from "./post.ts";
import { createWords, type Names, withoutCall } from "./words.ts";

/** Who this bot is, as `auth.test` says. */
export interface Identity {
  readonly team: string;
  readonly teamName?: string;
  /** `https://acme.slack.com/`. */
  readonly teamUrl?: string;
  readonly botUserId: string;
  readonly botId?: string;
  readonly botName: string;
}

export interface ParseContext {
  readonly self: Identity;
  readonly dm: "threads" | "one";
  readonly names: Names;
}

/**
 * The post in an event's body, as Slack delivers it: undefined for everything that is nobody saying something, and for what
 * the bot said itself. Total: any JSON goes in, nothing is thrown.
 */
export function postInEvent(body: unknown, self: Identity): SlackPost | undefined {
  const envelope = record(body);
  const post = readPost(envelope["event"], { team: text(envelope["team_id"]) ?? self.team });
  return post && isSelf(post, self) ? undefined : post;
}

/** `postInEvent`, then `toMessage`. */
export function parseEvent(body: unknown, context: ParseContext): Message | undefined {
  const post = postInEvent(body, context.self);
  return post && toMessage(post, context);
}

/** Normalises a post, the bot's own among them. */
export function toMessage(post: SlackPost, context: ParseContext): Message {
  const { self, names } = context;
  const decoded = decodePost(post, createWords(names, self.botUserId));
  const markdown = isSelf(post, self) ? withoutBreaks(decoded) : decoded;
  return {
    key: messageKey(post.team, post.channel, post.ts),
    platform: "slack",
    place: encodePlace({ team: post.team, channel: post.channel, ...threadOf(post, context.dm) }),
    id: messageId(post.ts),
    sentAt: sentAt(post.ts),
    author: authorOf(post, context),
    text: withoutCall(markdown, self.botName),
    call: callOf(post, context),
    where: whereOf(post, context),
  };
}

export function isSelf(post: SlackPost, self: Identity): boolean {
  return post.user === self.botUserId || (post.botId !== undefined && post.botId === self.botId);
}

function isInThread(post: SlackPost): boolean {
  return post.threadTs !== undefined && post.threadTs !== post.ts;
}

/** The thread that the post is in, or that will hang on it. A direct message that is one place has none at its top. */
function threadOf(post: SlackPost, dm: "threads" | "one"): { threadTs?: string } {
  if (isInThread(post)) return { threadTs: post.threadTs ?? post.ts };
  return dm === "one" && isDm(post) ? {} : { threadTs: post.ts };
}

function isDm(post: SlackPost): boolean {
  return post.channelType === "im" || post.channel.startsWith("D");
}

function authorOf(post: SlackPost, { self, names }: ParseContext): Author {
  if (isSelf(post, self)) return { id: self.botUserId, name: self.botName, kind: "self" };
  const id = post.user ?? post.botId ?? "unknown";
  // Slackbot is a user without a bot id.
  const kind = post.botId !== undefined || post.user === undefined || id === "USLACKBOT" ? "bot" : "person";
  return { id, name: (kind === "bot" ? post.botName : undefined) ?? names.user(id) ?? id, kind };
}

function callOf(post: SlackPost, { self, dm }: ParseContext): Call {
  const { users, crowd } = referencesOf(post);
  const mentionsBot = users.has(self.botUserId);
  return {
    mentionsBot,
    repliesToBot: false,
    mentionsOthers: !mentionsBot && (crowd || users.size > 0),
    inThread: isInThread(post),
    startsPlace: !isInThread(post) && threadOf(post, dm).threadTs === post.ts,
  };
}

function whereOf(post: SlackPost, { self, dm, names }: ParseContext): Whereabouts {
  const channel = names.channel(post.channel);
  const { threadTs } = threadOf(post, dm);
  const isOurs = post.team === self.team;
  const known = {
    workspaceName: isOurs ? self.teamName : undefined,
    workspaceUrl: isOurs ? self.teamUrl : undefined,
    channelName: channel?.name,
    channelTopic: channel?.topic,
    threadId: threadTs,
  };
  return {
    workspaceId: post.team,
    channelId: post.channel,
    channelKind: kindOf(post, channel?.kind),
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined && value !== "")),
  };
}

const KINDS: Readonly<Record<string, ChannelKind>> = {
  channel: "public",
  group: "private",
  im: "dm",
  mpim: "group_dm",
};

/** Where nobody says what the channel is, it counts as private: the kind that promises the least to outsiders. */
function kindOf(post: SlackPost, known: ChannelKind | undefined): ChannelKind {
  if (isDm(post)) return "dm";
  return known ?? KINDS[post.channelType ?? ""] ?? "private";
}
