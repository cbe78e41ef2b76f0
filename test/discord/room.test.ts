import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBudgets } from "../../src/bridge/budget.ts";
import { createRoom, PER_SECOND } from "../../src/discord/room.ts";
import { PlatformRefusal } from "../../src/errors.ts";
import { health, never, rule, scope } from "../bridge/budget-kit.ts";
import { fakeClock } from "../fakes/clock.ts";

/** A room, and when what was let into it began, in order. */
function open() {
  const clock = fakeClock();
  const room = createRoom(clock);
  const begun: { readonly name: string; readonly at: number }[] = [];
  const take = (name: string, ms: number) => async () => {
    begun.push({ name, at: clock.monotonic() });
    await clock.sleep(ms);
    return name;
  };
  /** As if so many paints were answered now. */
  const paint = (count: number) => {
    for (let i = 0; i < count; i += 1) room.draws.add({ at: clock.monotonic(), isPaint: true });
  };
  return { clock, room, begun, take, paint };
}

test("a second is crowded while more than half of it is taken, by whatever", async () => {
  const { clock, room, take, paint } = open();
  paint(PER_SECOND / 4);
  for (let i = 0; i < PER_SECOND / 4 - 1; i += 1) void room.ask(take("ask", 0), undefined);
  await clock.advance(0);
  expect(room.isCrowded()).toBe(true);
  await clock.advance(1_000);
  expect(room.isCrowded()).toBe(false);
  paint(PER_SECOND / 2);
  expect(room.isCrowded()).toBe(true);
});

describe("what is no paint", () => {
  test("waits while Discord refuses all that the bot asks, as long as it said at the most", async () => {
    const { clock, room, begun, take } = open();
    room.shut(700);
    room.shut(200);
    void room.ask(take("history", 0), undefined);
    await clock.advance(699);
    expect(begun).toEqual([]);
    await clock.advance(1);
    expect(begun).toEqual([{ name: "history", at: 700 }]);
  });

  test("goes at once while there is room, and what it comes to is told", async () => {
    const { clock, room, begun, take } = open();
    const answer = room.ask(take("a", 50), undefined);
    await clock.advance(50);
    expect(await answer).toBe("a");
    await expect(room.ask(() => Promise.reject(new Error("no")), undefined)).rejects.toThrow("no");
    expect(begun).toEqual([{ name: "a", at: 0 }]);
    expect(room.draws.size).toBe(2);
  });

  test("does not count where it was over a limit of its route", async () => {
    const { room } = open();
    const refused = new PlatformRefusal("rate_limited", "discord_rate_limited", "as the test wants");
    await expect(room.ask(() => Promise.reject(refused), undefined)).rejects.toThrow(refused);
    expect(room.draws.size).toBe(0);
  });

  test("waits until a second after the answers of what fills the second, in the order in which it came", async () => {
    const { clock, room, begun, take, paint } = open();
    paint(PER_SECOND - 2);
    for (const name of ["slow", "quick"]) void room.ask(take(name, name === "slow" ? 300 : 30), undefined);
    for (const name of ["first", "second"]) void room.ask(take(name, 10), undefined);
    await clock.advance(999);
    expect(begun.map(({ name }) => name)).toEqual(["slow", "quick"]);
    await clock.advance(1);
    expect(begun.slice(2)).toEqual([
      { name: "first", at: 1_000 },
      { name: "second", at: 1_000 },
    ]);
  });

  test("waits for an answer where all that fill the second are under way", async () => {
    const { clock, room, begun, take } = open();
    for (let i = 0; i < PER_SECOND; i += 1) void room.ask(take("slow", 500), undefined);
    void room.ask(take("last", 0), undefined);
    await clock.advance(1_499);
    expect(begun).toHaveLength(PER_SECOND);
    await clock.advance(1);
    expect(begun).toHaveLength(PER_SECOND + 1);
  });

  test("keeps its place before what comes while it looks for room", async () => {
    const { clock, room, begun, take } = open();
    for (let i = 0; i < PER_SECOND; i += 1) void room.ask(take("filling", 10), undefined);
    void room.ask(take("first", 0), undefined);
    await clock.advance(15);
    void room.ask(take("later", 0), undefined);
    await clock.advance(2_000);
    expect(begun.slice(PER_SECOND).map(({ name }) => name)).toEqual(["first", "later"]);
  });

  test("is not even begun when it was called off before", async () => {
    const { room, begun, take } = open();
    const off = AbortSignal.abort(new Error("called off"));
    await expect(room.ask(take("called off", 0), off)).rejects.toThrow("called off");
    expect(begun).toEqual([]);
  });

  test("gives up its place when it is called off, and holds up nobody behind it", async () => {
    const { clock, room, begun, take, paint } = open();
    paint(PER_SECOND);
    const off = new AbortController();
    const given = room.ask(take("called off", 0), off.signal);
    void room.ask(take("next", 0), undefined);
    await clock.advance(10);
    off.abort(new Error("called off"));
    await expect(given).rejects.toThrow("called off");
    await clock.advance(990);
    expect(begun.map(({ name }) => name)).toEqual(["next"]);
  });
});

test("whatever is asked and painted, no second has more than Discord takes, and nothing waits for ever", async () => {
  const seen = { asked: 0, painted: 0, full: 0, waited: 0 };
  const steps = fc.array(fc.record({ ms: fc.nat(60), asks: fc.nat(6), takes: fc.nat(200) }), {
    minLength: 40,
    maxLength: 80,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const { clock, room, begun, take } = open();
      const budgets = createBudgets({ clock, health });
      const { draws } = room;
      const rules = [rule(PER_SECOND, 1_000, { per: "platform", draws })];
      const stop = new AbortController();
      const painters = Array.from({ length: 20 }, async (_, i) => {
        const mine = budgets.join(scope(rules, `C${i}`));
        for (let n = 0; !stop.signal.aborted; n += 1) {
          const done = await mine.take({ kind: "edit", urgent: n % 7 === 0 }, stop.signal);
          await take("paint", i * 5)();
          done();
        }
      });
      const all = Promise.allSettled(painters);
      for (const { ms, asks, takes } of plan) {
        await clock.advance(ms);
        for (let i = 0; i < asks; i += 1) void room.ask(take("ask", takes), undefined);
      }
      const end = clock.monotonic();
      stop.abort(new Error("enough"));
      await clock.advance(30_000);
      await all;
      const asked = plan.reduce((sum, { asks }) => sum + asks, 0);
      expect(begun.filter(({ name }) => name === "ask")).toHaveLength(asked);
      const most = begun.map(({ at }) => begun.filter((one) => one.at >= at && one.at < at + 1_000).length);
      expect(Math.max(0, ...most)).toBeLessThanOrEqual(PER_SECOND);
      seen.asked += asked;
      seen.painted += begun.length - asked;
      seen.full += Number(Math.max(0, ...most) === PER_SECOND);
      seen.waited += Number(begun.at(-1)!.at > end);
    }),
    { numRuns: 6 },
  );
  expect([seen.asked > 300, seen.painted > 100, seen.full > 1, seen.waited > 1]).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

test("fifty replies in fifty channels have nearly all that their channels and Discord's second allow, and end in time", async () => {
  const clock = fakeClock();
  const { draws } = createRoom(clock);
  const budgets = createBudgets({ clock, health });
  const rules = [rule(5, 5_000), rule(PER_SECOND, 1_000, { per: "platform", draws })];
  let paints = 0;
  const waits: number[] = [];
  const reply = async (index: number) => {
    await clock.sleep(index * 100);
    const mine = budgets.join(scope(rules, `C${index}`));
    const paint = async (kind: string, urgent: boolean, signal: AbortSignal) => {
      const done = await mine.take({ kind, urgent }, signal);
      paints += 1;
      await clock.sleep(20);
      done();
    };
    const ended = new AbortController();
    void clock.sleep(10_000).then(() => ended.abort(new Error("ended")));
    await paint("post", true, never);
    for (;;) if (!(await paint("edit", false, ended.signal).then(Boolean.bind(null, 1), () => false))) break;
    const end = clock.monotonic();
    await paint("edit", true, never);
    waits.push(clock.monotonic() - end);
    mine.leave();
  };
  const all = Promise.all(Array.from({ length: 50 }, (_, index) => reply(index)));
  await clock.advance(20_000);
  await all;
  // Alone, each has a first, drafts every 1.25 s and a last.
  expect(paints).toBeGreaterThan(50 * 9 * 0.97);
  expect(Math.max(...waits)).toBeLessThan(500);
});
