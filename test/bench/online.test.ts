import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { promiseOf } from "../../bench/compare/online.ts";

const MINUTE = { fromMs: 10_000, windowMs: 60_000 };

describe("what can be promised without knowing when answers end", () => {
  it("is the limit itself where nothing can be drafted, or where a window has passed by then", () => {
    expect(promiseOf({ ...MINUTE, drafts: 0 })).toBeCloseTo(1, 6);
    expect(promiseOf({ drafts: 40, fromMs: 10_000, windowMs: 5_000 })).toBe(1);
  });

  it("comes to 1 + ln(W/E)/2 with many drafts", () => {
    expect(promiseOf({ ...MINUTE, drafts: 2_000 })).toBeCloseTo(1 + Math.log(6) / 2, 2);
    expect(promiseOf({ drafts: 2_000, fromMs: 30_000, windowMs: 60_000 })).toBeCloseTo(
      1 + Math.log(2) / 2,
      2,
    );
  });

  it("is less with few drafts, of which less can be wasted, and between two whole numbers for shares", () => {
    const promises = [0, 1, 1.5, 2, 4, 9, 49].map((drafts) => promiseOf({ ...MINUTE, drafts }));
    expect(promises).toEqual([...promises].sort((a, b) => a - b));
    expect(promises[4]).toBeCloseTo(1.61, 2); // found by trying every tenth of a second, too
  });

  it("is beaten on average by no plan, wherever its paints stand", () => {
    let near = 0;
    const plans = fc.record({
      fromMs: fc.integer({ min: 2_000, max: 50_000 }),
      gaps: fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }),
      growth: fc.constantFrom(1, 1, 1.3, 1.7),
    });
    fc.assert(
      fc.property(plans, ({ fromMs, gaps, growth }) => {
        const grown = gaps.map((gap, i) => gap * growth ** i);
        const whole = grown.reduce((a, b) => a + b, 0);
        let at = 0;
        const paints = grown.slice(0, -1).map((gap) => (at += (gap / whole) * 60_000));
        const least = promiseOf({ fromMs, windowMs: 60_000, drafts: paints.length });
        const mean = meanRatio(paints, fromMs, 60_000);
        expect(mean).toBeGreaterThan(least * 0.999);
        near += Number(mean < least * 1.1);
      }),
      { numRuns: 300 },
    );
    expect(near).toBeGreaterThan(15);
  });
});

/** How far behind that plan is, over the best for each end, on average over the ends that `promiseOf` draws. */
function meanRatio(paints: readonly number[], fromMs: number, windowMs: number): number {
  const c = 1 / (4 + 2 * Math.log(windowMs / fromMs));
  const ratioAt = (end: number) => {
    const cuts = [0, ...paints.filter((at) => at < end), end];
    const area = cuts.slice(1).reduce((sum, b, i) => sum + (b - cuts[i]!) ** 2 / 2, 0);
    return area / (end ** 2 / (2 * (paints.length + 1)));
  };
  const STEPS = 2_000;
  let between = 0;
  for (let i = 0; i < STEPS; i += 1) {
    const end = fromMs * (windowMs / fromMs) ** ((i + 0.5) / STEPS);
    between += (ratioAt(end) * Math.log(windowMs / fromMs)) / STEPS;
  }
  return 3 * c * ratioAt(fromMs) + 2 * c * between + c * ratioAt(windowMs);
}
