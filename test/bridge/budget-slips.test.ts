import { describe, expect, it } from "vitest";
import { createBudgets } from "../../src/bridge/budget.ts";
import type { Budget } from "../../src/chat/budget.ts";
import { fakeClock } from "../fakes/clock.ts";
import { health, never, rule, scope } from "./budget-kit.ts";

describe("a budget of a platform that is slow or a moment late", () => {
  it("counts a paint that is not answered for longer than its window", async () => {
    const clock = fakeClock();
    const mine = createBudgets({ clock, health }).join(scope([rule(1, 1_000)]));
    const paid = await mine.take({ kind: "edit", urgent: true }, never);
    let next: number | undefined;
    void mine.take({ kind: "edit", urgent: true }, never).then(() => (next = clock.monotonic()));
    await clock.advance(3_000);
    paid();
    await clock.advance(900);
    expect(next).toBeUndefined();
    await clock.advance(1_100);
    expect(next).toBe(4_000);
  });

  it("has as many paints as before where the platform asked for no more than a moment", async () => {
    const clock = fakeClock();
    const mine = createBudgets({ clock, health }).join(scope([rule(4, 5_000)]));
    mine.hold("edit", 250);
    let passed = 0;
    for (let i = 0; i < 4; i += 1)
      void mine.take({ kind: "edit", urgent: true }, never).then((paid) => {
        passed += 1;
        paid();
      });
    await clock.advance(249);
    expect(passed).toBe(0);
    await clock.advance(1);
    expect(passed).toBe(4);
  });
});

describe("how budgets stand", () => {
  it("is told of each scope: what is drawn, how many share it, and for how long the platform shut it", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    expect(budgets.states()).toEqual([]);
    const rule: Budget = { covers: ["post"], per: "channel", paints: 5, windowMs: 5_000 };
    const mine = budgets.join({
      platform: "fake",
      workspace: "W1",
      channel: "C1",
      place: "C1/t",
      budgets: [rule],
    });
    const done = await mine.take({ kind: "post", urgent: true }, new AbortController().signal);
    done();
    const state = {
      platform: "fake",
      per: "channel",
      scope: "C1",
      covers: ["post"],
      paints: 5,
      windowMs: 5_000,
      live: 1,
    };
    expect(budgets.states()).toEqual([{ ...state, drawn: 1, heldForMs: 0 }]);
    mine.hold("post", 300);
    await clock.advance(100);
    expect(budgets.states()).toEqual([{ ...state, drawn: 1, heldForMs: 200 }]);
    await clock.advance(5_000);
    mine.leave();
    expect(budgets.states()).toEqual([{ ...state, drawn: 0, live: 0, heldForMs: 0 }]);
  });
});
