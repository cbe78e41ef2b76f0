import { type App, startApp } from "../../src/app.ts";
import { systemClock } from "../../src/clock.ts";
import { parseConfig } from "../../src/config.ts";
import { createLog } from "../../src/log.ts";
import type { DiscordTwin } from "../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../src/sandbox/discord/twin.ts";
import type { SlackTwin, SlackTwinOptions } from "../../src/sandbox/slack/contract.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import { startTelnyxTwin, type TelnyxTwin } from "../../src/sandbox/telnyx/twin.ts";

export interface Stage {
  readonly slack: SlackTwin;
  readonly discord: DiscordTwin;
  readonly telnyx: TelnyxTwin;
  /** Every log line of every app that ran here. */
  readonly lines: readonly string[];
  /** What the bridge needs in its environment to run here. */
  readonly variables: Readonly<Record<string, string>>;
  readonly app: () => App;
  /** Starts the bridge, on the database that is kept over restarts. */
  readonly start: (options?: StartOptions) => Promise<App>;
  readonly close: () => Promise<void>;
}

export interface StageOptions {
  readonly slack?: SlackTwinOptions;
}

export interface StartOptions {
  readonly env?: Record<string, string>;
  readonly yaml?: string;
}

/** The real bridge with the real Bolt and discord.js, between three strict twins. `database` is a path. */
export async function openStage(database: string, options: StageOptions = {}): Promise<Stage> {
  const [slack, discord, telnyx] = await Promise.all([
    startSlackTwin(options.slack),
    // Discord lets a bot begin a session each five seconds. Here one may be started again at once.
    startDiscordTwin({ rates: { identify: { count: 1, windowMs: 50 } } }),
    startTelnyxTwin({ speed: { tokensPerSecond: 400 } }),
  ]);
  const lines: string[] = [];
  let app: App | undefined;

  const variables = {
    TELNYX_API_KEY: telnyx.apiKey,
    TELNYX_BASE_URL: telnyx.url,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    DATABASE_URL: database,
    PORT: "0",
  };

  const start = async ({ env = {}, yaml }: StartOptions = {}) => {
    const config = parseConfig(
      { ...variables, ...env },
      yaml === undefined ? undefined : { path: "patchcord.yaml", text: yaml },
    );
    const log = createLog("debug", [], { write: (line) => void lines.push(line) });
    app = await startApp(config, { clock: systemClock, log });
    return app;
  };

  return {
    slack,
    discord,
    telnyx,
    lines,
    variables,
    start,
    app: () => {
      if (!app) throw new Error("not started");
      return app;
    },
    close: async () => {
      await app?.stop();
      await Promise.all([slack.close(), discord.close(), telnyx.close()]);
    },
  };
}

/** What the model says when it is held: long enough that its half fills more than a line. */
export const HELD = Array.from({ length: 150 }, (_, index) => `word${index}`).join(" ");

/**
 * From now on the model says `HELD`, and of each answer only the first half until it is let: so that what is to happen in the middle of
 * a reply happens there, on any machine.
 */
export function holdAnswers(telnyx: TelnyxTwin): { readonly letGo: () => void } {
  const { promise, resolve: letGo } = Promise.withResolvers<void>();
  const middle = HELD.indexOf(" ", HELD.length / 2);
  telnyx.play(async function* () {
    yield { kind: "text", text: HELD.slice(0, middle) };
    await promise;
    yield { kind: "text", text: HELD.slice(middle) };
  });
  return { letGo };
}
