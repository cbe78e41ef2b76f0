import { createForm } from "../form.ts";
import { deleteMessage, editMessage } from "../deeds/messages.ts";
import { messageJson } from "../json/message.ts";
import { can } from "../permissions.ts";
import { Refusal } from "../refusal.ts";
import { byAge } from "../snowflake.ts";
import {
  CHANNEL_TYPE,
  holdsMessages,
  isSystem,
  MESSAGE_FLAG,
  MESSAGE_TYPE,
  type Channel,
  type Message,
} from "../world.ts";
import {
  channelOf,
  demand,
  messageOf,
  NO_CONTENT,
  ok,
  readBody,
  type Answer,
  type Call,
  type Route,
} from "./call.ts";
import { editForm, type MessageForm } from "./message-form.ts";
import { attachmentsOf, demandUnlocked, postMessage } from "./post.ts";

const HOUR_MS = 3_600_000;

export const messageRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/channels/:channel/messages",
    rate: "write",
    bucket: "writing messages",
    handle: postMessage,
  },
  {
    method: "PATCH",
    path: "/channels/:channel/messages/:message",
    rate: "write",
    bucket: "writing messages",
    handle: patchMessage,
  },
  { method: "GET", path: "/channels/:channel/messages", rate: "channel", handle: listMessages },
  { method: "GET", path: "/channels/:channel/messages/:message", rate: "channel", handle: getMessage },
  { method: "DELETE", path: "/channels/:channel/messages/:message", rate: "channel", handle: removeMessage },
];

/** Discord, Edit Message. */
async function patchMessage(call: Call): Promise<Answer> {
  const { core, limits } = call;
  const { world } = core;
  const channel = channelOf(call);
  const message = messageOf(call, channel);
  const form = editForm(await readBody(call));
  demandUnlocked(call, channel);
  if (channel.thread?.archived) throw new Refusal(50083);
  if (isSystem(message)) throw new Refusal(50021);
  demandAuthorship(call, channel, { message, form });
  if (world.now() - message.createdAt > HOUR_MS) limits.hidden("oldEdit", channel.id);

  if (form.files.length > 0) demand(call, channel, "ATTACH_FILES");
  const attachments =
    form.kept || form.files.length > 0
      ? [...keptOf(message, form), ...attachmentsOf(core, form.files)]
      : undefined;
  const content = form.content ?? message.content;
  const embeds = form.embeds ?? message.embeds.filter((embed) => embed.type === "rich");
  const files = attachments ?? message.attachments;
  const components = form.components ?? message.components;
  if (content === "" && [embeds, files, components].every(({ length }) => length === 0))
    throw new Refusal(50006);
  editMessage(core, message, {
    content: form.content,
    embeds: form.embeds,
    allowed: form.allowed,
    flags: flagsAfter(message, form),
    attachments,
    components: form.components,
  });
  return ok(messageJson(world, message, core.eye));
}

/** SUPPRESS_EMBEDS alone can be set and unset; the other bits stay as they are (Discord, Edit Message). */
function flagsAfter(message: Message, { flags }: MessageForm): number | undefined {
  const { suppressEmbeds } = MESSAGE_FLAG;
  return flags === undefined ? undefined : (message.flags & ~suppressEmbeds) | (flags & suppressEmbeds);
}

/** Others' messages: only their flags, and only by moderators. */
function demandAuthorship(call: Call, channel: Channel, of: { message: Message; form: MessageForm }): void {
  const { world } = call.core;
  const { message, form } = of;
  if (message.authorId === world.bot.id && !message.webhook) return;
  const { content, embeds, components, kept } = form;
  const onlyFlags = content === undefined && !embeds && !components && !kept && form.files.length === 0;
  if (!onlyFlags) throw new Refusal(50005);
  demand(call, channel, "MANAGE_MESSAGES");
}

/** Files are appended; `attachments` names those that stay (Discord, Edit Message). */
function keptOf(message: Message, form: MessageForm): Message["attachments"] {
  const { kept } = form;
  return kept ? message.attachments.filter(({ id }) => kept.includes(id)) : message.attachments;
}

/** Newest first. Without READ_MESSAGE_HISTORY there is nothing to see (Discord, Get Channel Messages). */
function listMessages(call: Call): Answer {
  const { world, eye } = call.core;
  const channel = channelOf(call);
  if (!holdsMessages(channel)) throw new Refusal(50024);
  const { limit, cursor } = pageOf(call);
  if (!can(world, world.bot.id, channel, "READ_MESSAGE_HISTORY")) return ok([]);
  const found = select([...channel.messages.values()].sort(byAge), cursor, limit);
  return ok(found.reverse().map((message) => messageJson(world, message, eye)));
}

type Cursor = { readonly at: "before" | "after" | "around"; readonly id: bigint } | undefined;

function pageOf({ request }: Call): { limit: number; cursor: Cursor } {
  const query = Object.fromEntries(request.query);
  const form = createForm();
  const limit = form.integer(query, "limit", { min: 1, max: 100 }) ?? 50;
  const given = (["before", "after", "around"] as const).flatMap((at) => {
    const id = form.snowflake(query, at);
    return id === undefined ? [] : [{ at, id }];
  });
  if (given.length > 1)
    form.fail("before", "MUTUALLY_EXCLUSIVE", "before, after and around are mutually exclusive");
  form.settle();
  const [first] = given;
  return { limit, cursor: first ? { at: first.at, id: BigInt(first.id) } : undefined };
}

/** Of messages in the order of their age: those nearest to the cursor. */
function select(messages: readonly Message[], cursor: Cursor, limit: number): Message[] {
  if (!cursor) return messages.slice(-limit);
  const older = messages.filter(({ id }) => BigInt(id) < cursor.id);
  const newer = messages.filter(({ id }) => BigInt(id) > cursor.id);
  if (cursor.at === "before") return older.slice(-limit);
  if (cursor.at === "after") return newer.slice(0, limit);
  const itself = messages.filter(({ id }) => BigInt(id) === cursor.id);
  const half = Math.floor(limit / 2);
  return [...(half > 0 ? older.slice(-half) : []), ...itself, ...newer.slice(0, half)].slice(0, limit);
}

function getMessage(call: Call): Answer {
  const channel = channelOf(call);
  demand(call, channel, "READ_MESSAGE_HISTORY");
  return ok(messageJson(call.core.world, messageOf(call, channel), call.core.eye));
}

/** Discord, Delete Message; which system messages can be deleted: Message Types. */
function removeMessage(call: Call): Answer {
  const { world } = call.core;
  const channel = channelOf(call);
  const message = messageOf(call, channel);
  const undeletable = (message.type >= 1 && message.type <= 5) || message.type === MESSAGE_TYPE.threadStarter;
  if (undeletable) throw new Refusal(50021);
  if (message.authorId !== world.bot.id || message.webhook) {
    if (channel.type === CHANNEL_TYPE.dm) throw new Refusal(50003);
    demand(call, channel, "MANAGE_MESSAGES");
  }
  if (channel.thread?.archived && channel.thread.locked) throw new Refusal(50083);
  deleteMessage(call.core, channel, message);
  return NO_CONTENT;
}
