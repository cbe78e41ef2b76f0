import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { bestOf, type Load } from "../../bench/compare/limit.ts";
import {
  discordWrites,
  type Rate,
  type Rules,
  slackBoth,
  slackEdits,
  slackStreams,
} from "../../bench/compare/rules.ts";

const load = (live: number, more: Partial<Load> = {}): Load => ({
  live,
  everyMs: 0,
  modelMs: 10_000,
  further: 0,
  rounds: 1,
  roundMs: 0,
  ...more,
});

describe("bestOf", () => {
  it("shares what edits Slack allows, but for the last one, evenly over the model's time", () => {
    const best = bestOf(slackEdits(1, 1), load(1));
    expect(best).toMatchObject({ firstMs: 0, ageMs: 10_000 / (2 * 50), completeMs: 0, slotMs: 1_200 });
  });

  it("comes to half of a reply's interval in the long run", () => {
    const day = load(10, { modelMs: 86_400_000 });
    expect(bestOf(slackEdits(10, 10), day).ageMs / ((1_200 * 10) / 2)).toBeCloseTo(1, 2);
    expect(bestOf(discordWrites(10), day).ageMs / (1_000 / 2)).toBeCloseTo(1, 2);
  });

  it("lets the posts of one channel wait for each other, and those of many not", () => {
    const one = bestOf(slackEdits(10, 1), load(10));
    const many = bestOf(slackEdits(10, 10), load(10));
    expect([one.firstMs, many.firstMs]).toEqual([5_000, 0]);
    expect(one.ageMs).toBeGreaterThan(many.ageMs);
    // The second five wait five seconds each: 12.5 s² of the 100 s² that ten seconds without text are.
    expect(one.ageMs).toBeGreaterThan((5 * 12.5e6) / 1e5);
  });

  it("does not wait for what the model has not begun", () => {
    expect(bestOf(slackEdits(10, 1), load(10, { everyMs: 1_000 })).firstMs).toBe(0);
  });

  it("makes the endings of more replies than a window has edits wait for the next windows", () => {
    expect(bestOf(slackEdits(50, 50), load(50)).completeMs).toBe(0);
    expect(bestOf(slackEdits(120, 120), load(120)).completeMs).toBe(60_000);
  });

  it("counts a reply whose first text comes after the model's end as complete with it", () => {
    expect(bestOf(slackEdits(50, 1), load(50)).completeMs).toBe(15_000);
    expect(bestOf(slackStreams(50), load(50))).toMatchObject({ firstMs: 60_000, completeMs: 50_000 });
  });

  it("shares a window's calls among the rounds within it, and has them anew for those a window later", () => {
    const rounds = (count: number, roundMs: number) =>
      bestOf(slackEdits(1, 1), load(1, { rounds: count, roundMs })).ageMs;
    expect(rounds(3, 16_000)).toBeCloseTo((3 * 10_000) / (2 * 50));
    expect(rounds(3, 100_000)).toBeCloseTo(10_000 / (2 * 50));
    const discord = (count: number) => bestOf(discordWrites(1), load(1, { rounds: count, roundMs: 16_000 }));
    expect(discord(3).ageMs).toBeCloseTo(discord(1).ageMs, 6);
  });

  it("makes rounds that begin faster than calls come back wait for them", () => {
    // Thirty begin in a minute, of which twenty may be streams.
    const busy = load(10, { rounds: 6, roundMs: 20_000 });
    expect(bestOf(slackStreams(10), busy).firstMs).toBe(20_000);
    expect(bestOf(slackBoth(10, 10), busy)).toMatchObject({ firstMs: 0, completeMs: 0 });
  });

  it("has the calls of both ways, but for the endings that have no other", () => {
    const ten = bestOf(slackBoth(10, 10), load(10));
    expect(ten.ageMs).toBeCloseTo((10 * 10_000) / (2 * (150 + 10)));
    const fifty = bestOf(slackBoth(50, 50), load(50));
    // Twenty can be streams, and have the appends; the other thirty have what is left of the edits.
    const [streamed, edited] = [20 ** 2 / (100 + 20), 30 ** 2 / (50 - 30 + 30)];
    expect(fifty.ageMs).toBeCloseTo(((streamed + edited) * 10_000) / (2 * 50));
    expect(fifty.unknownAgeMs / fifty.ageMs).toBeGreaterThan(1.15);
    expect(fifty.unknownAgeMs / fifty.ageMs).toBeLessThan(1.4);
    expect(ten.slotMs).toBeCloseTo((10 * 60_000) / 150);
  });

  it("is more for who does not know when answers end: a paint is kept on Discord, and something for the rest of the minute on Slack", () => {
    const discord = bestOf(discordWrites(1), load(1));
    expect(discord.unknownAgeMs / discord.ageMs).toBeCloseTo((15 - 2 + 1) / (12 - 1 + 1));
    const slack = bestOf(slackEdits(1, 1), load(1));
    expect(slack.unknownAgeMs / slack.ageMs).toBeCloseTo(1.86, 2);
    // With ten, four drafts are left for each.
    const ten = bestOf(slackEdits(10, 10), load(10));
    expect(ten.unknownAgeMs / ten.ageMs).toBeCloseTo(1.61, 2);
    const minute = bestOf(slackEdits(1, 1), load(1, { modelMs: 600_000 }));
    expect(minute.unknownAgeMs / minute.ageMs).toBeLessThan(1.03);
  });

  it("takes off what further messages need", () => {
    const [short, long] = [0, 3].map((further) => bestOf(discordWrites(1), load(1, { further })).ageMs);
    expect(short).toBeCloseTo(10_000 / (2 * (15 - 2 + 1)));
    expect(long).toBeCloseTo(10_000 / (2 * (15 - 5 + 1)));
  });
});

/** A race in which each reply has its last call at its end, and others wherever they fit. */
interface Race {
  readonly rules: Rules;
  readonly race: Load;
  readonly wishes: readonly { readonly reply: number; readonly at: number }[];
}

const races: fc.Arbitrary<Race> = fc
  .record({
    live: fc.integer({ min: 1, max: 5 }),
    everyMs: fc.integer({ min: 0, max: 3_000 }),
    modelMs: fc.integer({ min: 1_000, max: 30_000 }),
    posts: fc.integer({ min: 1, max: 4 }),
    edits: fc.integer({ min: 5, max: 9 }),
    windowMs: fc.integer({ min: 500, max: 20_000 }),
    wishes: fc.oneof(
      fc.array(fc.record({ reply: fc.nat({ max: 4 }), share: fc.double({ min: 0, max: 1, noNaN: true }) }), {
        maxLength: 120,
      }),
      // Every reply at the same even steps, which is the best where there is room for all of them.
      fc
        .integer({ min: 1, max: 30 })
        .map((steps) =>
          Array.from({ length: steps * 5 }, (_, i) => ({ reply: i % 5, share: Math.floor(i / 5) / steps })),
        ),
    ),
  })
  .map(({ live, everyMs, modelMs, posts, edits, windowMs, wishes }) => {
    const grow = { count: edits, windowMs, share: live };
    return {
      rules: { begin: [[{ count: posts, windowMs, share: live }]], grow: [[grow]], end: [[grow]] },
      race: { live, everyMs, modelMs, further: 0, rounds: 1, roundMs: 0 },
      wishes: wishes
        .filter(({ reply }) => reply < live)
        .map(({ reply, share }) => ({ reply, at: reply * everyMs + share * modelMs }))
        .sort((a, b) => a.at - b.at),
    };
  });

const obeys = (calls: readonly number[], { count, windowMs }: Rate) =>
  [...calls].sort((a, b) => a - b).every((at, i, all) => at - (all[i - count] ?? -Infinity) >= windowMs);

/** Makes every wished call that the rules have room for, replies begun in their order: the mean age that comes of it, and the drafts. */
function run({ rules, race, wishes }: Race): { readonly ageMs: number; readonly drafts: number } {
  const { live, everyMs, modelMs } = race;
  const [begin, grow] = [rules.begin[0]![0]!, rules.grow[0]![0]!];
  const replies = Array.from({ length: live }, (_, i) => ({ from: i * everyMs, calls: [] as number[] }));
  const posts: number[] = [];
  const edits = replies.map(({ from }) => from + modelMs);
  for (const { reply, at } of wishes) {
    const one = replies[reply]!;
    if (replies.slice(0, reply).some(({ calls }) => calls.length === 0)) continue;
    const [made, rate] = one.calls.length === 0 ? [posts, begin] : [edits, grow];
    if (!obeys([...made, at], rate)) continue;
    made.push(at);
    one.calls.push(at);
  }
  const areas = replies.map(({ from, calls }) => {
    const cuts = [from, ...calls, from + modelMs];
    return cuts.slice(1).reduce((area, cut, i) => area + (cut - cuts[i]!) ** 2 / 2, 0);
  });
  return {
    ageMs: areas.reduce((a, b) => a + b, 0) / (live * modelMs),
    drafts: edits.length - live,
  };
}

const fits = ({ rules, race }: Race) =>
  obeys(
    Array.from({ length: race.live }, (_, i) => i * race.everyMs + race.modelMs),
    rules.end[0]![0]!,
  );

describe("the best mean age", () => {
  prop.prop([races], { numRuns: 2_000 })("is better than that of any calls within the rules", (one) => {
    fc.pre(fits(one));
    expect(run(one).ageMs).toBeGreaterThanOrEqual(bestOf(one.rules, one.race).ageMs * 0.999);
  });

  it("is tried against races that come near it, and that use up their budgets", () => {
    const samples = fc.sample(races, 500).filter(fits);
    expect(samples.length).toBeGreaterThan(250);
    const near = samples.filter((one) => run(one).ageMs < bestOf(one.rules, one.race).ageMs * 1.2);
    expect(near.length).toBeGreaterThan(samples.length / 25);
    const busy = samples.filter((one) => run(one).drafts >= one.rules.grow[0]![0]!.count - one.race.live);
    expect(busy.length).toBeGreaterThan(samples.length / 4);
  });
});
