import { removeChannel, setChannel } from "../deeds/channels.ts";
import { setThread } from "../deeds/thread-state.ts";
import { createForm } from "../form.ts";
import { can } from "../permissions.ts";
import { channelJson } from "../json/channel.ts";
import type { Json } from "../json/people.ts";
import { Refusal } from "../refusal.ts";
import { CHANNEL_TYPE, isThread, type ThreadChannel } from "../world.ts";
import { channelOf, demand, ok, readBody, type Answer, type Call, type Route } from "./call.ts";
import { ARCHIVE_AFTER } from "./threads.ts";

const PATH = "/channels/:channel";

export const channelRoutes: readonly Route[] = [
  { method: "GET", path: PATH, rate: "channel", handle: getChannel },
  { method: "PATCH", path: PATH, rate: "channel", handle: patchChannel },
  { method: "DELETE", path: PATH, rate: "channel", handle: deleteChannel },
];

function getChannel(call: Call): Answer {
  return ok(channelJson(call.core.world, channelOf(call)));
}

/** Discord, Modify Channel. */
async function patchChannel(call: Call): Promise<Answer> {
  const { core, limits } = call;
  const channel = channelOf(call);
  const { json } = await readBody(call);
  if (channel.type === CHANNEL_TYPE.dm) throw new Refusal(50003);
  const form = createForm();
  const name = form.text(json, "name", { min: 1, max: 100 });
  const topicMax = channel.type === CHANNEL_TYPE.forum ? 4096 : 1024;
  const topic = form.text(json, "topic", { max: topicMax });
  const archived = form.flag(json, "archived");
  const locked = form.flag(json, "locked");
  const autoArchiveMinutes = form.choice(json, "auto_archive_duration", ARCHIVE_AFTER);
  form.settle();
  if (isThread(channel)) demandThreadChange(call, channel, json);
  else demand(call, channel, "MANAGE_CHANNELS");
  if (name !== undefined || topic !== undefined) limits.hidden("rename", channel.id);
  if (isThread(channel)) setThread(core, channel, { name, archived, locked, autoArchiveMinutes });
  else setChannel(core, channel, { name, topic });
  return ok(channelJson(core.world, channel));
}

/**
 * A thread that is not locked is opened by anyone who may write in it; its owner changes all but the lock;
 * moderators change everything. An archived thread is opened first, or with the change (Discord, Modify Channel; Threads).
 */
function demandThreadChange(call: Call, channel: ThreadChannel, json: Json): void {
  const { world } = call.core;
  const { thread } = channel;
  const moderator = can(world, world.bot.id, channel, "MANAGE_THREADS");
  const opens = json["archived"] === false;
  if (thread.archived && !opens) throw new Refusal(50083);
  if (moderator) return;
  if (thread.locked) throw new Refusal(160005);
  const onlyOpens = opens && Object.keys(json).length === 1;
  if (onlyOpens) return demand(call, channel, "SEND_MESSAGES_IN_THREADS");
  if ("locked" in json || "rate_limit_per_user" in json || thread.ownerId !== world.bot.id)
    throw new Refusal(50013);
}

function deleteChannel(call: Call): Answer {
  const { core } = call;
  const channel = channelOf(call);
  const body = channelJson(core.world, channel);
  // Closing a DM only hides it (Discord, Delete/Close Channel).
  if (channel.type === CHANNEL_TYPE.dm) return ok(body);
  demand(call, channel, isThread(channel) ? "MANAGE_THREADS" : "MANAGE_CHANNELS");
  removeChannel(core, channel);
  return ok(body);
}
