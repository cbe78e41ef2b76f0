import type { Config } from "../config.ts";
import type { DiscordConfig } from "../discord/config.ts";
import type { SlackConfig } from "../slack/config.ts";
import type { FileConfig } from "./file.ts";

/** What the bot answers at all: what it needs of a platform depends on it. */
export function answersIn({ answer, channels }: FileConfig): {
  readonly dms: boolean;
  readonly channels: boolean;
} {
  const modes = [answer.channels, ...Object.values(channels).map((override) => override.answer ?? "never")];
  return { dms: answer.dm, channels: modes.some((mode) => mode !== "never") };
}

/** The Slack adapter's part of the configuration. Undefined: Slack is off. With an app-level token it uses Socket Mode. */
export function slackConfig({ env, file }: Config): SlackConfig | undefined {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = env;
  if (botToken === undefined) return undefined;
  const transport =
    appToken === undefined
      ? ({ kind: "http", signingSecret: signingSecret ?? "" } as const)
      : ({ kind: "socket", appToken } as const);
  return {
    botToken,
    transport,
    dm: file.slack.dm,
    streaming: file.slack.streaming,
    prompts: file.slack.prompts,
    answers: answersIn(file),
    codeAsFileAfterPages: file.replies.code_as_file_after_pages,
    ...(env.SLACK_API_URL !== undefined && { apiUrl: env.SLACK_API_URL }),
  };
}

/** The Discord adapter's part of the configuration. Undefined: Discord is off. */
export function discordConfig({ env, file }: Config): DiscordConfig | undefined {
  if (env.DISCORD_TOKEN === undefined) return undefined;
  const apiUrl = env.DISCORD_API_URL === undefined ? {} : { apiUrl: env.DISCORD_API_URL };
  return {
    token: env.DISCORD_TOKEN,
    reply: file.discord.reply,
    messageContent: "auto",
    codeAsFileAfterPages: file.replies.code_as_file_after_pages,
    ...apiUrl,
  };
}
