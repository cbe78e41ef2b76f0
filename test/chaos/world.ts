import type { Clock } from "../../src/clock.ts";
import type { DiscordTwin } from "../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../src/sandbox/discord/twin.ts";
import type { SlackTwin } from "../../src/sandbox/slack/contract.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import { startTelnyxTwin, type TelnyxTwin } from "../../src/sandbox/telnyx/twin.ts";
import { createModel } from "./answers.ts";
import type { ModelCall } from "./evidence.ts";
import { type FastTime, fastClock } from "./clock.ts";
import { type Proxy, startProxy } from "./proxy.ts";

/** Slack, Discord and Telnyx, strict, each behind a wire that can be made to go wrong. */
export interface World {
  readonly time: FastTime;
  readonly clock: Clock;
  readonly slack: SlackTwin;
  readonly discord: DiscordTwin;
  readonly telnyx: TelnyxTwin;
  /** What the model was asked, in order. */
  readonly modelCalls: readonly ModelCall[];
  readonly wires: Readonly<Record<"slack" | "discord" | "telnyx", Proxy>>;
  /** What a bot needs in its environment to live here. */
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** In fast time. Slow enough for a reply to be seen growing, and for a kill to fall into its middle. */
const SPEED = { firstTokenMs: 300, tokensPerSecond: 600 };

export async function openWorld(time: FastTime): Promise<World> {
  const clock = fastClock(time);
  const model = createModel();
  const [slack, discord, telnyx] = await Promise.all([
    // Bolt's own time-out for an acknowledgement is none: three real seconds are left to it.
    startSlackTwin({ clock, delivery: { ackTimeoutMs: 3_000 * time.factor } }),
    startDiscord(time, clock),
    startTelnyxTwin({ clock, speed: SPEED, script: model.script }),
  ]);
  const portOf = (url: string) => Number(new URL(url).port);
  const wires = {
    slack: await startProxy(portOf(slack.apiUrl)),
    discord: await startProxy(portOf(discord.apiUrl)),
    telnyx: await startProxy(portOf(telnyx.url)),
  };
  const through = (url: string, wire: Proxy) => {
    const address = new URL(url);
    address.port = String(wire.port);
    return address.href;
  };
  return {
    time,
    clock,
    modelCalls: model.calls,
    slack,
    discord,
    telnyx,
    wires,
    variables: {
      TELNYX_API_KEY: telnyx.apiKey,
      TELNYX_BASE_URL: through(telnyx.url, wires.telnyx),
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: through(slack.apiUrl, wires.slack),
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: through(discord.apiUrl, wires.discord),
      PORT: "0",
    },
    close: async () => {
      await Promise.all([slack.close(), discord.close(), telnyx.close()]);
      await Promise.all(Object.values(wires).map((wire) => wire.close()));
    },
  };
}

/**
 * discord.js beats its heart by the real clock, so the gateway's watch has to go by it too; what Discord counts in windows, and how long
 * it remembers, is as much shorter as the bot's time is faster.
 */
function startDiscord({ factor }: FastTime, fast: Clock): Promise<DiscordTwin> {
  const real = fastClock({ since: 0, factor: 1 });
  return startDiscordTwin({
    clock: { ...real, now: () => fast.now() },
    rates: {
      global: { count: 50, windowMs: 1_000 / factor },
      write: { count: 5, windowMs: 5_000 / factor },
      channel: { count: 5, windowMs: 5_000 / factor },
      route: { count: 5, windowMs: 1_000 / factor },
      identify: { count: 1, windowMs: 5_000 / factor },
    },
    heartbeatMs: 41_250 / factor,
    resumableMs: 180_000 / factor,
    nonceMs: 180_000 / factor,
  });
}
