import type { SlackDeeds } from "./contract.ts";
import { buttonsOf, wireMessage, type Stored } from "./message.ts";
import type { ResponseUrls } from "./response-urls.ts";
import type { SlackBlock, SlackButton } from "./types.ts";
import type { Channel, User, World } from "./world.ts";

export interface PressesDeps {
  readonly world: World;
  /** Resolves with whether the app acknowledged the payload in time. Slack sends it once. */
  readonly interact: (payload: SlackBlock) => Promise<boolean>;
  readonly urls: ResponseUrls;
}

/** Buttons under messages: people press them, and the app is told as Slack tells (docs.slack.dev, block_actions payload). */
export function createPresses({ world, interact, urls }: PressesDeps): Pick<SlackDeeds, "press"> {
  return {
    press: ({ channel: id, ts, user: userId, actionId }) => {
      const channel = world.channel(id);
      const user = world.users.get(userId);
      if (!user || (channel.kind !== "public" && !channel.members.includes(userId)))
        throw new Error(`${userId} does not see ${id} in the Slack twin`);
      const message = world.find(id, ts);
      const button = message && buttonsOf(message).find((one) => one.actionId === actionId);
      if (!button) throw new Error(`no button ${actionId} under ${ts} in the Slack twin`);
      const response_url = urls.open({ channel: id, user: userId, onMessage: true });
      return interact({ ...payloadOf(world, { message, channel, user, button }), response_url });
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
