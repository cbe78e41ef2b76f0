import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Allowance, createBudgets } from "../../src/bridge/budget.ts";
import { fakeClock } from "../fakes/clock.ts";
import { health, never, rule, scope } from "./budget-kit.ts";

describe("a budget", () => {
  it("is not overdrawn in any window, however many replies share it, and every reply gets its ending", async () => {
    const used: number[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 12 }),
        async (paints, replies, gaps) => {
          const clock = fakeClock();
          const budgets = createBudgets({ clock, health });
          const at: number[] = [];
          const ended: number[] = [];
          const live = async (start: number) => {
            await clock.sleep(start);
            const mine = budgets.join(scope([rule(paints, 5_000)]));
            for (const [index, gap] of gaps.entries()) {
              const done = await mine.take(
                { kind: index === 0 ? "post" : "edit", urgent: index === 0 },
                never,
              );
              at.push(clock.monotonic());
              await clock.sleep(20);
              done();
              await clock.sleep(gap);
            }
            const done = await mine.take({ kind: "edit", urgent: true }, never);
            at.push(clock.monotonic());
            done();
            mine.leave();
            ended.push(start);
          };
          const all = Promise.all(Array.from({ length: replies }, (_, i) => live(i * 37)));
          while (ended.length < replies) await clock.advance(5_000);
          await all;
          for (const start of at)
            expect(at.filter((time) => time >= start && time < start + 5_000).length).toBeLessThanOrEqual(
              paints,
            );
          used.push(at.length / paints);
        },
      ),
      { numRuns: 25 },
    );
    expect(used.filter((windows) => windows > 3).length).toBeGreaterThan(5); // the generator does reach crowded budgets
  });

  it("gives the first text of a reply its paint at once, though drafts of others wait", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const busy = budgets.join(scope([rule(5, 5_000)]));
    for (let i = 0; i < 3; i += 1) (await busy.take({ kind: "edit", urgent: true }, never))();
    let waits = true;
    void busy.take({ kind: "edit", urgent: false }, never).then(() => (waits = false));
    await clock.advance(0);
    const fresh = budgets.join(scope([rule(5, 5_000)]));
    (await fresh.take({ kind: "post", urgent: true }, never))();
    expect(waits).toBe(true);
    expect(clock.monotonic()).toBe(0);
    await clock.advance(5_000);
    expect(waits).toBe(false);
  });

  it("thins drafts evenly as replies are added", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const count = async (replies: number) => {
      const joined = Array.from({ length: replies }, () =>
        budgets.join(scope([rule(50, 60_000)], `C${replies}`)),
      );
      const paints = joined.map(() => 0);
      const stop = new AbortController();
      joined.forEach((mine, index) => {
        void (async () => {
          for (;;) {
            (await mine.take({ kind: "edit", urgent: false }, stop.signal))();
            paints[index] = (paints[index] ?? 0) + 1;
          }
        })().catch(() => undefined);
      });
      await clock.advance(59_000);
      stop.abort();
      await clock.advance(0);
      for (const mine of joined) mine.leave();
      return paints;
    };
    const [alone] = await count(1);
    expect(alone).toBeGreaterThan(45);
    const five = await count(5);
    expect(Math.max(...five) - Math.min(...five)).toBeLessThanOrEqual(1);
    expect(five.reduce((a, b) => a + b)).toBeLessThanOrEqual(50);
  });

  it("goes first to the draft whose text is unseen for longest, whichever was painted longer ago", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const join = () => budgets.join(scope([rule(6, 60_000)]));
    const [idle, busy] = [join(), join()];
    for (const mine of [idle, busy]) {
      (await mine.take({ kind: "edit", urgent: true }, never))();
      await clock.advance(1_000);
    }
    const passed: string[] = [];
    const take = (name: string, mine: Allowance, unseenSince: number) =>
      void mine.take({ kind: "edit", urgent: false, unseenSince }, never).then(() => passed.push(name));
    // The first one's model was silent until now; the second has written ever since it was painted.
    take("idle", idle, 1_990);
    take("busy", busy, 1_010);
    await clock.advance(60_000);
    expect(passed).toEqual(["busy", "idle"]);
  });

  it("that the platform closed holds up its own scope and kind alone", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const rules = [
      rule(50, 60_000, { covers: ["edit"], per: "workspace" }),
      rule(1, 1_000, { covers: ["post"] }),
    ];
    const mine = budgets.join(scope(rules));
    const sister = budgets.join(scope(rules, "C2"));
    const other = budgets.join({ ...scope(rules), workspace: "W2" });
    mine.hold("edit", 30_000);
    const passed: string[] = [];
    const take = (name: string, allowance: typeof mine, kind: "post" | "edit") =>
      allowance.take({ kind, urgent: true }, never).then(() => passed.push(name));
    void take("same workspace", sister, "edit");
    void take("post", mine, "post");
    void take("other workspace", other, "edit");
    await clock.advance(29_999);
    expect(passed.sort()).toEqual(["other workspace", "post"]);
    await clock.advance(1);
    expect(passed).toContain("same workspace");
  });

  it("lets drafts through in time, though as many replies are live as there are paints", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const replies = [1, 2].map(() => budgets.join(scope([rule(2, 60_000)])));
    for (const mine of replies) (await mine.take({ kind: "edit", urgent: true }, never))();
    let at = 0;
    for (const mine of replies)
      void mine.take({ kind: "edit", urgent: false }, never).then(() => (at ||= clock.monotonic()));
    await clock.advance(100_000);
    expect(at).toBe(0);
    await clock.advance(120_000);
    expect(at).toBeGreaterThan(0);
  });
});

describe("a draft's wait", () => {
  it("ends within a second of others having ended", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const [mine, ...others] = [1, 2, 3, 4].map(() => budgets.join(scope([rule(4, 60_000)])));
    let at: number | undefined;
    void mine!.take({ kind: "edit", urgent: false }, never).then(() => (at = clock.monotonic()));
    await clock.advance(10_500);
    expect(at).toBeUndefined();
    for (const other of others) other.leave();
    await clock.advance(1_000);
    expect(at).toBeDefined();
  });

  it("is no longer for one who has given up waiting", async () => {
    const paintedAt = async (giveUp: boolean) => {
      const clock = fakeClock();
      const budgets = createBudgets({ clock, health });
      const [mine, other] = [1, 2].map(() => budgets.join(scope([rule(6, 60_000)])));
      (await mine!.take({ kind: "edit", urgent: true }, never))();
      if (giveUp) {
        const patience = new AbortController();
        mine!.hold("edit", 10);
        const waiting = other!.take({ kind: "edit", urgent: false }, patience.signal).catch(() => {});
        patience.abort();
        await waiting;
      }
      let at = 0;
      void mine!.take({ kind: "edit", urgent: false }, never).then(() => (at = clock.monotonic()));
      await clock.advance(60_000);
      return at;
    };
    const alone = await paintedAt(false);
    expect(alone).toBeGreaterThan(1_000);
    expect(await paintedAt(true)).toBe(alone);
  });

  it("grows with the reply's age, and is a few seconds after a minute", async () => {
    const clock = fakeClock();
    const mine = createBudgets({ clock, health }).join(scope([rule(50, 60_000)]));
    (await mine.take({ kind: "edit", urgent: true }, never))();
    const at: number[] = [0];
    const paint = async () => {
      while (clock.monotonic() < 60_000) {
        (await mine.take({ kind: "edit", urgent: false }, never))();
        at.push(clock.monotonic());
      }
    };
    void paint();
    await clock.advance(60_000);
    const gaps = at.slice(1).map((time, index) => time - at[index]!);
    const [early, late] = [gaps.slice(0, 10), gaps.slice(-5)].map((some) => Math.max(...some));
    expect(early).toBeLessThan(500);
    expect(late).toBeGreaterThan(2 * early!);
    expect(Math.max(...gaps)).toBeLessThan(10_000);
  });
});
