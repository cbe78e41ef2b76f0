import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBudgets, type Scope } from "../../src/bridge/budget.ts";
import type { Budget } from "../../src/chat/platform.ts";
import { createHealth } from "../../src/bridge/health.ts";
import { createLog } from "../../src/log.ts";
import { fakeClock } from "../fakes/clock.ts";

const rule = (paints: number, windowMs: number, extra: Partial<Budget> = {}): Budget => ({
  covers: ["post", "edit"],
  per: "channel",
  paints,
  windowMs,
  ...extra,
});
const scope = (budgets: readonly Budget[], channel = "C1"): Scope => ({
  platform: "fake",
  workspace: "W1",
  channel,
  place: `${channel}/t`,
  budgets,
});
const health = createHealth(createLog("silent"));
const never = new AbortController().signal;

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
  }, 60_000);

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
});

describe("a budget's paints", () => {
  it("are kept from drafts to the last one of each window", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const rules = [rule(5, 5_000)];
    const passed: string[] = [];
    const take = (name: string, urgent: boolean) =>
      budgets
        .join(scope(rules))
        .take({ kind: "edit", urgent }, never)
        .then((paid) => {
          passed.push(name);
          paid();
        });
    for (const name of ["a", "b", "c", "d", "e"]) void take(name, false);
    await clock.advance(100);
    expect(passed).toEqual(["a", "b", "c", "d"]);
    void take("urgent", true);
    await clock.advance(100);
    expect(passed).toEqual(["a", "b", "c", "d", "urgent"]);
    await clock.advance(10_000);
    expect(passed).toContain("e");
  });

  it("come at an even pace to each of several live replies, and faster as soon as others have ended", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const rules = [rule(50, 60_000)];
    const others = [1, 2, 3].map(() => budgets.join(scope(rules)));
    const mine = budgets.join(scope(rules));
    const at: number[] = [];
    const stop = new AbortController();
    void (async () => {
      for (;;) {
        (await mine.take({ kind: "edit", urgent: false }, stop.signal))();
        at.push(clock.monotonic());
      }
    })().catch(() => undefined);
    await clock.advance(24_000);
    expect(at.slice(0, 4)).toEqual([0, 4_800, 9_600, 14_400]);
    for (const other of others) other.leave();
    await clock.advance(3_500);
    expect(at.slice(-3)).toEqual([24_000, 25_200, 26_400]);
    stop.abort();
    await clock.advance(0);
  });

  it("count by when the platform answered, because it may have counted them only then", async () => {
    const clock = fakeClock();
    const mine = createBudgets({ clock, health }).join(scope([rule(1, 1_000)]));
    const paid = await mine.take({ kind: "post", urgent: true }, never);
    await clock.advance(700);
    paid();
    let at = 0;
    void mine.take({ kind: "post", urgent: true }, never).then(() => (at = clock.monotonic()));
    await clock.advance(5_000);
    expect(at).toBe(1_700);
  });

  it("are a platform's own, whatever ids another platform has", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const rules = [rule(1, 60_000)];
    (await budgets.join(scope(rules)).take({ kind: "post", urgent: true }, never))();
    const other = budgets.join({ ...scope(rules), platform: "other" });
    (await other.take({ kind: "post", urgent: true }, never))();
    expect(clock.monotonic()).toBe(0);
  });

  it("that were put off for long are not let through by a second word that asks for less", async () => {
    const clock = fakeClock();
    const mine = createBudgets({ clock, health }).join(scope([rule(5, 5_000)]));
    mine.hold("edit", 10_000);
    mine.hold("edit", 1_000);
    let at = 0;
    void mine.take({ kind: "edit", urgent: true }, never).then(() => (at = clock.monotonic()));
    await clock.advance(20_000);
    expect(at).toBe(10_000);
  });

  it("do not count when their reply gave up waiting", async () => {
    const clock = fakeClock();
    const mine = createBudgets({ clock, health }).join(scope([rule(1, 10_000)]));
    (await mine.take({ kind: "post", urgent: true }, never))();
    const quit = new AbortController();
    const waiting = mine.take({ kind: "edit", urgent: true }, quit.signal);
    quit.abort(new Error("quit"));
    await expect(waiting).rejects.toThrow("quit");
    await clock.advance(10_000);
    (await mine.take({ kind: "edit", urgent: true }, never))();
    expect(clock.monotonic()).toBe(10_000);
    expect(clock.sleeping()).toBe(0);
  });
});
