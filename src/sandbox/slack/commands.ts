import type { SlackDeeds } from "./contract.ts";
import type { ResponseUrls } from "./response-urls.ts";
import type { SlackBlock } from "./types.ts";
import type { World } from "./world.ts";

export interface CommandsDeps {
  readonly world: World;
  readonly urls: ResponseUrls;
  /** Those of the app's manifest: `/patchcord`. */
  readonly names: readonly string[];
  readonly scopes: ReadonlySet<string>;
  /** Resolves with whether the app acknowledged the payload in time. Slack sends it once. */
  readonly interact: (payload: SlackBlock) => Promise<boolean>;
}

/** Slash commands: people type them, and the app is told as Slack tells (docs.slack.dev, Slash commands). There are none in threads. */
export function createCommands({
  world,
  urls,
  names,
  scopes,
  interact,
}: CommandsDeps): Pick<SlackDeeds, "command"> {
  return {
    command: ({ channel: id, user: userId, text }) => {
      const channel = world.channel(id);
      const user = world.users.get(userId);
      if (!user || !channel.members.includes(userId))
        throw new Error(`${userId} is not in ${id} of the Slack twin`);
      const [, name = "", words = ""] = /^(\/\S*)\s*([^]*)$/u.exec(text.trim()) ?? [];
      if (!names.includes(name) || !scopes.has("commands")) throw new Error(`${name} is not a valid command`);
      const channelName = {
        im: "directmessage",
        private: "privategroup",
        public: channel.name,
        mpim: channel.name,
      };
      return interact({
        token: "twin-verification-token",
        team_id: world.team.id,
        team_domain: world.team.name.toLowerCase(),
        channel_id: id,
        channel_name: channelName[channel.kind],
        user_id: user.id,
        user_name: user.name,
        command: name,
        text: words,
        api_app_id: world.bot.appId,
        is_enterprise_install: "false",
        response_url: urls.open({ channel: id, user: user.id, onMessage: false }),
        trigger_id: `${world.newTs()}.${world.team.id}`,
      });
    },
  };
}
