import type { SumBy } from "../src/store/sums.ts";
import {
  channels,
  MODELS,
  often,
  PEOPLE,
  type Random,
  random,
  WORKSPACES,
  wordOf,
  YEAR,
} from "./archive-world.ts";

/** A kind of question, with other values each time. */
export interface Template {
  readonly name: string;
  readonly query: (next: Random) => string;
  /** Which page is measured; the first if left out. */
  readonly deep?: number;
}

export const NAMED = channels(random(7)).filter(({ kind }) => kind !== "dm");
const RENAMED = NAMED.filter(({ oldName }) => oldName !== undefined);

export const one = <Item>(next: Random, of: readonly Item[]): Item => {
  const item = of[Math.floor(next() * of.length)];
  if (item === undefined) throw new Error("nothing to choose from");
  return item;
};
const day = (next: Random, span = 360) =>
  new Date(YEAR.from + next() * span * 86_400_000).toISOString().slice(0, 10);
const channel = (next: Random) => one(next, NAMED).name;
export const user = (next: Random) => `"person ${wordOf(1 + often(next, PEOPLE))}"`;

export const METADATA: readonly Template[] = [
  { name: "everything", query: () => "" },
  { name: "platform", query: (next) => `platform:${one(next, ["slack", "discord"])}` },
  { name: "workspace", query: (next) => `workspace:${one(next, WORKSPACES)}` },
  { name: "channel", query: (next) => `channel:${channel(next)}` },
  { name: "channel, old name", query: (next) => `channel:${one(next, RENAMED).oldName}` },
  { name: "channel@then", query: (next) => `channel@then:${channel(next)}` },
  {
    name: "channel, prefix",
    query: (next) => `channel:${one(next, ["support", "sales", "legal", "old-d"])}*`,
  },
  { name: "channel, part", query: (next) => `channel:~${wordOf(1_000 + Math.floor(next() * 600))}` },
  { name: "topic, part", query: (next) => `topic:~${one(next, ["support", "about", "legal"])}` },
  { name: "user", query: (next) => `user:${user(next)}` },
  { name: "kind", query: (next) => `kind:${one(next, ["public", "private", "dm", "group_dm"])}` },
  { name: "status:failed", query: () => "status:failed" },
  { name: "model", query: (next) => `model:${one(next, ["glm", "kimi", "qwen", "oss"])}` },
  { name: "error", query: (next) => `error:${one(next, ["timeout", "rate_limited"])}` },
  { name: "cost, many", query: (next) => `cost:>${(next() * 0.002).toFixed(4)}` },
  { name: "cost, few", query: (next) => `cost:>${(0.034 + next() * 0.006).toFixed(4)}` },
  { name: "tokens, few", query: (next) => `tokens:>${Math.floor(9_000 + next() * 450)}` },
  { name: "tokens, none", query: (next) => `tokens:>${Math.floor(20_000 + next() * 450)}` },
  { name: "after", query: (next) => `after:${day(next)}` },
  { name: "before", query: (next) => `before:${day(next)}` },
  { name: "negation", query: (next) => `-channel:${channel(next)} -status:done` },
  { name: "or", query: (next) => `channel:${channel(next)} OR user:${user(next)}` },
  { name: "or, mixed", query: (next) => `(status:failed OR cost:>0.03) workspace:${one(next, WORKSPACES)}` },
  {
    name: "many",
    query: (next) => `platform:slack kind:public status:failed after:${day(next, 300)} model:glm`,
  },
  { name: "few", query: (next) => `channel:${channel(next)} user:${user(next)} status:failed` },
  { name: "sort:cost", query: () => "sort:cost" },
  { name: "sort:cost, channel", query: (next) => `channel:${channel(next)} sort:cost` },
  { name: "sort:tokens, user", query: (next) => `user:${user(next)} sort:tokens` },
  { name: "sort:started, status", query: () => "status:failed sort:started" },
  { name: "sort:cost, status", query: () => "status:failed sort:cost" },
  { name: "sort:tokens, workspace", query: (next) => `workspace:${one(next, WORKSPACES)} sort:tokens` },
  { name: "sort:cost, model", query: (next) => `model:${one(next, MODELS).toLowerCase()} sort:cost` },
];

const common = (next: Random) => wordOf(1 + Math.floor(next() * 60));
const usual = (next: Random) => wordOf(500 + Math.floor(next() * 3_000));
const rare = (next: Random) => wordOf(100_000 + Math.floor(next() * 100_000));

export const TEXT: readonly Template[] = [
  { name: "rare word", query: rare },
  { name: "usual word", query: usual },
  { name: "common word", query: common },
  { name: "two words", query: (next) => `${usual(next)} ${usual(next)}` },
  { name: "phrase", query: (next) => `"${common(next)} ${common(next)}"` },
  { name: "phrase, rare", query: (next) => `"${usual(next)} ${common(next)}"` },
  { name: "prefix", query: (next) => `${wordOf(4_096 + Math.floor(next() * 4_000))}*` },
  { name: "prefix, short", query: (next) => `${wordOf(17 + Math.floor(next() * 200))}*` },
  ...[1, 2, 3, 5].map((letters) => ({
    name: `prefix, ${letters} letters`,
    query: (next: Random) => `${usual(next).padEnd(5, "fodi").slice(0, letters)}*`,
  })),
  { name: "common word in a channel", query: (next) => `${common(next)} channel:${channel(next)}` },
  { name: "usual word, failed", query: (next) => `${usual(next)} status:failed` },
  { name: "common word, failed", query: (next) => `${common(next)} status:failed` },
  { name: "common word, sort:cost", query: (next) => `${common(next)} sort:cost` },
  { name: "not a common word", query: (next) => `-${common(next)}` },
];

const search = (q: string) => `/admin?q=${encodeURIComponent(q)}`;

export const PAGES: readonly Template[] = [
  { name: "search", query: (next) => search(`channel:${channel(next)}`) },
  { name: "search by text", query: (next) => search(usual(next)) },
  { name: "turns", query: (next) => `${search(`status:failed after:${day(next)}`)}&show=turns` },
  { name: "a conversation of 2,000 turns", query: () => "/admin/conversations/LONGEST/1" },
  { name: "usage, 30 days", query: () => "/admin/usage?days=30" },
  { name: "usage, 365 days", query: () => "/admin/usage?days=365" },
  {
    name: "usage of a channel, 365 days",
    query: (next) => `/admin/usage?days=365&q=channel:${channel(next)}`,
  },
  { name: "places, 30 days", query: () => "/admin/places?days=30" },
];

export const SUMS: readonly (Template & { readonly by: SumBy | undefined })[] = [
  { name: "in all", by: undefined, query: () => "" },
  { name: "by channel", by: "channel", query: () => "" },
  { name: "by day", by: "day", query: () => "" },
  { name: "by user", by: "user", query: () => "" },
  { name: "by day, 30 days", by: "day", query: () => "after:2026-10-29" },
  { name: "by user, one channel", by: "user", query: (next) => `channel:${channel(next)}` },
];
