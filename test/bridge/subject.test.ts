import { describe, expect, it } from "vitest";
import { done, open, refusal, written } from "./view-kit.ts";

const ONE_A_SECOND = [{ covers: ["post", "edit"], per: "place", paints: 1, windowMs: 1_000 }] as const;

describe("what is measured of a reply", () => {
  it("is how long its oldest unseen text waited, until a paint shows all of it", async () => {
    const { clock, metrics, view } = open({ budgets: ONE_A_SECOND });
    const shown = view();
    shown.show(written("one"));
    await clock.advance(300);
    shown.show(written("one two"));
    await clock.advance(200);
    shown.show(written("one two three"));
    await clock.advance(4_000);
    expect(metrics.lags[0]).toBe(0);
    // The second paint may be made a second after the first, when "two" had waited since 300.
    expect(metrics.lags[1]).toBeGreaterThanOrEqual(700);
    const before = metrics.lags.length;
    const finished = shown.finish(done("one two three"));
    await clock.advance(2_000);
    await finished;
    // The last paint shows no text that was not there.
    expect(metrics.lags).toHaveLength(before);
    await shown.close();
  });

  it("begins for what comes during a paint when it comes, not when the paint is made", async () => {
    const gate = Promise.withResolvers<void>();
    const { clock, metrics, view } = open({
      onPaint: (_, count) => (count === 1 ? gate.promise : undefined),
    });
    const shown = view();
    shown.show(written("one"));
    await clock.advance(400);
    shown.show(written("one two"));
    await clock.advance(100);
    gate.resolve();
    await clock.advance(0);
    expect(metrics.lags).toEqual([500, 100]);
    await shown.close();
  });

  it("goes on through a paint that was refused, and counts a 429 and no paint", async () => {
    const { clock, metrics, view } = open({
      onPaint: (_, count) => {
        if (count === 1) throw refusal("rate_limited", 2_000);
      },
    });
    const shown = view();
    shown.show(written("one"));
    await clock.advance(5_000);
    expect(metrics).toMatchObject({ refusals: ["fake"], paints: ["fake"], lags: [2_000] });
    await shown.close();
  });

  it("counts a text of several pages as shown when the last of them is", async () => {
    const { clock, metrics, view } = open({ budgets: ONE_A_SECOND });
    const shown = view();
    shown.show(written("word ".repeat(70)));
    await clock.advance(10_000);
    expect(metrics.paints.length).toBeGreaterThan(1);
    expect(metrics.lags).toHaveLength(1);
    expect(metrics.lags[0]).toBeGreaterThanOrEqual(1_000);
    await shown.close();
  });

  it("counts the states that nobody saw, and no others", async () => {
    const { clock, metrics, view } = open({ budgets: ONE_A_SECOND });
    const shown = view();
    shown.show(written("a"));
    await clock.advance(10);
    for (const text of ["a b", "a b c", "a b c d", "a b c d e"]) {
      shown.show(written(text));
      await clock.advance(10);
    }
    await clock.advance(5_000);
    expect(metrics.skips).toEqual([3]);
    const finished = shown.finish(done("a b c d e"));
    await clock.advance(2_000);
    await finished;
    expect(metrics.skips).toEqual([3]);
    await shown.close();
  });

  it("tells how long after the model's end the whole answer stood", async () => {
    const { clock, metrics, view } = open({ budgets: ONE_A_SECOND });
    const shown = view();
    shown.show(written("one"));
    await clock.advance(200);
    const finished = shown.finish(done("one two"));
    await clock.advance(5_000);
    await finished;
    expect(metrics.completions).toEqual([800]);
    await shown.close();
  });
});
