import { defined } from "../defined.ts";
import { piecesOf, streamingState, wireMessage, type Stored } from "../message.ts";
import { deleteMessage, edit, editedNow, isReply, post } from "../posting.ts";
import type { SlackBlock } from "../types.ts";
import type { Channel } from "../world.ts";
import { readContent, readMetadata, type Content } from "./content.ts";
import {
  channelArg,
  flagArg,
  isIn,
  missingScope,
  SlackRefusal,
  textArg,
  type Call,
  type Method,
} from "./method.ts";

const WRITE = { token: "bot", scopes: ["chat:write"], json: true } as const;

/** chat.*: what the bot posts, changes and takes back. */
export const chatMethods: Readonly<Record<string, Method>> = {
  "chat.postMessage": { ...WRITE, limit: "message", required: ["channel"], run: postMessage },
  "chat.update": { ...WRITE, limit: "tier3", required: ["channel", "ts"], run: update },
  "chat.delete": { ...WRITE, limit: "tier3", required: ["channel", "ts"], run: remove },
  "chat.postEphemeral": { ...WRITE, limit: "tier4", required: ["channel", "user"], run: postEphemeral },
};

/** Whether the bot may post there. A public channel is open to `chat:write.public` without membership. */
export function writable(call: Call): Channel {
  const channel = channelArg(call);
  if (channel.archived) throw new SlackRefusal("is_archived");
  if (!isIn(call, channel) && !call.scopes.has("chat:write.public")) throw new SlackRefusal("not_in_channel");
  return channel;
}

/** The thread that a post goes to. Slack takes a root's ts only; what is gone or is itself a reply has no thread. */
export function threadOf(call: Call, channel: Channel): string | undefined {
  const threadTs = textArg(call.args, "thread_ts");
  if (threadTs === undefined) return undefined;
  const root = call.world.find(channel.id, threadTs);
  if (!root) throw new SlackRefusal("thread_not_found");
  if (isReply(root)) throw new SlackRefusal("cannot_reply_to_message");
  return threadTs;
}

function postMessage(call: Call): SlackBlock {
  const { world, args } = call;
  const channel = writable(call);
  const threadTs = threadOf(call, channel);
  const content = readContent(args, "post");
  const metadata = readMetadata(args);
  if (textArg(args, "username") !== undefined && !call.scopes.has("chat:write.customize"))
    throw missingScope(call.scopes, "chat:write.customize");
  const { text = "", blocks = [], attachments = [] } = content;
  const broadcast = threadTs !== undefined && flagArg(args, "reply_broadcast");
  // A post of the app ends its status in the thread (docs.slack.dev, assistant.threads.setStatus).
  if (threadTs !== undefined) call.statuses.set(channel.id, threadTs, "");
  const message = post(world, {
    channel: channel.id,
    ...defined({ threadTs, subtype: broadcast ? "thread_broadcast" : undefined }),
    user: world.bot.userId,
    botId: world.bot.botId,
    text,
    blocks,
    attachments,
    ...defined({ metadata: metadata === "none" ? undefined : metadata }),
    unfurls: flagArg(args, "unfurl_links", true) || flagArg(args, "unfurl_media", true),
  });
  look(call, message, textArg(args, "parse") ?? "none");
  const wire = wireMessage(world, message);
  return { channel: channel.id, ts: message.ts, message: wire, ...warningsOf(content) };
}

function warningsOf({ truncated }: Content): SlackBlock {
  if (!truncated) return {};
  const warnings = ["message_truncated"];
  return {
    warning: "message_truncated",
    response_metadata: { warnings, messages: ["[WARN] message_truncated"] },
  };
}

/** Notes whom the message would notify and what it would unfurl. */
export function look(call: Call, message: Stored, parse: string): void {
  const { text, blocks, attachments, channel, ts, unfurls = false } = message;
  call.watchful.look({
    channel,
    ts,
    via: call.method,
    text,
    blocks,
    attachments,
    parse,
    linkNames: flagArg(call.args, "link_names"),
    unfurls,
  });
}

/** The message that a call names, if it is the bot's own. */
export function ownMessage(call: Call, channel: Channel, refusal: string): Stored {
  const message = call.world.find(channel.id, textArg(call.args, "ts") ?? "");
  if (!message || message.subtype === "tombstone") throw new SlackRefusal("message_not_found");
  if (message.botId !== call.world.bot.botId) throw new SlackRefusal(refusal);
  return message;
}

function update(call: Call): SlackBlock {
  const { world, args } = call;
  const channel = channelArg(call);
  const previous = ownMessage(call, channel, "cant_update_message");
  if (channel.archived) throw new SlackRefusal("is_inactive");
  // docs.slack.dev, chat.update: what is streamed is not edited before the stream has ended.
  if (streamingState(world, previous) === "in_progress") throw new SlackRefusal("streaming_state_conflict");
  const content = readContent(args, "update");
  const text = content.text ?? previous.text;
  // Text without blocks takes the blocks away; blocks without text leave it (docs.slack.dev, chat.update).
  const blocks = content.blocks ?? (content.text === undefined ? previous.blocks : []);
  checkMismatch(previous, content);
  const { metadata: kept, edited: _edited, ...rest } = previous;
  // Without metadata it is kept; an empty object takes it away (docs.slack.dev, chat.update).
  const metadata = readMetadata(args) ?? kept;
  // With blocks no "(edited)" is shown (docs.slack.dev, chat.update).
  const marked = content.blocks === undefined || args["markdown_text"] !== undefined;
  const next: Stored = {
    ...rest,
    text,
    blocks,
    attachments: content.attachments ?? previous.attachments,
    ...defined({
      metadata: metadata === "none" ? undefined : metadata,
      edited: marked ? editedNow(world, world.bot.userId) : undefined,
    }),
  };
  look(call, next, textArg(args, "parse") ?? "client");
  const message = edit(world, previous, next);
  return { channel: channel.id, ts: message.ts, text, message: wireMessage(world, message) };
}

function checkMismatch(previous: Stored, content: Content): void {
  const isRich = (blocks: readonly SlackBlock[]) => blocks.some((block) => block["type"] === "rich_text");
  if (content.blocks && isRich(previous.blocks) && !isRich(content.blocks))
    throw new SlackRefusal("block_mismatch");
}

function remove(call: Call): SlackBlock {
  const channel = channelArg(call);
  const message = ownMessage(call, channel, "cant_delete_message");
  deleteMessage(call.world, message);
  return { channel: channel.id, ts: message.ts };
}

function postEphemeral(call: Call): SlackBlock {
  const { world, args } = call;
  const channel = writable(call);
  const user = textArg(args, "user") ?? "";
  if (!channel.members.includes(user)) throw new SlackRefusal("user_not_in_channel");
  const threadTs = threadOf(call, channel);
  const { text = "", blocks = [] } = readContent(args, "post");
  const shown = piecesOf({ text, blocks, isBot: true });
  world.emit({ kind: "ephemeral", channel: channel.id, user, text, shown, ...defined({ threadTs }) });
  return { message_ts: world.newTs() };
}
