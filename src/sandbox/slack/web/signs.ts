import { addReaction } from "../posting.ts";
import { threadArg } from "./agent.ts";
import {
  channelArg,
  isIn,
  jsonArg,
  SlackRefusal,
  textArg,
  type Call,
  type Method,
  type Statuses,
} from "./method.ts";
import type { SlackBlock } from "../types.ts";
import type { World } from "../world.ts";

/** docs.slack.dev, assistant.threads.setStatus: a status goes after two minutes without a message. */
const STATUS_MS = 120_000;

/** Signs of life: the status under a thread, and reactions. */
export const signMethods: Readonly<Record<string, Method>> = {
  "assistant.threads.setStatus": {
    token: "bot",
    scopes: ["chat:write", "assistant:write"],
    limit: "status",
    required: ["channel_id", "thread_ts"],
    json: true,
    run: setStatus,
  },
  "reactions.add": {
    token: "bot",
    scopes: ["reactions:write"],
    limit: "tier3",
    required: ["channel", "name", "timestamp"],
    json: true,
    run: react,
  },
};

function setStatus(call: Call): SlackBlock {
  const { args } = call;
  if (args["status"] === undefined) throw new SlackRefusal("invalid_arguments");
  const loading = jsonArg(args, "loading_messages", "invalid_arguments") ?? [];
  if (!isLoading(loading)) throw new SlackRefusal("invalid_arguments");
  const { channel, threadTs } = threadArg(call);
  call.statuses.set(channel, threadTs, textArg(args, "status") ?? "", loading);
  return {};
}

/** docs.slack.dev, assistant.threads.setStatus, loading_messages: at most ten, to be shown in turn. */
function isLoading(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 10 && value.every((one) => typeof one === "string");
}

function react(call: Call): SlackBlock {
  const { args, world } = call;
  const channel = channelArg(call);
  const name = textArg(args, "name") ?? "";
  if (channel.archived) throw new SlackRefusal("is_archived");
  if (!isIn(call, channel)) throw new SlackRefusal("not_in_channel");
  if (!/^[a-z0-9_+:'-]{1,100}$/u.test(name)) throw new SlackRefusal("invalid_name");
  const message = world.find(channel.id, textArg(args, "timestamp") ?? "");
  if (!message) throw new SlackRefusal("message_not_found");
  const users = message.reactions.find((reaction) => reaction.name === name)?.users ?? [];
  if (users.includes(world.bot.userId)) throw new SlackRefusal("already_reacted");
  addReaction(world, message, world.bot.userId, name);
  return {};
}

/** Keeps the statuses, tells the watchers of each change, and lets each end after its two minutes. */
export function createStatuses(world: World, signal: AbortSignal): Statuses {
  const shown = new Map<string, { status: string; since: number }>();
  const tell = (channel: string, threadTs: string, status: string, loading: readonly string[] = []) =>
    world.emit({ kind: "status", channel, threadTs, status, loading });
  const end = async (channel: string, threadTs: string, entry: object) => {
    await world.clock.sleep(STATUS_MS, signal);
    if (shown.get(`${channel} ${threadTs}`) !== entry) return;
    shown.delete(`${channel} ${threadTs}`);
    tell(channel, threadTs, "");
  };
  return {
    get: (channel, threadTs) => shown.get(`${channel} ${threadTs}`)?.status ?? "",
    set: (channel, threadTs, status, loading) => {
      const key = `${channel} ${threadTs}`;
      if (status === "" && !shown.has(key)) return;
      shown.delete(key);
      tell(channel, threadTs, status, loading);
      if (status === "") return;
      const entry = { status, since: world.clock.now() };
      shown.set(key, entry);
      // Only closing rejects: the wait ends with the signal's reason.
      end(channel, threadTs, entry).catch(() => undefined);
    },
  };
}
