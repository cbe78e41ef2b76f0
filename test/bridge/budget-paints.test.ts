import { describe, expect, it } from "vitest";
import { type Allowance as Mine, createBudgets } from "../../src/bridge/budget.ts";
import { fakeClock } from "../fakes/clock.ts";
import { health, never, rule, scope } from "./budget-kit.ts";

describe("a budget's paints", () => {
  it("are kept from drafts for the ending of each live reply", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const rules = [rule(5, 60_000)];
    const [first, second, third] = [1, 2, 3].map(() => budgets.join(scope(rules))) as [Mine, Mine, Mine];
    const passed: string[] = [];
    const take = (name: string, mine: Mine, urgent: boolean) =>
      mine.take({ kind: "edit", urgent }, never).then((paid) => {
        passed.push(name);
        paid();
      });
    void take("a", first, false);
    void take("b", second, false);
    await clock.advance(20_000);
    expect(passed).toEqual(["a", "b"]);
    void take("third draft", third, false);
    await clock.advance(20_000);
    for (const mine of [first, second]) void take("ending", mine, true);
    await clock.advance(0);
    expect(passed).toEqual(["a", "b", "ending", "ending"]);
    for (const mine of [first, second]) mine.leave();
    await clock.advance(60_000);
    expect(passed.at(-1)).toBe("third draft");
  });

  it("go first to the draft that was unpainted for longest", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const rules = [rule(50, 60_000)];
    const replies = [1, 2, 3].map(() => budgets.join(scope(rules)));
    for (const mine of [...replies].reverse()) {
      (await mine.take({ kind: "edit", urgent: true }, never))();
      await clock.advance(10);
    }
    const passed: number[] = [];
    for (const [index, mine] of replies.entries())
      void mine.take({ kind: "edit", urgent: false }, never).then(() => passed.push(index));
    await clock.advance(10_000);
    expect(passed).toEqual([2, 1, 0]);
  });

  it("are spent early on drafts, and come faster as soon as others have ended", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const rules = [rule(50, 60_000)];
    const drafts = () => {
      const mine = budgets.join(scope(rules));
      const stop = new AbortController();
      const at: number[] = [];
      void (async () => {
        for (;;) {
          (await mine.take({ kind: "edit", urgent: false }, stop.signal))();
          at.push(clock.monotonic());
        }
      })().catch(() => undefined);
      const end = () => {
        stop.abort();
        mine.leave();
      };
      return { at, end };
    };
    const [mine, ...others] = [drafts(), drafts(), drafts(), drafts()] as const;
    await clock.advance(6_000);
    expect(mine.at.length).toBeGreaterThan(3); // evenly it were 1
    expect(mine.at.at(-1)).toBeGreaterThan(4_000);
    const before = mine.at.length;
    for (const other of others) other.end();
    await clock.advance(3_000);
    expect(mine.at.length - before).toBeGreaterThan(5); // with the others it were 3
    mine.end();
    await clock.advance(0);
    expect(clock.sleeping()).toBe(0);
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

describe("a budget's paints, after a 429,", () => {
  it("are fewer for a while where the platform said 429, and there alone", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const rules = [rule(4, 1_000, { per: "place" }), rule(40, 1_000, { per: "platform" })];
    const [mine, other] = [budgets.join(scope(rules)), budgets.join(scope(rules, "C2"))];
    mine.hold("edit", 500);
    const passed = { mine: 0, other: 0 };
    const take = async (name: "mine" | "other", from: Mine, times: number) => {
      for (let i = 0; i < times; i += 1)
        void from.take({ kind: "edit", urgent: true }, never).then((paid) => {
          passed[name] += 1;
          paid();
        });
      await clock.advance(499);
    };
    await take("other", other, 4);
    expect(passed).toEqual({ mine: 0, other: 4 });
    await clock.advance(1);
    await take("mine", mine, 4);
    expect(passed.mine).toBe(3);
    await clock.advance(30_000);
    await take("mine", mine, 4);
    expect(passed.mine).toBe(8);
  });

  it("wait in every scope where the platform's 429 was for the bot as a whole, and are fewer for a while there alone", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const rules = [rule(4, 5_000, { per: "place" }), rule(40, 1_000, { per: "platform" })];
    const [mine, other] = [budgets.join(scope(rules)), budgets.join(scope(rules, "C2"))];
    mine.hold("edit", 500, "platform");
    const at: number[] = [];
    for (const each of [mine, other])
      for (let i = 0; i < 4; i += 1)
        void each.take({ kind: "edit", urgent: true }, never).then(() => at.push(clock.monotonic()));
    await clock.advance(1_000);
    expect(at).toEqual(Array(8).fill(500));
    expect(budgets.states().map(({ per, paints }) => [per, paints])).toEqual([
      ["place", 4],
      ["platform", 32],
      ["place", 4],
    ]);
  });

  it("do not count if they were refused with a 429, or not made", async () => {
    const clock = fakeClock();
    const mine = createBudgets({ clock, health }).join(scope([rule(1, 10_000), rule(1, 1_000)]));
    for (let i = 0; i < 3; i += 1) (await mine.take({ kind: "edit", urgent: true }, never))(false);
    (await mine.take({ kind: "edit", urgent: true }, never))();
    expect(clock.monotonic()).toBe(0);
    void mine.take({ kind: "edit", urgent: true }, never);
    await clock.advance(9_999);
    expect(clock.sleeping()).toBe(1);
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
});

describe("the paints that are kept for endings", () => {
  it("are for those that will end in it, as their last paint told", async () => {
    const clock = fakeClock();
    const budgets = createBudgets({ clock, health });
    const rules = [{ ...rule(4, 60_000), endings: ["edit"] }];
    const all = Array.from({ length: 4 }, () => budgets.join(scope(rules)));
    for (const one of all) (await one.take({ kind: "append", urgent: true }, never))();
    const drafted = all[0]!.take({ kind: "edit", urgent: false }, never);
    await clock.advance(60_000);
    await expect(drafted).resolves.toBeDefined();
  });
});
