import { discordWrites, slackBoth, slackEdits, slackStreams, type Rules } from "./rules.ts";
import type { Calls, PlatformName } from "./screen.ts";

/** Replies live in one workspace: all in one channel (in threads of it), or each in a channel or a direct message of its own. */
export interface Scenario {
  readonly platform: PlatformName;
  readonly live: number;
  readonly channels: number;
  /** The channels are direct messages. */
  readonly isDirect?: boolean;
  /** How often so many questions are asked. */
  readonly rounds: number;
  /** From one round's begin to the next one's. Absent: it begins `READING_MS` after the other's end. */
  readonly roundMs?: number;
}

export interface Plan {
  readonly scenarios: readonly Scenario[];
  readonly tokens: number;
  /** How long after the model's end answers are waited for. */
  readonly patienceMs: number;
  /** Processor time and memory too. */
  readonly load: boolean;
}

/** Between two rounds: who asks again has read the answer, and Discord's windows are as fresh as the limits take them to be. */
export const READING_MS = 6_000;

/** Two minutes of a busy workspace, so that what is spent early is missed later. On Discord, whose windows take seconds, it would be ten live once more. */
const BUSY: Scenario = { platform: "slack", live: 10, channels: 10, rounds: 6, roundMs: 20_000 };

/** Where patchcord streams by itself. */
const DIRECT: readonly Scenario[] = [
  { platform: "slack", live: 1, channels: 1, isDirect: true, rounds: 3 },
  { platform: "slack", live: 10, channels: 10, isDirect: true, rounds: 1 },
];

const PLATFORMS: readonly PlatformName[] = ["discord", "slack"];

/**
 * Ten seconds of each model, minutes of patience: Slack's windows are a minute long. Slack's crowds come last, so that what made their
 * bots warm is out of the window.
 */
export const FULL: Plan = {
  scenarios: PLATFORMS.flatMap((platform) => [
    { platform, live: 1, channels: 1, rounds: 3 },
    ...(platform === "slack" ? [...DIRECT, BUSY] : []),
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
    ...(platform === "slack" ? DIRECT.map((one) => ({ ...one, rounds: 1 })) : []),
    { platform, live: 10, channels: 1, rounds: 1 },
  ]),
  tokens: 300,
  patienceMs: 15_000,
  load: false,
};

export type ShownBy = "edits" | "streams" | "both";

/** How whoever made these calls showed more of its replies than their beginnings. */
export function wayOf({ edits, appends }: Calls): ShownBy {
  if (appends === 0) return "edits";
  return edits > 0 ? "both" : "streams";
}

/** The ways to show a reply that a platform documents. */
export function waysOf({ platform, live, channels }: Scenario): readonly (readonly [ShownBy, Rules])[] {
  if (platform === "discord") return [["edits", discordWrites(live)]];
  return [
    ["edits", slackEdits(live, channels)],
    ["streams", slackStreams(live)],
    ["both", slackBoth(live, channels)],
  ];
}

export function nameOf({ live, channels, isDirect, roundMs }: Scenario): string {
  if (roundMs !== undefined) return `${live} every ${roundMs / 1_000} s`;
  if (isDirect) return live === 1 ? "1 in a DM" : `${live} in ${channels} DMs`;
  if (live === 1) return "1";
  return `${live} in ${channels === 1 ? "one channel" : `${channels} channels`}`;
}
