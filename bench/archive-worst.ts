import { NAMED, one, type Template, user } from "./archive-queries.ts";
import { often, type Random, wordOf } from "./archive-world.ts";

/** What somebody would ask who wants to see the bot stand still: little is found, and only after a long look. */

/** A channel as often as anything is said in it. */
const busy = (next: Random) => NAMED[often(next, NAMED.length)]?.name ?? "";
const quiet = (next: Random) => NAMED[Math.floor(NAMED.length * (0.5 + next() / 2))]?.name ?? "";
const TEAM = ["support", "sales", "legal", "ops", "data"];

export const WORST: readonly Template[] = [
  { name: "none open", query: () => "status:open" },
  { name: "no status left", query: () => "-status:done -status:failed -status:stopped -status:postponed" },
  { name: "no model left", query: () => "-model:~glm -model:~kimi -model:~qwen -model:~oss" },
  { name: "no platform left", query: () => "-platform:slack -platform:discord" },
  { name: "no kind left", query: () => "-kind:public -kind:private -kind:dm -kind:group_dm" },
  { name: "no such model", query: () => "model:gone" },
  {
    name: "all but the great channels",
    query: () => [0, 1, 2, 3, 4, 5, 6, 7].map((at) => `-channel:${NAMED[at]?.name}`).join(" "),
  },
  { name: "nothing recent", query: () => "before:2025-12-02" },
  { name: "nothing old", query: () => "after:2026-11-27 sort:+started" },
  { name: "long ago, by cost", query: () => "before:2025-12-20 sort:cost" },
  { name: "half a year, by tokens", query: () => "before:2026-05-01 sort:tokens" },
  { name: "three that are frequent", query: () => "kind:dm status:failed model:oss" },
  {
    name: "four that are frequent",
    query: () => "platform:discord kind:group_dm status:stopped error:timeout",
  },
  { name: "failed, and dear", query: () => "status:failed cost:>0.001" },
  { name: "dear, and short", query: () => "cost:>0.02 output:<60" },
  { name: "slow, and quick", query: () => "complete:>16s first:<400ms" },
  { name: "first text, none", query: () => "first:>60s" },
  { name: "input, few", query: () => "input:>7990" },
  { name: "output, few", query: () => "output:>1498" },
  { name: "tokens, fewest", query: () => "tokens:<256" },
  { name: "complete, few", query: () => "complete:>17.29s" },
  { name: "names, all of them", query: () => "user:person*" },
  { name: "names, a part of most", query: () => "user:~o" },
  { name: "names, a part of most, failed", query: () => "user:~o status:failed error:broken" },
  {
    name: "channels of a team, failed",
    query: (next) => `channel:${one(next, TEAM)}* status:failed error:broken`,
  },
  { name: "topic of all", query: () => "topic:~a status:postponed" },
  { name: "channel or user", query: (next) => `channel:${busy(next)} OR user:${user(next)}` },
  {
    name: "either of two pairs",
    query: (next) => `(channel:${quiet(next)} user:${user(next)}) OR (channel:${quiet(next)} status:failed)`,
  },
  { name: "busy channel and busy user", query: (next) => `channel:${busy(next)} user:"person ${wordOf(2)}"` },
  { name: "busy channel, not its users", query: (next) => `channel:${busy(next)} -user:person*` },
  { name: "not this user, failed", query: (next) => `-user:${user(next)} status:failed sort:cost` },
  { name: "busy channel, oldest first", query: (next) => `channel:${busy(next)} sort:+started` },
  { name: "busy channel, by complete", query: (next) => `channel:${busy(next)} sort:complete` },
  { name: "the cheapest", query: () => "cost:>=0 sort:+cost" },
  { name: "quick, by complete", query: () => "status:done sort:+complete" },
  { name: "30th page", deep: 30, query: () => "" },
  { name: "30th page, by cost", deep: 30, query: () => "sort:cost" },
  { name: "30th page, failed", deep: 30, query: () => "status:failed" },
  { name: "30th page, busy channel", deep: 30, query: () => `channel:${NAMED[0]?.name} sort:tokens` },
];

const common = (next: Random) => wordOf(1 + Math.floor(next() * 60));
const rather = (next: Random) => wordOf(100 + Math.floor(next() * 900));
const rare = (next: Random) => wordOf(100_000 + Math.floor(next() * 100_000));

export const WORST_TEXT: readonly Template[] = [
  { name: "the commonest word", query: () => wordOf(1) },
  { name: "two common words", query: (next) => `${common(next)} ${common(next)}` },
  { name: "five words", query: (next) => [1, 2, 3, 4, 5].map(() => rather(next)).join(" ") },
  { name: "a common or a rare one", query: (next) => `${common(next)} OR ${rare(next)}` },
  { name: "a common and a rare one", query: (next) => `${common(next)} ${rare(next)}` },
  { name: "without a rare one", query: (next) => `-${rare(next)} status:postponed` },
  { name: "without the commonest", query: () => `-${wordOf(1)} -${wordOf(2)} -${wordOf(3)}` },
  { name: "prefix of a sixteenth", query: (next) => `${wordOf(1 + Math.floor(next() * 15))}*` },
  { name: "prefix, by cost", query: (next) => `${wordOf(17 + Math.floor(next() * 200))}* sort:cost` },
  { name: "common phrase of three", query: () => `"${wordOf(1)} ${wordOf(2)} ${wordOf(3)}"` },
  { name: "common word, nothing recent", query: (next) => `${common(next)} before:2025-12-20` },
  { name: "common word, oldest first", query: (next) => `${common(next)} sort:+started` },
  { name: "common word, busy user", query: (next) => `${common(next)} user:${user(next)}` },
  { name: "common word, broken", query: (next) => `${common(next)} error:broken kind:dm` },
  { name: "common word, no such model", query: (next) => `${common(next)} model:gone` },
  { name: "rather common word, by cost", query: (next) => `${rather(next)} sort:cost` },
  { name: "rather common word, busy channel", query: (next) => `${rather(next)} channel:${busy(next)}` },
  { name: "rather common word, quiet channel", query: (next) => `${rather(next)} channel:${quiet(next)}` },
  { name: "a word or a channel", query: (next) => `${rather(next)} OR channel:${quiet(next)}` },
  { name: "30th page of a common word", deep: 30, query: () => wordOf(20) },
];
