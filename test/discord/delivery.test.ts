import { describe, expect, test } from "vitest";
import { createDelivery } from "../../src/discord/deliver.ts";
import { createLog } from "../../src/log.ts";
import { fakeClock } from "../fakes/clock.ts";

function delivery() {
  const clock = fakeClock();
  const stop = new AbortController();
  const logged: Record<string, unknown>[] = [];
  const write = (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>);
  const lost: string[] = [];
  const made = createDelivery({
    clock,
    log: createLog("debug", [], { write }),
    signal: stop.signal,
    onLost: () => void lost.push("lost"),
  });
  const take = (channel: string, hand: () => Promise<void>) => made.take(channel, hand);
  const settle = () => made.settle();
  const drained = () => made.drained();
  return { take, settle, drained, clock, stop, logged, lost };
}

describe("what cannot be taken in", () => {
  test("is kept for ten minutes, in order, then left to be caught up on, and what waits behind it goes on", async () => {
    const { take, clock, lost, logged } = delivery();
    const handed: string[] = [];
    let tries = 0;
    take("a", async () => {
      tries += 1;
      throw new Error("the database does not like it");
    });
    take("a", async () => void handed.push("behind"));
    await clock.advance(590_000);
    expect([handed, lost]).toEqual([[], []]);
    await clock.advance(30_000);
    expect([handed, lost]).toEqual([["behind"], ["lost"]]);
    expect(tries).toBeLessThan(50);
    expect(logged.filter(({ level }) => level === 50)).toHaveLength(1);
    expect(clock.sleeping()).toBe(0);
  });

  test("survives a database that is away for minutes", async () => {
    const { take, clock, lost } = delivery();
    let isAway = true;
    const handed: number[] = [];
    for (let index = 0; index < 10; index += 1)
      take("a", async () => {
        if (isAway) throw new Error("away");
        handed.push(index);
      });
    await clock.advance(300_000);
    isAway = false;
    await clock.advance(15_000);
    expect([handed, lost]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], []]);
  });

  test("is not kept without bounds", async () => {
    const { take, settle, clock, lost } = delivery();
    let isAway = true;
    let handed = 0;
    for (let index = 0; index < 5_010; index += 1)
      take(`channel ${index % 20}`, async () => {
        if (isAway) throw new Error("away");
        handed += 1;
      });
    expect(lost).toHaveLength(10);
    isAway = false;
    await clock.advance(1_000);
    await settle();
    expect([handed, lost.length]).toEqual([5_000, 10]);
    take("one more", async () => void (handed += 1));
    await settle();
    expect(handed).toBe(5_001);
  });

  test("gets one try more when all is stopped", async () => {
    const { take, settle, stop, clock, lost } = delivery();
    let tries = 0;
    take("a", async () => {
      tries += 1;
      throw new Error("away");
    });
    take("a", async () => {
      tries += 1;
      throw new Error("away");
    });
    await clock.advance(100);
    stop.abort();
    await settle();
    expect([tries, lost.length]).toEqual([3, 2]);
  });

  test("is waited for as far as it is under way", async () => {
    const { take, drained, clock } = delivery();
    let isDrained = false;
    let isAway = true;
    take("a", async () => {
      if (isAway) throw new Error("away");
    });
    void drained().then(() => (isDrained = true));
    await clock.advance(1_000);
    take("b", () => new Promise(() => {}));
    expect(isDrained).toBe(false);
    isAway = false;
    await clock.advance(15_000);
    expect(isDrained).toBe(true);
  });
});
