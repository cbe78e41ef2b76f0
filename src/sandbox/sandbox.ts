import { startDiscordTwin } from "./discord/twin.ts";
import { startSlackTwin } from "./slack/twin.ts";
import { startTelnyxTwin } from "./telnyx/twin.ts";

export interface Sandbox {
  readonly url: string;
  /** What the bridge is started with. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface SandboxOptions {
  readonly port: number;
  /** The real Telnyx in place of the loopback one. */
  readonly real?: Readonly<Record<string, string>> | undefined;
}

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const [slack, discord, telnyx] = await Promise.all([
    startSlackTwin(),
    startDiscordTwin(),
    startTelnyxTwin(),
  ]);
  const model = options.real ?? { TELNYX_API_KEY: telnyx.apiKey, TELNYX_BASE_URL: telnyx.url };
  return {
    url: `http://127.0.0.1:${options.port}`,
    environment: {
      ...model,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      DATABASE_URL: ":memory:",
      PORT: "0",
    },
    close: async () => {
      await Promise.all([slack.close(), discord.close(), telnyx.close()]);
    },
  };
}
