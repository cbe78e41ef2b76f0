import { createMessage } from "../deeds/messages.ts";
import { joinThread } from "../deeds/thread-state.ts";
import { createThread } from "../deeds/threads.ts";
import { createForm } from "../form.ts";
import { messageJson } from "../json/message.ts";
import { channelJson, channelsOf, threadListJson } from "../json/channel.ts";
import { activeThreads } from "../json/guild.ts";
import type { Json } from "../json/people.ts";
import { Refusal } from "../refusal.ts";
import { CHANNEL_TYPE, isSystem, isThread, type Channel } from "../world.ts";
import {
  channelOf,
  demand,
  guildOf,
  messageOf,
  NO_CONTENT,
  ok,
  readBody,
  type Answer,
  type Call,
  type Route,
} from "./call.ts";
import { postForm } from "./message-form.ts";
import { attachmentsOf } from "./post.ts";

/** Minutes (Discord, Channels Resource, Thread Metadata Object). */
export const ARCHIVE_AFTER = [60, 1440, 4320, 10080];

/** Reported for most servers; Discord does not document the number behind error 160006. */
const MAX_ACTIVE_THREADS = 1000;

export const threadRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/channels/:channel/messages/:message/threads",
    rate: "channel",
    bucket: "starting threads",
    handle: startOnMessage,
  },
  {
    method: "POST",
    path: "/channels/:channel/threads",
    rate: "channel",
    bucket: "starting threads",
    handle: startThread,
  },
  { method: "PUT", path: "/channels/:channel/thread-members/@me", rate: "channel", handle: join },
  { method: "GET", path: "/guilds/:guild/threads/active", rate: "route", handle: listActive },
  {
    method: "GET",
    path: "/channels/:channel/threads/archived/public",
    rate: "channel",
    handle: listArchived,
  },
];

/** Discord, Start Thread from Message. */
async function startOnMessage(call: Call): Promise<Answer> {
  const { core } = call;
  const parent = channelOf(call);
  if (parent.type !== CHANNEL_TYPE.text && parent.type !== CHANNEL_TYPE.announcement)
    throw new Refusal(50024);
  const message = messageOf(call, parent);
  const { name, autoArchiveMinutes } = threadForm((await readBody(call)).json);
  demand(call, parent, "CREATE_PUBLIC_THREADS");
  if (isSystem(message)) throw new Refusal(50068);
  if (message.threadId !== undefined) throw new Refusal(160004);
  demandRoom(call, parent);
  const ownerId = core.world.bot.id;
  return {
    status: 201,
    body: channelJson(core.world, createThread(core, { parent, name, ownerId, message, autoArchiveMinutes })),
  };
}

/** Discord, Start Thread without Message, and in a forum. */
async function startThread(call: Call): Promise<Answer> {
  const { core } = call;
  const parent = channelOf(call);
  const { json } = await readBody(call);
  const { name, autoArchiveMinutes } = threadForm(json);
  if (parent.type === CHANNEL_TYPE.forum)
    return postInForum(call, parent, { name, autoArchiveMinutes, json });
  if (parent.type !== CHANNEL_TYPE.text && parent.type !== CHANNEL_TYPE.announcement)
    throw new Refusal(50024);
  // Without a type the thread is private, as it was when threads were new (Discord, Start Thread without Message).
  const secret = (json["type"] ?? CHANNEL_TYPE.privateThread) === CHANNEL_TYPE.privateThread;
  demand(call, parent, secret ? "CREATE_PRIVATE_THREADS" : "CREATE_PUBLIC_THREADS");
  demandRoom(call, parent);
  const ownerId = core.world.bot.id;
  const thread = createThread(core, { parent, name, ownerId, private: secret, autoArchiveMinutes });
  return { status: 201, body: channelJson(core.world, thread) };
}

/** A forum's post needs SEND_MESSAGES alone (Discord, Start Thread in Forum or Media Channel). */
function postInForum(
  call: Call,
  parent: Channel,
  of: { name: string; autoArchiveMinutes: number | undefined; json: Json },
): Answer {
  const { core } = call;
  const { world } = core;
  const { name, autoArchiveMinutes } = of;
  const form = postForm({ json: (of.json["message"] ?? {}) as Json, files: [] });
  demand(call, parent, "SEND_MESSAGES");
  if (!form.content && !form.embeds?.length) throw new Refusal(50006);
  demandRoom(call, parent);
  const authorId = world.bot.id;
  const channel = createThread(core, { parent, name, ownerId: authorId, autoArchiveMinutes });
  const message = createMessage(core, {
    channel,
    id: channel.id,
    authorId,
    content: form.content ?? "",
    embeds: form.embeds ?? [],
    flags: form.flags ?? 0,
    allowed: form.allowed,
    attachments: attachmentsOf(core, form.files),
  });
  const body = { ...channelJson(world, channel), message: messageJson(world, message, core.eye) };
  return { status: 201, body };
}

function threadForm(json: Json): { name: string; autoArchiveMinutes: number | undefined } {
  const form = createForm();
  const name = form.text(json, "name", { min: 1, max: 100, required: true }) ?? "";
  const autoArchiveMinutes = form.choice(json, "auto_archive_duration", ARCHIVE_AFTER);
  form.settle();
  return { name, autoArchiveMinutes };
}

function demandRoom({ core }: Call, parent: Channel): void {
  const guild = core.world.guilds.get(parent.guildId ?? "");
  const active = guild
    ? channelsOf(core.world, guild).filter((channel) => isThread(channel) && !channel.thread.archived)
    : [];
  if (active.length >= MAX_ACTIVE_THREADS) throw new Refusal(160006);
}

function join(call: Call): Answer {
  const channel = channelOf(call);
  if (!isThread(channel)) throw new Refusal(50024);
  if (channel.thread.archived) throw new Refusal(50083);
  joinThread(call.core, channel, call.core.world.bot.id);
  return NO_CONTENT;
}

function listActive(call: Call): Answer {
  return ok(threadListJson(call.core.world, activeThreads(call.core.world, guildOf(call))));
}

/** By the time of archiving, latest first (Discord, List Public Archived Threads). */
function listArchived(call: Call): Answer {
  const { world } = call.core;
  const { query } = call.request;
  const parent = channelOf(call);
  demand(call, parent, "READ_MESSAGE_HISTORY");
  const form = createForm();
  const limit = form.integer(Object.fromEntries(query), "limit", { min: 2, max: 100 }) ?? 50;
  form.settle();
  const before = query.has("before") ? Date.parse(query.get("before") ?? "") : Infinity;
  const archived = [...world.channels.values()]
    .filter(isThread)
    .filter(({ parentId, thread, type }) => {
      return (
        parentId === parent.id &&
        thread.archived &&
        type !== CHANNEL_TYPE.privateThread &&
        thread.archiveChangedAt < before
      );
    })
    .sort((a, b) => b.thread.archiveChangedAt - a.thread.archiveChangedAt);
  return ok({
    ...threadListJson(call.core.world, archived.slice(0, limit)),
    has_more: archived.length > limit,
  });
}
