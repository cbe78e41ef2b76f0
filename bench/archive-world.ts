import type { ChannelKind, Place } from "../src/chat/place.ts";
import { encodePlace as discordPlace } from "../src/discord/place.ts";
import { encodePlace as slackPlace } from "../src/slack/place.ts";

/** PURE: who says what where in a year of made-up work. The same at every run. */

/** Numbers from 0 to below 1 that look random and are the same for one seed (mulberry32, 32 bits of state). */
export type Random = () => number;

export function random(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const DAY = 86_400_000;
export const YEAR = { from: Date.UTC(2025, 10, 28), to: Date.UTC(2026, 10, 28) } as const;

/** So many words there are. The n-th is said as often as 1/n says, as in any language (Zipf). */
const WORDS = 200_000;
const SYLLABLES = [
  "ba",
  "ce",
  "di",
  "fo",
  "gu",
  "ha",
  "ki",
  "lo",
  "mu",
  "ne",
  "pi",
  "ro",
  "sa",
  "te",
  "vu",
  "zo",
];

/** The word of this rank, from 1: short where it is said often. */
export function wordOf(rank: number): string {
  let word = "";
  for (let rest = rank; rest > 0; rest = Math.floor(rest / 16)) word += SYLLABLES[rest % 16] ?? "";
  return word;
}

/** Chosen among `count` so that the n-th, from 0, comes as often as 1/n says. */
export const often = (next: Random, count: number) => Math.floor(count ** next()) % count;

/** So many words, around `median`; one in a hundred is ten times as long. */
export function prose(next: Random, words: readonly string[], median: number): string {
  const spread = Math.exp((next() + next() + next() - 1.5) * 1.6);
  const length = Math.max(1, Math.round(median * spread));
  return Array.from({ length }, () => words[often(next, words.length)]).join(" ");
}

export const vocabulary = () => Array.from({ length: WORDS }, (_, rank) => wordOf(rank + 1));

export interface BenchChannel {
  readonly platform: "slack" | "discord";
  readonly workspace: number;
  readonly workspaceId: string;
  readonly id: string;
  readonly kind: ChannelKind;
  readonly name: string;
  /** What it was called until `renamedAt`. */
  readonly oldName?: string;
  readonly renamedAt: number;
}

export const WORKSPACES = ["acme", "globex", "initech", "hooli"] as const;
export const CHANNELS = 600;
export const PEOPLE = 5_000;
export const MODELS = [
  "zai-org/GLM-5",
  "moonshotai/Kimi-K2.5",
  "Qwen/Qwen3-235B",
  "openai/gpt-oss-120b",
] as const;
export const ERRORS = ["rate_limited", "unavailable", "timeout", "broken"] as const;

const TEAMS = [
  "support",
  "sales",
  "platform",
  "design",
  "finance",
  "legal",
  "ops",
  "data",
  "mobile",
  "growth",
];

/** A sixth is private, a tenth direct, every tenth was renamed. */
export function channels(next: Random): readonly BenchChannel[] {
  return Array.from({ length: CHANNELS }, (_, index) => {
    const workspace = index % WORKSPACES.length;
    const share = next();
    const kind = share < 0.72 ? "public" : share < 0.87 ? "private" : share < 0.96 ? "dm" : "group_dm";
    const name = `${TEAMS[index % TEAMS.length]}-${wordOf(1_000 + index)}`;
    return {
      platform: workspace < 2 ? "slack" : "discord",
      workspace,
      workspaceId: workspace < 2 ? `T${workspace}` : `90${workspace}`,
      id: workspace < 2 ? `C${1_000_000 + index}` : `${1_000_000 + index}`,
      kind,
      name,
      renamedAt: YEAR.from + (0.2 + 0.6 * next()) * 365 * DAY,
      ...(index % 10 === 3 && { oldName: `old-${name}` }),
    };
  });
}

export interface BenchConversation {
  readonly channel: BenchChannel;
  readonly place: Place;
  readonly thread: string;
  readonly startedAt: number;
  /** When each of its turns came. */
  readonly times: readonly number[];
  /** Who talks here. */
  readonly people: readonly number[];
}

/** How many turns the longest conversations have. */
export const LONG = 2_000;

/** Conversations of ten turns in the mean, most of a few, one in 5,000 of `LONG`, until there are `turns`. */
export function* conversations(
  next: Random,
  all: readonly BenchChannel[],
  turns: number,
): Generator<BenchConversation> {
  let left = turns;
  for (let index = 0; left > 0; index += 1) {
    const channel = all[often(next, all.length)];
    if (!channel) return;
    const drawn = index % 5_000 === 0 ? LONG : 1 + Math.floor(-8.6 * Math.log(1 - next()));
    const count = Math.min(left, drawn);
    left -= count;
    const startedAt = Math.floor(YEAR.from + next() * 360 * DAY);
    let at = startedAt;
    const times = Array.from({ length: count }, () => {
      at = Math.min(YEAR.to - 60_000, Math.floor(at - Math.log(1 - next()) * 600_000));
      return at;
    });
    const people = Array.from({ length: 1 + Math.floor(next() * 3) }, () => often(next, PEOPLE));
    const thread =
      channel.platform === "slack" ? `1700000000.${String(index).padStart(6, "0")}` : `${20_000_000 + index}`;
    yield { channel, place: placeOf(channel, thread), thread, startedAt, times, people };
  }
}

function placeOf({ platform, workspaceId, id }: BenchChannel, thread: string): Place {
  return platform === "slack"
    ? slackPlace({ team: workspaceId, channel: id, threadTs: thread })
    : discordPlace({ kind: "thread", guild: workspaceId, parent: id, thread });
}
