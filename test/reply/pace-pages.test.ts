import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { whenDraft, type Window } from "../../src/reply/pace.ts";
import { playPages } from "./pace-pages.ts";

const DISCORD = { paints: 5, windowMs: 5_000 };
/** In which one paint comes back. */
const SLOT_MS = 1_000;

describe("a draft whose page will be full", () => {
  const at = 50_000;
  const four = [at - 3_750, at - 2_500, at - 1_250, at];
  /** How long after the last of four even paints a draft is let through whose page is full in so long. */
  const dueIn = (fullIn: number, { drawn = four, ahead = 0, paints = 5, now = at + 10 } = {}) => {
    const window: Window = { ...DISCORD, paints, now, drawn, ages: [10_000], ended: [] };
    const last = drawn.at(-1) ?? at;
    return whenDraft(window, { age: 10_000, after: last, painted: last, ahead, fullIn }) - at;
  };

  it("is left out where an ending would miss its paint when the page is full", () => {
    // The third of four comes back 2.5 s after the last: then there is room for the draft, and for an ending of two paints behind it.
    const late = { drawn: four.slice(1), now: at + 1_250 };
    expect([dueIn(Infinity, late), dueIn(400, late), dueIn(340, late)]).toEqual([1_250, 1_250, 2_500]);
  });

  it("is due as soon as it is full, if an ending right behind both paints would find room before long", () => {
    const two = [at - 4_000, at - 2_500];
    expect(dueIn(0, { drawn: two })).toBe(10);
    const three = [at - 3_000, at - 1_500, at - 100];
    expect(dueIn(0, { drawn: three })).toBe(2_000 - 900);
  });

  it("goes behind those that go first, however full it is", () => {
    const two = [at - 4_000, at];
    expect(dueIn(0, { drawn: two })).toBe(10);
    expect(dueIn(0, { drawn: two, ahead: 1 })).toBe(1_250);
  });

  it("is painted in the end however few paints a budget has", () => {
    for (const paints of [1, 2, 3])
      for (const fullIn of [0, 100])
        expect(dueIn(fullIn, { drawn: [at], paints })).toBeLessThanOrEqual(5_000);
  });
});

describe("a reply of many pages", () => {
  it("is whole within a slot of its end wherever that is, and its text no older for it than a tenth", () => {
    const runs = fc.record({
      // In less than half a window a page has no more than its last paint and the next one's post.
      pagesMs: fc.array(fc.integer({ min: 3_000, max: 9_000 }), { minLength: 1, maxLength: 8 }),
      until: fc.integer({ min: 4_000, max: 20_000 }),
    });
    const reached = { atTheEdge: 0, behindTheEdge: 0, late: 0 };
    const ages = { foreseen: 0, not: 0 };
    fc.assert(
      fc.property(fc.noBias(runs), (run) => {
        const played = playPages({ ...DISCORD, ...run, isForeseen: true });
        const blind = playPages({ ...DISCORD, ...run, isForeseen: false });
        expect(played.waited).toBeLessThanOrEqual(SLOT_MS + 20);
        for (const [index, one] of played.at.entries())
          expect(one - (played.at[index - 5] ?? -Infinity)).toBeGreaterThanOrEqual(5_000);
        reached.atTheEdge += Number(played.at.at(-2)! >= run.until);
        reached.behindTheEdge += Number(played.at.filter((one) => one > run.until - SLOT_MS).length > 2);
        ages.foreseen += played.meanAge;
        ages.not += blind.meanAge;
        reached.late += Number(blind.waited > SLOT_MS + 20);
      }),
      { numRuns: 80 },
    );
    expect(Math.min(reached.atTheEdge, reached.behindTheEdge), JSON.stringify(reached)).toBeGreaterThan(3);
    expect(reached.late, "without foresight some waited longer").toBeGreaterThan(0);
    expect(ages.foreseen / ages.not).toBeLessThan(1.1);
  });
});
