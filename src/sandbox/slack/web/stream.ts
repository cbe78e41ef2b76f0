import { defined } from "../defined.ts";
import { streamingState, wireMessage, type Stored } from "../message.ts";
import { edit, post } from "../posting.ts";
import type { SlackBlock, SlackSession } from "../types.ts";
import type { Channel } from "../world.ts";
import { checkBlocks } from "./blocks.ts";
import { STATES } from "./agent.ts";
import { look, ownMessage, threadOf, writable } from "./chat.ts";
import { markdownOf, readChunks, withChunks } from "./chunks.ts";
import { listArg, readMetadata } from "./content.ts";
import { channelArg, SlackRefusal, textArg, type Call, type Method } from "./method.ts";

/**
 * Undocumented: what a whole streamed message holds, in UTF-8 bytes. 10,571 were taken and 10,821 refused
 * (openclaw/openclaw#143882); that there is such a limit beside the call's: CopilotKit/CopilotKit#6244.
 */
const MOST_STREAMED_BYTES = 10_600;

const WRITE = { token: "bot", scopes: ["chat:write"], json: true } as const;

/** chat.*Stream: a message that grows by what each call adds. */
export const streamMethods: Readonly<Record<string, Method>> = {
  "chat.startStream": { ...WRITE, limit: "tier2", required: ["channel"], run: startStream },
  "chat.appendStream": { ...WRITE, limit: "tier4", required: ["channel", "ts"], run: appendStream },
  "chat.stopStream": { ...WRITE, limit: "tier2", required: ["channel", "ts"], run: stopStream },
};

function startStream(call: Call): SlackBlock {
  const { world, args } = call;
  const channel = writable(call);
  checkRecipient(call, channel);
  const threadTs = threadOf(call, channel);
  // The reference calls it optional and says that a stream always replies; without it Slack refuses (slackapi/node-slack-sdk#2382).
  if (threadTs === undefined) throw new SlackRefusal("invalid_thread_ts");
  // Slack takes a start that has nothing to show, and shows "Thinking…" (CopilotKit/CopilotKit#6278), though the SDK's types ask for text.
  const blocks = withChunks([], readChunks(args));
  checkSize(blocks);
  call.statuses.set(channel.id, threadTs, "");
  if (isAgent(call)) call.agents.setSession(channel.id, threadTs, { status: "processing" });
  const message = post(world, {
    channel: channel.id,
    threadTs,
    user: world.bot.userId,
    botId: world.bot.botId,
    text: markdownOf(blocks),
    blocks,
    unfurls: false,
    stream: { since: world.clock.now(), stopped: false },
  });
  look(call, message, "none");
  return { channel: channel.id, ts: message.ts };
}

/** An app that is declared an agent has this scope, and its streams have sessions (docs.slack.dev, Agent sessions). */
const isAgent = ({ scopes }: Call) => scopes.has("assistant:write");

/** In a channel a stream is for one person, who is named (docs.slack.dev, chat.startStream). */
function checkRecipient({ world, args }: Call, channel: Channel): void {
  const user = textArg(args, "recipient_user_id");
  const team = textArg(args, "recipient_team_id");
  if (channel.kind !== "im" && user === undefined) throw new SlackRefusal("missing_recipient_user_id");
  if (channel.kind !== "im" && team === undefined) throw new SlackRefusal("missing_recipient_team_id");
  if (user !== undefined && !world.users.has(user)) throw new SlackRefusal("user_not_found");
  if (team !== undefined && team !== world.team.id) throw new SlackRefusal("team_not_found");
}

function appendStream(call: Call): SlackBlock {
  const previous = liveMessage(call, "stopped_by_user");
  const chunks = readChunks(call.args);
  if (chunks.length === 0) throw new SlackRefusal("no_text");
  const message = grow(call, previous, { blocks: withChunks(previous.blocks, chunks) });
  return { channel: message.channel, ts: message.ts };
}

function stopStream(call: Call): SlackBlock {
  const { world, args } = call;
  const previous = liveMessage(call);
  const streamed = withChunks(previous.blocks, readChunks(args));
  const below = listArg(args, "blocks", "invalid_blocks_format") ?? [];
  checkBlocks(below);
  const metadata = readMetadata(args);
  const status = textArg(args, "session_status") ?? "active";
  if (!STATES.includes(status)) throw new SlackRefusal("invalid_arguments");
  if (isAgent(call) && previous.threadTs !== undefined)
    call.agents.setSession(previous.channel, previous.threadTs, { status: status as SlackSession["status"] });
  const message = grow(call, previous, {
    blocks: [...streamed, ...below],
    ...defined({ metadata: metadata === "none" ? undefined : metadata }),
    stream: { since: previous.stream?.since ?? 0, stopped: true },
  });
  return { channel: message.channel, ts: message.ts, message: wireMessage(world, message) };
}

/** The bot's message that a call names, if it still takes text. */
function liveMessage(call: Call, stoppedByUser = "message_not_in_streaming_state"): Stored {
  const message = ownMessage(call, channelArg(call), "message_not_owned_by_app");
  if (message.stream?.byUser) throw new SlackRefusal(stoppedByUser);
  if (streamingState(call.world, message) !== "in_progress")
    throw new SlackRefusal("message_not_in_streaming_state");
  return message;
}

/** Shows the message with what was added. No "(edited)" stands beside what is streamed. */
function grow(call: Call, previous: Stored, change: Pick<Stored, "blocks"> & Partial<Stored>): Stored {
  checkSize(change.blocks);
  const next = { ...previous, ...change, text: markdownOf(change.blocks) };
  // What was added may have completed a mention that began before it: the whole is looked at.
  look(call, next, "none");
  return edit(call.world, previous, next);
}

function checkSize(blocks: readonly SlackBlock[]): void {
  if (bytesIn(blocks.map(({ type: _type, task_id: _id, ...rest }) => rest)) > MOST_STREAMED_BYTES)
    throw new SlackRefusal("msg_too_long");
}

/** The UTF-8 length of every text in a JSON value. */
function bytesIn(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((sum, one) => sum + bytesIn(one), 0);
}
