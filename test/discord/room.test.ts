import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRoom, PER_SECOND } from "../../src/discord/room.ts";
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
  return { clock, room, begun, take };
}

test("a second is crowded while more than half of it is taken, by whatever", async () => {
  const { clock, room, take } = open();
  for (let i = 0; i < PER_SECOND / 4; i += 1) void room.paint(take("paint", 0));
  for (let i = 0; i < PER_SECOND / 4; i += 1) void room.ask(take("ask", 0), undefined);
  await clock.advance(0);
  expect(room.isCrowded()).toBe(false);
  void room.ask(take("ask", 0), undefined);
  await clock.advance(0);
  expect(room.isCrowded()).toBe(true);
  await clock.advance(1_000);
  expect(room.isCrowded()).toBe(false);
});

describe("what is no paint", () => {
  test("goes at once while there is room, and what it comes to is told", async () => {
    const { clock, room, begun, take } = open();
    const answer = room.ask(take("a", 50), undefined);
    await clock.advance(50);
    expect(await answer).toBe("a");
    await expect(room.ask(() => Promise.reject(new Error("no")), undefined)).rejects.toThrow("no");
    expect(begun).toEqual([{ name: "a", at: 0 }]);
  });

  test("waits until a second after the answers of what fills the second, in the order in which it came", async () => {
    const { clock, room, begun, take } = open();
    for (let i = 0; i < PER_SECOND; i += 1) void room.paint(take("paint", 30 + i));
    for (const name of ["first", "second", "third"]) void room.ask(take(name, 10), undefined);
    await clock.advance(1_029);
    expect(begun).toHaveLength(PER_SECOND);
    await clock.advance(20);
    const [first, second, third] = begun.slice(PER_SECOND);
    expect([first, second, third].map((one) => one?.name)).toEqual(["first", "second", "third"]);
    expect(first!.at).toBeGreaterThanOrEqual(1_030);
    expect(second!.at).toBeGreaterThan(first!.at);
  });

  test("gives up its place when it is called off, and holds up nobody behind it", async () => {
    const { clock, room, begun, take } = open();
    for (let i = 0; i < PER_SECOND; i += 1) void room.paint(take("paint", 0));
    const off = new AbortController();
    const given = room.ask(take("called off", 0), off.signal);
    void room.ask(take("next", 0), undefined);
    expect(room.beside()).toBe(2);
    off.abort(new Error("called off"));
    await expect(given).rejects.toThrow("called off");
    await clock.advance(1_000);
    expect(begun.slice(PER_SECOND).map(({ name }) => name)).toEqual(["next"]);
    expect(room.beside()).toBe(1);
  });

  test("is told while it waits, while it is under way, and for a second, so that paints leave it room", async () => {
    const { clock, room, take } = open();
    expect(room.beside()).toBe(0);
    void room.ask(take("a", 500), undefined);
    void room.paint(take("paint", 500));
    expect(room.beside()).toBe(1);
    await clock.advance(1_499);
    expect(room.beside()).toBe(1);
    await clock.advance(1);
    expect(room.beside()).toBe(0);
  });
});

test("whatever is asked and painted, no second has more than Discord takes, if paints leave room for what is beside", async () => {
  const seen = { asked: 0, painted: 0, full: 0, waited: 0 };
  const steps = fc.array(
    fc.record({ ms: fc.nat(60), asks: fc.nat(6), paints: fc.nat(4), takes: fc.nat(200) }),
    { minLength: 40, maxLength: 80 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const { clock, room, begun, take } = open();
      for (const { ms, asks, paints, takes } of plan) {
        await clock.advance(ms);
        for (let i = 0; i < asks; i += 1) void room.ask(take("ask", takes), undefined);
        for (let i = 0; i < paints; i += 1) {
          const lately = begun.filter(({ name, at }) => name === "paint" && at > clock.monotonic() - 1_200);
          if (lately.length < PER_SECOND - room.beside()) void room.paint(take("paint", takes));
        }
        seen.asked += asks;
      }
      await clock.advance(30_000);
      expect(begun.filter(({ name }) => name === "ask")).toHaveLength(
        plan.reduce((sum, { asks }) => sum + asks, 0),
      );
      const most = begun.map(({ at }) => begun.filter((one) => one.at >= at && one.at < at + 1_000).length);
      expect(Math.max(0, ...most)).toBeLessThanOrEqual(PER_SECOND);
      seen.painted += begun.filter(({ name }) => name === "paint").length;
      seen.full += Number(Math.max(0, ...most) === PER_SECOND);
      seen.waited += Number(begun.at(-1)!.at > plan.reduce((sum, { ms }) => sum + ms, 0));
    }),
    { numRuns: 12 },
  );
  expect([seen.asked > 500, seen.painted > 100, seen.full > 2, seen.waited > 2]).toEqual([
    true,
    true,
    true,
    true,
  ]);
});
