import type { SignIn } from "../chat/sign-in.ts";
import type { Config } from "../config.ts";
import { discordConfig, slackConfig } from "../config/platforms.ts";
import { createDiscordSignIn } from "../discord/sign-in.ts";
import { createSlackSignIn } from "../slack/sign-in.ts";
import type { AppDeps } from "./parts.ts";

/** How people may sign in to the console: by each platform that is set up and has what it takes. They end with the signal. */
export function openSignIns(
  config: Config,
  deps: AppDeps & { readonly signal: AbortSignal },
): readonly SignIn[] {
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET, DISCORD_CLIENT_SECRET } = config.env;
  const [slack, discord] = [slackConfig(config), discordConfig(config)];
  const found: SignIn[] = [];
  if (slack && clientId !== undefined && SLACK_CLIENT_SECRET !== undefined)
    found.push(
      createSlackSignIn({ ...deps, config: { ...slack, clientId, clientSecret: SLACK_CLIENT_SECRET } }),
    );
  if (discord && DISCORD_CLIENT_SECRET !== undefined)
    found.push(createDiscordSignIn({ ...deps, config: { ...discord, clientSecret: DISCORD_CLIENT_SECRET } }));
  return found;
}
