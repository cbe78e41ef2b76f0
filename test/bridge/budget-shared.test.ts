import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBudgets, type Scope } from "../../src/bridge/budget.ts";
import { createHealth } from "../../src/bridge/health.ts";
import { createLog } from "../../src/log.ts";
import type { Tally } from "../../src/store/replicas.ts";
import { type FakeClock, fakeClock } from "../fakes/clock.ts";

const WINDOW_MS = 5_000;
const never = new AbortController().signal;
const scope = (paints: number): Scope => ({
  platform: "fake",
  workspace: "W1",
  channel: "C1",
  place: "C1/t",
  budgets: [{ covers: ["post", "edit"], per: "channel", paints, windowMs: WINDOW_MS }],
});

/** Counts as the port says, and takes a moment for it. */
function createTally(clock: FakeClock): Tally & { refusals: number } {
  const drawn = new Map<string, number[]>();
  const tally = {
    refusals: 0,
    draw: async (accounts: Parameters<Tally["draw"]>[0]) => {
      await clock.sleep(3);
      const now = clock.monotonic();
      const waits = accounts.map(({ scope: name, most, windowMs }) => {
        const counting = (drawn.get(name) ?? []).filter((at) => at > now - windowMs);
        const leaving = counting[counting.length - most];
        return leaving === undefined ? 0 : leaving + windowMs - now;
      });
      const wait = Math.max(0, ...waits);
      tally.refusals += Number(wait > 0);
      if (wait === 0)
        for (const { scope: name } of accounts) drawn.set(name, [...(drawn.get(name) ?? []), now]);
      return wait;
    },
  };
  return tally;
}

const mostInAWindow = (times: readonly number[]) =>
  Math.max(0, ...times.map((at) => times.filter((time) => time >= at && time < at + WINDOW_MS).length));

/** Replies in several processes, each of which paints a while and then ends. Returns when the platform saw a paint. */
async function paintAll(paints: number, replicas: number, drafts: number) {
  const clock = fakeClock();
  const tally = createTally(clock);
  const health = createHealth(createLog("silent"));
  const seen: number[] = [];
  let ended = 0;
  const reply = async (replica: ReturnType<typeof createBudgets>, start: number) => {
    await clock.sleep(start);
    const mine = replica.join(scope(paints));
    for (let index = 0; index <= drafts; index += 1) {
      const urgent = index === 0 || index === drafts;
      const done = await mine.take({ kind: index === 0 ? "post" : "edit", urgent }, never);
      await clock.sleep((start * 13 + index * 71) % 200); // on its way
      seen.push(clock.monotonic());
      done();
    }
    mine.leave();
    ended += 1;
  };
  const all = Array.from({ length: replicas }, () => createBudgets({ clock, health, tally })).flatMap(
    (replica, index) => [reply(replica, index * 7), reply(replica, index * 11 + 90)],
  );
  while (ended < all.length) await clock.advance(WINDOW_MS);
  await Promise.all(all);
  return { seen, refusals: tally.refusals, asleep: clock.sleeping() };
}

describe("budgets that several processes share", () => {
  it("are not overdrawn by all of them together, and every reply gets its ending", async () => {
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 1, max: 6 }),
        async (paints, replicas, drafts) => {
          const run = await paintAll(paints, replicas, drafts);
          expect(mostInAWindow(run.seen)).toBeLessThanOrEqual(paints);
          expect(run.seen).toHaveLength(replicas * 2 * (drafts + 1));
          expect(run.asleep).toBe(0);
          refusals += run.refusals;
        },
      ),
      { numRuns: 40 },
    );
    expect(refusals, "the tally was what held them back").toBeGreaterThan(100);
  });

  it("let a paint through on one process's own reckoning while they cannot be counted, and say so once", async () => {
    const clock = fakeClock();
    const lines: string[] = [];
    const health = createHealth(createLog("info", [], { write: (line) => void lines.push(line) }));
    let isAway = true;
    const tally: Tally = {
      draw: async () => {
        if (isAway) throw new Error("the database is away");
        return 0;
      },
    };
    const mine = createBudgets({ clock, health, tally }).join(scope(2));
    const take = () => mine.take({ kind: "edit", urgent: true }, never);
    (await take())();
    (await take())();
    let third = false;
    void take().then(() => (third = true));
    await clock.advance(WINDOW_MS - 1);
    expect([third, health.problems().length]).toEqual([false, 1]);
    isAway = false;
    await clock.advance(2);
    expect([third, health.problems().length]).toEqual([true, 0]);
    expect(lines).toHaveLength(2);
  });

  it("count nothing for a paint that others left no room for", async () => {
    const clock = fakeClock();
    const waits = [100, 100, 100, 0];
    const tally: Tally = { draw: async () => waits.shift() ?? 0 };
    const health = createHealth(createLog("silent"));
    const mine = createBudgets({ clock, health, tally }).join(scope(2));
    let at = -1;
    void mine.take({ kind: "edit", urgent: true }, never).then(() => (at = clock.monotonic()));
    await clock.advance(WINDOW_MS);
    expect(at).toBe(300);
  });
});
