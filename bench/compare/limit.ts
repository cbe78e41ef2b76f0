import { promiseOf } from "./online.ts";
import type { Rate, Rules, Way } from "./rules.ts";

export interface Load {
  readonly live: number;
  /** The model begins the i-th reply of a round at i times this, and writes each for `modelMs`. */
  readonly everyMs: number;
  readonly modelMs: number;
  /** Calls that an answer needs beyond its first and its last: the messages after its first. */
  readonly further: number;
  /** How often so many replies begin, and how long after each other. */
  readonly rounds: number;
  readonly roundMs: number;
}

/** What nobody can be better than, in milliseconds: median of the first texts, mean age of the oldest unseen text, median of the completions. */
export interface Best {
  readonly firstMs: number;
  readonly ageMs: number;
  readonly completeMs: number;
  /** The least mean age that can be promised by whoever does not know when answers end, and what comes then. */
  readonly unknownAgeMs: number;
  /** What one paint of each live reply takes in the long run. */
  readonly slotMs: number;
}

/**
 * The best that calls without any latency can do within the rules, if replies are begun in their order: none is given up so that another
 * is better off. The model begins reply i (from 0) at sᵢ, and ends it at sᵢ + T.
 *
 * First text. Of the calls that share a rate of L calls in W each leaves W after the one that was L before it at the earliest; where there are several ways, it goes
 * the one that is free first. Reply i waits fᵢ.
 *
 * Completion. A reply that begins after the model's end is complete with its first text, fᵢ - T late. The others' last calls are due at
 * sᵢ + T, and leave as first calls do, if nothing was drawn on their budget in the window before.
 *
 * Age of the oldest unseen text, over the time T that the model writes. Until the first text it grows as time does: the area
 * under it is fᵢ²/2. After that, k calls cut the rest aᵢ = T - fᵢ into k + 1 stretches in each of which it grows from 0: the least area,
 * with even stretches, is aᵢ²/(2(k + 1)). In the time D from the first reply's begin to the last one's end a rate lets at most
 * L(⌊D/W⌋ + 1) calls through, and in the time of a single round accordingly; those that the n replies in time need to begin, to go on in further
 * messages and to be complete in time are taken off where they have no other way. What is left of all ways that are open to n replies, K, is best shared in proportion to aᵢ (Cauchy-Schwarz), which gives
 * (Σaᵢ)²/(2(K + n)). The area of all replies, over their number and T, is the mean age. For T ≫ W, K is LT/W and the mean becomes nW/(2L): half of the
 * interval that each reply gets.
 *
 * Whoever does not know when answers end keeps a call for an ending in each window, and has to put up with more: see `promiseOf`, for answers that
 * end at any time from T to a window. It makes no difference there whether a reply goes on or ends and another one begins.
 */
export function bestOf(rules: Rules, load: Load): Best {
  const { live, everyMs, modelMs, rounds, roundMs } = load;
  const begins = Array.from(
    { length: rounds * live },
    (_, i) => Math.floor(i / live) * roundMs + (i % live) * everyMs,
  );
  const waits = waitsFor(rules.begin, begins, live);
  const ends = waitsFor(
    rules.end,
    begins.map((at) => at + modelMs),
    live,
  );
  const completions = waits.map((wait, i) => (wait < modelMs ? ends[i]! : wait - modelMs));
  const unseen = waits.map((wait) => Math.min(wait, modelMs));
  const before = total(unseen.map((wait) => wait ** 2 / 2));
  const rest = total(unseen.map((wait) => modelMs - wait));
  const inTime = waits.filter((wait) => wait < modelMs).length;
  const known = groupsOf(rules, load, { inTime, kept: 0 });
  const careful = groupsOf(rules, load, { inTime, kept: 1 });
  const alone = groupsOf(rules, { ...load, rounds: 1 }, { inTime: live, kept: 1 });
  const windowMs = Math.max(...rules.grow.flat().map((rate) => rate.windowMs));
  const factors = (alone.length === careful.length ? alone : [pooled(alone)]).map(({ drafts, replies }) =>
    promiseOf({ drafts: drafts / replies, fromMs: modelMs, windowMs }),
  );
  const meanOf = (groups: readonly Group[], factor: (group: number) => number) => {
    const areas = groups.map(({ replies, drafts }, i) => {
      const share = (rest * replies) / inTime;
      return replies === 0 ? 0 : (factor(i) * share ** 2) / (2 * (drafts + replies));
    });
    return (before + total(areas)) / (begins.length * modelMs);
  };
  return {
    firstMs: median(waits),
    ageMs: meanOf(known, () => 1),
    unknownAgeMs: meanOf(careful, (group) => factors[group] ?? factors[0]!),
    completeMs: median(completions),
    slotMs:
      1 /
      total(
        rules.grow.map((way) =>
          Math.min(...way.map((rate) => rate.count / rate.windowMs / Math.min(rate.share, live))),
        ),
      ),
  };
}

/** Replies that share the same calls beside those that begin and end them. */
interface Group {
  readonly replies: number;
  readonly drafts: number;
}

/**
 * Who shares which calls, if in each window of a rate so many are kept. Where some are open to a part of the replies alone, that part has no others, unless all
 * together would have more without regard to that.
 */
function groupsOf(rules: Rules, load: Load, of: { inTime: number; kept: number }): readonly Group[] {
  const { inTime } = of;
  const { bound } = rules;
  const calls = draftsIn(rules, load, of);
  const drafts = total(calls);
  const own = bound ? calls[rules.grow.indexOf(bound.grow)]! : 0;
  const able = Math.min(inTime, ...(bound?.begin.map((rate) => through(rate, load)) ?? []));
  if (own * inTime <= drafts * able) return [{ replies: inTime, drafts }];
  return [
    { replies: able, drafts: own },
    { replies: inTime - able, drafts: drafts - own },
  ];
}

function pooled(groups: readonly Group[]): Group {
  return {
    replies: total(groups.map(({ replies }) => replies)),
    drafts: total(groups.map(({ drafts }) => drafts)),
  };
}

/** Of each way, how many calls there are beside those that begin and end the replies. */
function draftsIn(
  rules: Rules,
  load: Load,
  { inTime, kept }: { inTime: number; kept: number },
): readonly number[] {
  const needed = (ways: readonly Way[], rate: Rate) => {
    const others = ways.filter((way) => !way.includes(rate));
    if (others.length === ways.length) return 0;
    return Math.max(
      0,
      inTime - total(others.map((way) => Math.min(...way.map((one) => through(one, load))))),
    );
  };
  return rules.grow.map((way) =>
    Math.max(
      0,
      Math.min(
        ...way.map((rate) => {
          const [begin, end] = [needed(rules.begin, rate), needed(rules.end, rate)];
          const further = load.further * inTime;
          const careful = through({ ...rate, count: rate.count - kept }, load) - begin - further;
          const known = through(rate, load) - begin - end - further;
          return rules.end.flat().includes(rate) ? Math.min(careful, known) : known;
        }),
      ),
    ),
  );
}

/** How many calls a rate lets through in all rounds. */
function through(
  { count, windowMs, share }: Rate,
  { live, everyMs, modelMs, rounds, roundMs }: Load,
): number {
  const sharing = Math.min(share, live);
  const round = modelMs + (sharing - 1) * everyMs;
  const inTime = (ms: number) => count * (Math.floor(ms / windowMs) + 1);
  return Math.ceil(live / sharing) * Math.min(rounds * inTime(round), inTime(round + (rounds - 1) * roundMs));
}

/** How long calls that are due at these times, in each of some rounds, have to wait for a free way. */
function waitsFor(ways: readonly Way[], due: readonly number[], live: number): readonly number[] {
  const made = new Map<string, number[]>();
  return due.map((at, i) => {
    const free = ways.map((way, index) => {
      const scopes = way.map((rate, one) => {
        const id = `${index}/${one}/${Math.floor((i % live) / rate.share)}`;
        const calls = made.get(id) ?? [];
        made.set(id, calls);
        return { calls, from: (calls.at(-rate.count) ?? -Infinity) + rate.windowMs };
      });
      return { scopes, from: Math.max(at, ...scopes.map(({ from }) => from)) };
    });
    const first = free.reduce((a, b) => (b.from < a.from ? b : a));
    for (const { calls } of first.scopes) calls.push(first.from);
    return first.from - at;
  });
}

function total(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
