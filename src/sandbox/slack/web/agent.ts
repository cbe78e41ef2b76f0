import { isReply } from "../posting.ts";
import type { SlackBlock, SlackPrompt, SlackSession } from "../types.ts";
import {
  channelArg,
  isIn,
  jsonArg,
  missingScope,
  SlackRefusal,
  textArg,
  type Call,
  type Method,
} from "./method.ts";

/** docs.slack.dev, agents.sessions.setStatus, title. */
const MOST_TITLE = 200;
/** docs.slack.dev, assistant.threads.setSuggestedPrompts. */
const MOST_PROMPTS = 4;
export const STATES: readonly string[] = ["active", "processing", "suspended", "closed"];

const AGENT = { token: "bot", scopes: ["assistant:write"], json: true } as const;

/** What only agents have: sessions, titles, suggestions (docs.slack.dev, Developing agents). */
export const agentMethods: Readonly<Record<string, Method>> = {
  "agents.sessions.setStatus": {
    ...AGENT,
    limit: "tier3",
    required: ["channel_id", "thread_ts", "status"],
    run: setSession,
  },
  "assistant.threads.setTitle": {
    ...AGENT,
    limit: "tier4",
    required: ["channel_id", "thread_ts", "title"],
    run: setTitle,
  },
  "assistant.threads.setSuggestedPrompts": {
    ...AGENT,
    limit: "tier4",
    required: ["channel_id", "prompts"],
    run: setPrompts,
  },
};

/** The thread that a call is about, by its first message. */
export function threadArg(call: Call): { readonly channel: string; readonly threadTs: string } {
  const channel = channelArg(call, "channel_id");
  const threadTs = textArg(call.args, "thread_ts") ?? "";
  if (!isIn(call, channel)) throw new SlackRefusal("channel_not_found");
  const root = call.world.find(channel.id, threadTs);
  if (!root || isReply(root)) throw new SlackRefusal("invalid_thread_ts");
  return { channel: channel.id, threadTs };
}

function setSession(call: Call): SlackBlock {
  const { channel, threadTs } = threadArg(call);
  const status = textArg(call.args, "status") ?? "";
  const title = textArg(call.args, "title");
  if (!STATES.includes(status)) throw new SlackRefusal("invalid_arguments");
  if (title !== undefined && title.length > MOST_TITLE) throw new SlackRefusal("invalid_arguments");
  if (!call.scopes.has("chat:write")) throw missingScope(call.scopes, "chat:write");
  call.agents.setSession(channel, threadTs, {
    status: status as SlackSession["status"],
    ...(title === undefined ? {} : { title }),
  });
  // docs.slack.dev, agent_session_stopped: nobody can stop what the app would not hear of.
  if (call.subscriptions.has("agent_session_stopped")) return {};
  return { warning: "missing_agent_session_stopped_event_subscription" };
}

function setTitle(call: Call): SlackBlock {
  const { channel, threadTs } = threadArg(call);
  const title = textArg(call.args, "title") ?? "";
  if (call.world.channel(channel).kind !== "im") throw new SlackRefusal("channel_not_found");
  call.agents.setSession(channel, threadTs, { title });
  return {};
}

function setPrompts(call: Call): SlackBlock {
  const channel = channelArg(call, "channel_id");
  if (channel.kind !== "im") throw new SlackRefusal("channel_not_found");
  const prompts = jsonArg(call.args, "prompts", "invalid_arguments");
  if (
    !Array.isArray(prompts) ||
    prompts.length === 0 ||
    prompts.length > MOST_PROMPTS ||
    !prompts.every(isPrompt)
  )
    throw new SlackRefusal("invalid_arguments");
  call.agents.setPrompts(channel.id, prompts);
  return {};
}

function isPrompt(value: unknown): value is SlackPrompt {
  if (typeof value !== "object" || value === null) return false;
  const { title, message } = value as SlackBlock;
  return [title, message].every((one) => typeof one === "string" && one.trim() !== "");
}
