import { discordWrites, slackEdits, slackStreams, type Rules } from "./limit.ts";
import type { PlatformName } from "./screen.ts";

/** Replies live in one workspace: all in one channel (in threads of it), or each in a channel of its own. */
export interface Scenario {
  readonly platform: PlatformName;
  readonly live: number;
  readonly channels: number;
  readonly rounds: number;
}

export interface Plan {
  readonly scenarios: readonly Scenario[];
  readonly tokens: number;
  /** How long after the model's end answers are waited for. */
  readonly patienceMs: number;
  /** Processor time and memory too. */
  readonly load: boolean;
}

const PLATFORMS: readonly PlatformName[] = ["discord", "slack"];

/**
 * Ten seconds of each model, minutes of patience: Slack's windows are a minute long. Slack's crowds come last, so that what made their
 * bots warm is out of the window.
 */
export const FULL: Plan = {
  scenarios: PLATFORMS.flatMap((platform) => [
    { platform, live: 1, channels: 1, rounds: 3 },
    { platform, live: 10, channels: 1, rounds: 1 },
    { platform, live: 10, channels: 10, rounds: 1 },
    { platform, live: 50, channels: 1, rounds: 1 },
    { platform, live: 50, channels: 50, rounds: 1 },
  ]),
  tokens: 600,
  patienceMs: 90_000,
  load: true,
};

/** Whether it works, and roughly how well. */
export const QUICK: Plan = {
  scenarios: PLATFORMS.flatMap((platform) => [
    { platform, live: 1, channels: 1, rounds: 1 },
    { platform, live: 10, channels: 1, rounds: 1 },
  ]),
  tokens: 300,
  patienceMs: 15_000,
  load: false,
};

/** The ways to show a reply that a platform documents. */
export function waysOf({ platform, live, channels }: Scenario): readonly (readonly [string, Rules])[] {
  if (platform === "discord") return [["limit", discordWrites(live)]];
  return [
    ["limit, edits", slackEdits(live, channels)],
    ["limit, streams", slackStreams(live)],
  ];
}

export function nameOf({ live, channels }: Scenario): string {
  if (live === 1) return "1";
  return `${live} in ${channels === 1 ? "one channel" : `${channels} channels`}`;
}
