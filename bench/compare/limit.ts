/** At most `count` calls in any `windowMs`, shared by `share` of the replies that are live. */
export interface Rate {
  readonly count: number;
  readonly windowMs: number;
  readonly share: number;
}

/** What a platform's documentation allows, by what the calls are for. One and the same budget stands in each list that it serves. */
export interface Rules {
  /** The call that shows a reply's first text. */
  readonly begin: readonly Rate[];
  /** Calls that show more of it. */
  readonly grow: readonly Rate[];
  /** The call that completes it. */
  readonly end: readonly Rate[];
}

export interface Load {
  readonly live: number;
  /** The model begins the i-th reply at i times this, and writes each for `modelMs`. */
  readonly everyMs: number;
  readonly modelMs: number;
  /** Calls that an answer needs beyond its first and its last: the messages after its first. */
  readonly further: number;
}

/** What nobody can be better than, in milliseconds: median of the first texts, mean age of the oldest unseen text, median of the completions. */
export interface Best {
  readonly firstMs: number;
  readonly ageMs: number;
  readonly completeMs: number;
  /** What one paint of each live reply takes in the long run. */
  readonly slotMs: number;
}

/**
 * The best that calls without any latency can do within the rules, if replies are begun in their order: none is given up so that another
 * is better off. The model begins reply i (from 0) at sᵢ, and ends it at sᵢ + T.
 *
 * First text. The i-th call that shares a rate of L calls in W leaves at ⌊i/L⌋·W at the earliest: reply i waits fᵢ, up to the latest
 * of its rates and sᵢ, counted from sᵢ.
 *
 * Completion. A reply that begins after the model's end is complete with its first text, fᵢ - T late. The others' last calls are due at
 * sᵢ + T, and the i-th leaves ⌊i/L⌋·W after the first's, if nothing was drawn on their budget in the window before.
 *
 * Age of the oldest unseen text, over the time T that the model writes. Until the first text it grows as time does: the area
 * under it is fᵢ²/2. After that, k calls cut the rest aᵢ = T - fᵢ into k + 1 stretches in each of which it grows from 0: the least area,
 * with even stretches, is aᵢ²/(2(k + 1)). In the time D from the first reply's begin to the last one's end a rate lets at most
 * L·(⌊D/W⌋ + 1) calls through; those that the n replies in time need to begin, to go on in further messages and to be complete in time are taken
 * off where they share the budget. What is left, K, is best shared in proportion to aᵢ (Cauchy-Schwarz), which gives
 * (Σaᵢ)²/(2(K + n)). The area of all replies, over their number and T, is the mean age. For T ≫ W, K is LT/W and the mean becomes nW/(2L): half of the
 * interval that each reply gets.
 */
export function bestOf(rules: Rules, { live, everyMs, modelMs, further }: Load): Best {
  const waits = Array.from({ length: live }, (_, i) => Math.max(0, latest(rules.begin, i) - i * everyMs));
  const inTime = waits.filter((wait) => wait < modelMs).length;
  const completions = waits.map((wait, i) =>
    wait < modelMs ? Math.max(0, latest(rules.end, i) - i * everyMs) : wait - modelMs,
  );
  const unseen = waits.map((wait) => Math.min(wait, modelMs));
  const before = total(unseen.map((wait) => wait ** 2 / 2));
  const rest = total(unseen.map((wait) => modelMs - wait));
  const after = rules.grow.map((rate) => {
    const replies = Math.min(rate.share, live);
    const span = modelMs + (replies - 1) * everyMs;
    const kept = [rules.begin, rules.end].filter((others) => others.includes(rate)).length + further;
    const groups = Math.min(inTime, Math.ceil(live / replies));
    const through = groups * rate.count * (Math.floor(span / rate.windowMs) + 1);
    const left = Math.max(0, through - kept * inTime);
    return inTime === 0 ? 0 : rest ** 2 / (2 * (left + inTime));
  });
  return {
    firstMs: median(waits),
    ageMs: (before + Math.max(0, ...after)) / (live * modelMs),
    completeMs: median(completions),
    slotMs: Math.max(
      ...rules.grow.map(({ count, windowMs, share }) => (windowMs / count) * Math.min(share, live)),
    ),
  };
}

function latest(rates: readonly Rate[], index: number): number {
  return Math.max(
    0,
    ...rates.map(({ count, windowMs, share }) => Math.floor((index % share) / count) * windowMs),
  );
}

function total(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/**
 * Slack by posts and edits. docs.slack.dev, Rate limits: chat.update is tier 3, 50 a minute in a workspace; chat.postMessage one a second in a
 * channel with bursts (five seconds' worth, as the twin has it) and several hundred (300 there) a minute in a workspace.
 */
export function slackEdits(live: number, channels: number): Rules {
  const inChannel = { count: 5, windowMs: 5_000, share: Math.ceil(live / channels) };
  const inWorkspace = { count: 300, windowMs: 60_000, share: live };
  const update = { count: 50, windowMs: 60_000, share: live };
  return { begin: [inChannel, inWorkspace], grow: [update], end: [update] };
}

/** Slack by streams. docs.slack.dev: chat.startStream and chat.stopStream are tier 2, 20 a minute; chat.appendStream is tier 4, 100 a minute. */
export function slackStreams(live: number): Rules {
  const aMinute = (count: number) => [{ count, windowMs: 60_000, share: live }];
  return { begin: aMinute(20), grow: aMinute(100), end: aMinute(20) };
}

/**
 * Discord. Undocumented, but observed for years: five posts and edits in five seconds in each channel, a thread being one
 * (discord-api-docs#2761); docs.discord.com, Rate Limits: 50 requests a second in all.
 */
export function discordWrites(live: number): Rules {
  const inChannel = { count: 5, windowMs: 5_000, share: 1 };
  const global = { count: 50, windowMs: 1_000, share: live };
  return { begin: [inChannel, global], grow: [inChannel, global], end: [inChannel, global] };
}
