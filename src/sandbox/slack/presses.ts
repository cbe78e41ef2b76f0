import type { ServerResponse } from "node:http";
import { sendJson, type TwinRequest } from "../server.ts";
import type { SlackDeeds } from "./contract.ts";
import { buttonsOf, wireMessage, type Stored } from "./message.ts";
import type { SlackBlock, SlackButton } from "./types.ts";
import type { Channel, User, World } from "./world.ts";

export interface PressesDeps {
  readonly world: World;
  /** Resolves with whether the app acknowledged the payload in time. Slack sends it once. */
  readonly interact: (payload: SlackBlock) => Promise<boolean>;
  /** The twin's address. */
  readonly url: () => string;
}

export interface Presses extends Pick<SlackDeeds, "press"> {
  /** Answers a request to a `response_url`. */
  readonly respond: (request: TwinRequest, response: ServerResponse) => void;
}

/** docs.slack.dev, Handling user interaction: a response_url is good for five answers within thirty minutes. */
const ANSWERS = 5;
const ANSWERED_WITHIN_MS = 30 * 60_000;

/** Where a press can still be answered: its token, and what it is good for. */
interface Addressee {
  readonly channel: string;
  readonly user: string;
  readonly until: number;
  left: number;
}

/** Buttons under messages: people press them, and the app is told as Slack tells (docs.slack.dev, block_actions payload). */
export function createPresses({ world, interact, url }: PressesDeps): Presses {
  const addressees = new Map<string, Addressee>();
  return {
    press: ({ channel: id, ts, user: userId, actionId }) => {
      const channel = world.channel(id);
      const user = world.users.get(userId);
      if (!user || (channel.kind !== "public" && !channel.members.includes(userId)))
        throw new Error(`${userId} does not see ${id} in the Slack twin`);
      const message = world.find(id, ts);
      const button = message && buttonsOf(message).find((one) => one.actionId === actionId);
      if (!button) throw new Error(`no button ${actionId} under ${ts} in the Slack twin`);
      const token = world.newId("response");
      const until = world.clock.now() + ANSWERED_WITHIN_MS;
      addressees.set(token, { channel: id, user: userId, until, left: ANSWERS });
      const response_url = `${url()}/actions/${world.team.id}/${token}`;
      return interact({ ...payloadOf(world, { message, channel, user, button }), response_url });
    },
    respond: (request, response) => {
      const addressee = addressees.get(request.path.split("/").at(-1) ?? "");
      if (!addressee) return sendJson(response, 404, { ok: false, error: "invalid_url" });
      if (addressee.until < world.clock.now() || addressee.left === 0)
        return sendJson(response, 404, {
          ok: false,
          error: addressee.left === 0 ? "used_url" : "expired_url",
        });
      const { text, response_type, replace_original } = JSON.parse(request.body.toString()) as SlackBlock;
      // What the twin does not play is refused loudly, instead of being lost.
      if (typeof text !== "string" || response_type === "in_channel" || replace_original !== false)
        throw new Error("The Slack twin takes only ephemeral text at a response_url.");
      addressee.left -= 1;
      world.emit({ kind: "ephemeral", channel: addressee.channel, user: addressee.user, text });
      sendJson(response, 200, { ok: true });
    },
  };
}

interface Pressed {
  readonly message: Stored;
  readonly channel: Channel;
  readonly user: User;
  readonly button: SlackButton;
}

function payloadOf(world: World, { message, channel, user, button }: Pressed): SlackBlock {
  const { ts, threadTs } = message;
  const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
  const { actionId, blockId, text, value } = button;
  return {
    type: "block_actions",
    user: { id: user.id, username: user.name, name: user.name, team_id: world.team.id },
    api_app_id: world.bot.appId,
    token: "twin-verification-token",
    container: {
      type: "message",
      message_ts: ts,
      channel_id: channel.id,
      is_ephemeral: false,
      ...thread,
    },
    trigger_id: `${world.newTs()}.${world.team.id}`,
    team: { id: world.team.id, domain: world.team.name.toLowerCase() },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: channel.id, name: channel.kind === "im" ? "directmessage" : channel.name },
    message: wireMessage(world, message),
    state: { values: {} },
    actions: [
      {
        action_id: actionId,
        block_id: blockId,
        text: { type: "plain_text", text, emoji: true },
        ...(value === undefined ? {} : { value }),
        type: "button",
        action_ts: world.newTs(),
      },
    ],
  };
}
