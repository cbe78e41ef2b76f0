import { defined } from "./defined.ts";
import type {
  SlackBlock,
  SlackButton,
  SlackMessage,
  SlackMetadata,
  SlackPiece,
  SlackVersion,
} from "./types.ts";
import type { World } from "./world.ts";

/** A message as the workspace keeps it. Never changed in place: an edit stores a new one under the same ts. */
export interface Stored {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly subtype?: string;
  readonly user?: string;
  readonly botId?: string;
  /** The name that a legacy bot goes by. */
  readonly username?: string;
  readonly clientMsgId?: string;
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly attachments: readonly SlackBlock[];
  readonly files: readonly SlackBlock[];
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[];
  readonly metadata?: SlackMetadata;
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly edits: number;
  readonly versions: readonly SlackVersion[];
  /** The app's own message was not posted with `unfurl_links` and `unfurl_media` both false. */
  readonly unfurls?: boolean;
  /** It grows, or grew, by chat.appendStream. `since` in milliseconds since the epoch. */
  readonly stream?: { readonly since: number; readonly stopped: boolean; readonly byUser?: boolean };
}

/** A stream that nobody stops closes by itself some five minutes after its start, whatever is appended (slackapi/node-slack-sdk#2702). */
const STREAM_MS = 300_000;

/** `streaming_state` as Slack gives it; nothing for a message that never was streamed. */
export function streamingState(
  world: World,
  { stream }: Stored,
): "in_progress" | "completed" | "errored" | undefined {
  if (stream === undefined) return undefined;
  if (stream.stopped) return "completed";
  return world.clock.now() - stream.since < STREAM_MS ? "in_progress" : "errored";
}

/** The JSON of a message as events and the Web API carry it, without `channel`. */
export function wireMessage(world: World, message: Stored): SlackBlock {
  const { channel, ts, threadTs, blocks, attachments, files, reactions } = message;
  const replies = world.repliesTo(channel, ts);
  const root = threadTs === undefined || threadTs === ts ? undefined : world.find(channel, threadTs);
  return defined({
    user: message.user,
    type: "message",
    subtype: message.subtype,
    ts,
    client_msg_id: message.clientMsgId,
    ...botFields(world, message),
    text: message.text,
    team: world.team.id,
    thread_ts: threadTs,
    parent_user_id: root && (root.user ?? root.botId),
    blocks: orNothing(withIds(blocks).map(keptBlock)),
    attachments: orNothing(attachments),
    ...(files.length ? { files, upload: false, display_as_bot: false } : {}),
    edited: message.edited,
    streaming_state: streamingState(world, message),
    reactions: orNothing(reactions.map((one) => ({ ...one, count: one.users.length }))),
    ...(replies.length ? threadFields(message, replies) : {}),
  });
}

/** Slack leaves empty lists out. */
function orNothing<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length ? list : undefined;
}

/** Slack does not keep `markdown` blocks: what is read back is rich_text (typeclaw/typeclaw#1258). The twin keeps the text in one. */
function keptBlock(block: SlackBlock): SlackBlock {
  if (block["type"] !== "markdown") return block;
  const section = { type: "rich_text_section", elements: [{ type: "text", text: block["text"] }] };
  return { type: "rich_text", elements: [section] };
}

function threadFields(root: Stored, replies: readonly Stored[]): SlackBlock {
  const users = [...new Set(replies.map((one) => one.user ?? one.botId))];
  return {
    thread_ts: root.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    latest_reply: replies.at(-1)?.ts,
    reply_users: users,
    is_locked: false,
    subscribed: false,
  };
}

function botFields(world: World, { botId, username }: Stored): SlackBlock {
  const bot = world.bots.get(botId ?? "");
  if (!bot) return {};
  if (username !== undefined) return { bot_id: bot.botId, username };
  return {
    bot_id: bot.botId,
    app_id: bot.appId,
    bot_profile: {
      id: bot.botId,
      deleted: false,
      name: bot.name,
      updated: world.created,
      app_id: bot.appId,
      icons: {},
      team_id: world.team.id,
    },
  };
}

/** A message as a person sees it. */
export function showMessage(world: World, message: Stored): SlackMessage {
  const bot = message.botId === undefined ? undefined : world.bots.get(message.botId);
  const author = message.username ?? bot?.name ?? world.users.get(message.user ?? "")?.name ?? "unknown";
  const { channel, ts, threadTs, subtype, user, botId, text, blocks, attachments } = message;
  const { edits, versions, files, reactions, metadata } = message;
  return {
    ...defined({ threadTs, subtype, user, botId, metadata }),
    channel,
    ts,
    author,
    text,
    blocks,
    attachments,
    shown: piecesOf({ text, blocks, isBot: botId !== undefined }),
    buttons: buttonsOf(message),
    isStreaming: streamingState(world, message) === "in_progress",
    edited: message.edited !== undefined,
    edits,
    versions,
    files,
    reactions,
    replyCount: world.repliesTo(channel, ts).length,
  };
}

/** What of a message's content people see. */
export function piecesOf({
  text,
  blocks,
  isBot,
}: Pick<Stored, "text" | "blocks"> & { isBot: boolean }): readonly SlackPiece[] {
  // A person's rich_text block says the same as the text, which is easier to read.
  if (!isBot || blocks.length === 0) return text === "" ? [] : [{ format: "mrkdwn", text }];
  return blocks.filter(({ type }) => type !== "actions").flatMap(piecesIn);
}

/** The buttons of its `actions` blocks. */
export function buttonsOf({ blocks }: Stored): readonly SlackButton[] {
  return withIds(blocks)
    .filter(({ type }) => type === "actions")
    .flatMap(({ block_id, elements }) =>
      (elements as SlackBlock[]).map((one) => [String(block_id), one] as const),
    )
    .filter(([, { type }]) => type === "button")
    .map(([blockId, { action_id, text, value, style }]) => ({
      actionId: String(action_id),
      blockId,
      text: String((text as SlackBlock)["text"]),
      isPrimary: style === "primary",
      ...defined({ value: value as string | undefined }),
    }));
}

/** Slack names the blocks and elements that the app did not name (docs.slack.dev, Block Kit). */
function withIds(blocks: readonly SlackBlock[]): readonly SlackBlock[] {
  return blocks.map((block, at) => {
    const { elements } = block;
    const named = Array.isArray(elements)
      ? { elements: elements.map((one, index) => ({ action_id: `a${at}${index}`, ...(one as SlackBlock) })) }
      : {};
    return block["type"] === "actions" ? { block_id: `b${at}`, ...block, ...named } : block;
  });
}

/** The texts of a block, an element or a text object, in order. */
function piecesIn(value: unknown): readonly SlackPiece[] {
  if (typeof value !== "object" || value === null) return [];
  const { type, text, fields, elements } = value as SlackBlock;
  if (typeof text === "string")
    return [{ format: type === "markdown" || type === "mrkdwn" ? type : "plain", text }];
  return [text, fields, elements].flat().flatMap(piecesIn);
}
