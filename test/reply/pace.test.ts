import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { learn, reckoned, reserveOf, whenDraft } from "../../src/reply/pace.ts";
import { play, STEP_MS } from "./pace-kit.ts";

const TIER_3 = { paints: 50, windowMs: 60_000 };

const together = (count: number, ms: number) => Array.from({ length: count }, () => ({ from: 0, until: ms }));

/** Mean age of the oldest text that is not shown, while the model writes evenly. */
function meanLag({ live }: ReturnType<typeof play>): number {
  const lags = live.map(({ at, until, from }) => {
    const seen = [from, ...at.filter((time) => time < until), until];
    const area = seen.slice(1).reduce((sum, time, i) => sum + (time - (seen[i] ?? 0)) ** 2 / 2, 0);
    return area / (until - from);
  });
  return lags.reduce((sum, lag) => sum + lag, 0) / lags.length;
}

describe("the pace of drafts and endings", () => {
  const run = fc.record({
    paints: fc.integer({ min: 1, max: 12 }),
    windowMs: fc.constantFrom(1_000, 5_000, 60_000),
    replies: fc.array(
      fc
        .record({ from: fc.integer({ min: 0, max: 20_000 }), ms: fc.integer({ min: 100, max: 30_000 }) })
        .map(({ from, ms }) => ({ from, until: from + ms })),
      { minLength: 1, maxLength: 8 },
    ),
  });

  it("overdraws no window, whatever replies come and go", () => {
    let full = 0;
    let drafts = 0;
    fc.assert(
      fc.property(run, (given) => {
        const { all, live } = play(given);
        const inWindow = all.map(
          (at) => all.filter((time) => time >= at && time < at + given.windowMs).length,
        );
        expect(Math.max(...inWindow)).toBeLessThanOrEqual(given.paints);
        full += Number(Math.max(...inWindow) === given.paints);
        drafts += Number(all.length > 2 * live.length);
      }),
      { numRuns: 40 },
    );
    expect([full > 12, drafts > 12], "budgets were used up, and drafts were painted").toEqual([true, true]);
  });

  it("keeps the ending of each of as many replies as the window has paints, if they end within it together", () => {
    let crowded = 0;
    const crowds = fc.record({
      paints: fc.integer({ min: 2, max: 50 }),
      live: fc.integer({ min: 1, max: 50 }),
      ms: fc.integer({ min: 1_000, max: 45_000 }),
    });
    fc.assert(
      fc.property(crowds, ({ paints, live, ms }) => {
        // First texts are posts, which Slack counts elsewhere.
        const over = play({
          paints: paints + live,
          windowMs: 60_000,
          replies: together(live, ms),
          stepMs: 50,
        });
        expect(over.live.map(({ waited }) => Math.floor(waited / 60_000))).toEqual(over.live.map(() => 0));
        expect(over.live.filter(({ waited }) => waited < 50).length).toBeGreaterThanOrEqual(
          Math.min(live, paints),
        );
        crowded += Number(live > paints / 2);
      }),
      { numRuns: 25 },
    );
    expect(crowded).toBeGreaterThan(6);
  });

  /** How many times as far behind as need be replies are that begin together with a fresh budget, and end after so many seconds. */
  const ratioAt = (budget: { paints: number }, live: number) => (seconds: number) => {
    const ms = seconds * 1_000;
    // First texts are posts, which Slack counts elsewhere.
    const over = play({
      paints: budget.paints + live,
      windowMs: 60_000,
      replies: together(live, ms),
      stepMs: 20,
    });
    expect(over.live.every(({ waited }) => waited === 0)).toBe(true);
    // Whoever knows the end has its even share of the edits, but for the endings.
    return meanLag(over) / (ms / (2 * (budget.paints / live)));
  };

  it.each([1, 2])(
    "is at most twice as far behind as need be, wherever from ten seconds to a minute %i end",
    (live) => {
      const ratios = [10, 15, 20, 30, 42, 55].map(ratioAt(TIER_3, live));
      expect(Math.max(...ratios)).toBeLessThan(2.1);
      // Whoever is nearer at one of these ends is further off at another.
      expect(Math.min(...ratios)).toBeGreaterThan(1.5);
    },
  );

  it.each([
    { paints: 50, live: 4 },
    { paints: 100, live: 8 },
  ])(
    "is nearly as near as can be for the short answers of $live, and further behind the longer they go on",
    ({ paints, live }) => {
      const ratios = [10, 15, 20, 30, 55].map(ratioAt({ paints }, live));
      expect(ratios[0]).toBeLessThan(1.45);
      expect(Math.max(...ratios)).toBeLessThan(3.3);
    },
  );

  it.each([
    { live: 50, ms: 10_000, most: 5_000 },
    { live: 1, ms: 180_000, most: 790 },
  ])("lags at most $most ms behind on Slack's edits with $live live for $ms ms", ({ live, ms, most }) => {
    const over = play({ ...TIER_3, paints: TIER_3.paints + live, replies: together(live, ms) });
    expect(meanLag(over)).toBeLessThanOrEqual(most);
  });

  it("leaves something for the next answers of the same minute", () => {
    const replies = [0, 16, 32].map((second) => ({ from: second * 1_000, until: second * 1_000 + 10_000 }));
    const over = play({ ...TIER_3, paints: TIER_3.paints + replies.length, replies });
    expect(meanLag(over)).toBeLessThan(560);
    const gaps = over.live.flatMap(({ at }) => at.slice(1).map((time, index) => time - at[index]!));
    expect(Math.max(...gaps)).toBeLessThan(2_300);
  });

  it("gives every live reply its share in the long run", () => {
    for (const live of [3, 12, 40]) {
      const over = play({ ...TIER_3, replies: together(live, 600_000), stepMs: 200 });
      const counts = over.live.map(({ at }) => at.length);
      expect(Math.max(...counts) - Math.min(...counts), `${live} live`).toBeLessThanOrEqual(2);
      expect(Math.min(...counts), `${live} live`).toBeGreaterThan(250 / live);
    }
  });

  it("counts on a paint that was answered a moment after it was let through", () => {
    const after = 1_000;
    const draft = { age: 60_000, after, painted: after, ahead: 0, fullIn: Infinity };
    const due = (answeredAfter: number) =>
      whenDraft(
        {
          now: after + 100,
          paints: 5,
          windowMs: 5_000,
          drawn: [after + answeredAfter],
          ages: [60_000],
          ended: [],
        },
        draft,
      );
    expect([due(0), due(40)]).toEqual([after + 1_250, after + 1_250]);
  });

  it("is even where the window is short beside an answer", () => {
    const [{ at } = { at: [] }] = play({ paints: 5, windowMs: 5_000, replies: together(1, 20_000) }).live;
    const gaps = at.slice(1, -1).map((time, index) => time - (at[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(12);
    for (const gap of gaps) expect(Math.abs(gap - 1_250)).toBeLessThanOrEqual(STEP_MS);
  });
});

describe("what is kept for endings", () => {
  const window = { now: 0, drawn: [], ended: [], ...TIER_3 };
  it("is one paint for each live reply, fewer for those that go on for long, and never nothing", () => {
    const kept = (live: number, age: number) => reserveOf({ ...window, ages: Array(live).fill(age) });
    expect([kept(1, 0), kept(10, 20_000), kept(50, 50_000), kept(80, 0)]).toEqual([1, 10, 50, 50]);
    expect([kept(50, 110_000), kept(1, 10 ** 9), kept(0, 0)]).toEqual([25, 1, 1]);
    expect(reserveOf({ ...window, paints: 1, ages: [0] })).toBe(0);
  });
});

describe("what is kept for the endings of replies that are yet to come", () => {
  const now = 100_000;
  const spentAtOnce = Array.from({ length: 12 }, (_, i) => now - 20_000 + i);
  const window = { now, ...TIER_3, drawn: spentAtOnce, ages: [5_000], ended: [] };
  const six = Array.from({ length: 6 }, () => now - 10_000);

  it("is as many as ended so far in such a time, and some more, until what was spent comes back", () => {
    // 6 in 20 s are 12 in the 40 s after which all twelve come back, one by one: and the root of 12 more.
    expect(reserveOf({ ...window, ended: six })).toBe(1 + 16);
    const evenly = Array.from({ length: 12 }, (_, i) => now - 59_000 + 5_000 * i);
    expect(reserveOf({ ...window, drawn: evenly, ended: six })).toBeLessThan(1 + 4);
  });

  it("is nothing where people come one at a time", () => {
    expect(reserveOf({ ...window, ended: six.slice(0, 2) })).toBe(1);
    expect(reserveOf({ ...window, ended: six.slice(0, 3) })).toBeGreaterThan(1);
  });

  it("is nothing where no reply has followed another yet, nor where a short answer outlasts the window", () => {
    expect(reserveOf(window)).toBe(1);
    expect(reserveOf({ ...window, ages: [15_000], ended: six })).toBe(1);
    expect(reserveOf({ ...window, windowMs: 5_000, ended: six })).toBe(1);
  });
});

describe("a 429", () => {
  it("takes a quarter of what a budget is reckoned with, which comes back slowly, and never the last paint", () => {
    const once = learn(undefined, 60_000, 0);
    expect(reckoned(TIER_3, { lesson: once, now: 0 })).toBe(37);
    expect(reckoned(TIER_3, { lesson: once, now: 2 * 60_000 })).toBe(42);
    expect(reckoned(TIER_3, { lesson: once, now: 60 * 60_000 })).toBe(50);
    const twice = learn(once, 60_000, 60_000);
    expect(reckoned(TIER_3, { lesson: twice, now: 60_000 })).toBe(30);
    const many = Array.from({ length: 30 }).reduce<typeof once>((lesson) => learn(lesson, 60_000, 0), once);
    expect(reckoned(TIER_3, { lesson: many, now: 0 })).toBe(1);
  });
});
