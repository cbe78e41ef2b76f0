import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import { say } from "../fakes/telnyx.ts";
import { type Bench, type BenchOptions, LATE_AFTER_MS, openBench } from "./harness.ts";

const MINUTE = 60_000;
let folder: string;
let bench: Bench;
const open = async (options: BenchOptions = {}) => {
  await bench?.close();
  bench = await openBench({ path: join(folder, `${Math.random()}.db`), ...options });
  bench.telnyx.model(() => say("Answered."));
};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "patchcord-"));
  await open();
});
afterEach(async () => {
  expect(bench.chat.violations).toEqual([]);
  await bench.close();
  expect(bench.clock.sleeping()).toBe(0);
  bench = undefined as unknown as Bench;
  rmSync(folder, { recursive: true });
});

const asked = () => bench.telnyx.asked.map(({ input }) => JSON.stringify(input));
const readings = () => bench.chat.calls.filter(({ kind }) => kind === "missed").length;
/** A place in which the bot has answered once. */
async function known(): Promise<Place> {
  const place = bench.chat.openPlace();
  await bench.chat.say(place, "hello");
  await bench.clock.advance(10_000);
  return place;
}
/** Ends the process, lets people talk, and starts another. */
async function whileAway(ms: number, talk: () => Promise<unknown>): Promise<void> {
  await bench.kill();
  await talk();
  await bench.clock.advance(ms);
  await bench.crash();
}

describe("what was said while nobody listened", () => {
  it("is answered after the start, in order, once", async () => {
    const { chat, clock } = bench;
    const place = await known();
    const fresh = chat.openPlace();
    await whileAway(MINUTE, async () => {
      await chat.say(place, "first");
      await clock.advance(1_000);
      await chat.say(place, "second");
      await chat.say(fresh, "and here?");
    });
    await bench.settle(20_000);
    expect(chat.pages(place)).toHaveLength(3);
    expect(chat.pages(fresh)).toHaveLength(1);
    const order = asked().filter((input) => /first|second/.test(input));
    expect(order.map((input) => /first/.test(input))).toEqual([true, false]);
  });

  it("goes before what is said afterwards", async () => {
    const { chat, clock } = bench;
    const place = await known();
    await whileAway(1_000, () => chat.say(place, "missed"));
    const held = chat.hold("missed");
    await bench.crash();
    await clock.advance(100);
    await chat.say(place, "live");
    await clock.advance(3_000);
    expect(asked().some((input) => input.includes("live"))).toBe(false);
    held.open();
    await bench.settle(10_000);
    expect(
      asked()
        .slice(1)
        .map((input) => /missed/.test(input)),
    ).toEqual([true, false]);
  });

  it("holds nobody up for longer than ten seconds", async () => {
    const { chat, clock } = bench;
    const place = await known();
    const held = chat.hold("missed");
    await bench.crash();
    await chat.say(place, "live");
    await clock.advance(9_900);
    expect(chat.pages(place)).toHaveLength(1);
    await clock.advance(1_000);
    expect(chat.pages(place)).toHaveLength(2);
    expect(bench.now().health.problems().join()).toMatch(/is being read/);
    held.open();
    await clock.advance(1_000);
    expect(bench.now().health.problems()).toEqual([]);
  });

  it("is not read where the bot never listened before, nor where that is switched off", async () => {
    const { chat } = bench;
    expect(readings()).toBe(0);
    await open({ catchUp: { enabled: false } });
    const place = await known();
    await whileAway(MINUTE, () => bench.chat.say(place, "missed"));
    await bench.settle(20_000);
    expect([readings(), bench.chat.pages(place).length]).toEqual([0, 1]);
    expect(chat.calls.length).toBeGreaterThanOrEqual(0);
  });

  it("is read again until the platform has told all of it", async () => {
    const { chat, clock } = bench;
    const place = await known();
    chat.fail("missed", "unavailable", { times: 3 });
    await whileAway(MINUTE, () => chat.say(place, "missed"));
    await clock.advance(500);
    expect(bench.now().health.problems().join()).toMatch(/cannot be read yet/);
    await bench.settle(20_000);
    expect([chat.pages(place).length, bench.now().health.problems()]).toEqual([2, []]);
  });

  it("is read when the connection was lost, and the reading begins anew when it is lost again", async () => {
    const { chat, clock } = bench;
    const place = await known();
    const { process } = bench.now();
    process.cut();
    await chat.say(place, "missed");
    await clock.advance(2_000);
    const held = chat.hold("missed");
    await process.restore({ resumed: false });
    await clock.advance(100);
    process.cut();
    held.open();
    await clock.advance(5_000);
    expect(chat.pages(place)).toHaveLength(1);
    // Resumed, but what the first reading was to bring is still missing.
    await process.restore({ resumed: true });
    await bench.settle(10_000);
    expect(chat.pages(place)).toHaveLength(2);
  });

  it("is not read when the platform resumed where it was", async () => {
    const { chat, clock } = bench;
    const place = await known();
    const { process } = bench.now();
    process.cut();
    await chat.say(place, "meanwhile");
    await clock.advance(2_000);
    await process.restore({ resumed: true });
    await bench.settle(10_000);
    expect([readings(), chat.pages(place).length]).toEqual([0, 2]);
  });

  it("is found also when a kill fell into the reading", async () => {
    const { chat, clock } = bench;
    const place = await known();
    await whileAway(MINUTE, () => chat.say(place, "missed"));
    const held = chat.hold("missed", "after");
    await bench.crash();
    await clock.advance(30_000); // long enough to note that all was heard, were that true
    await bench.kill();
    held.open();
    await bench.crash();
    await bench.settle(30_000);
    expect(asked().filter((input) => input.includes("missed"))).toHaveLength(1);
  });
});

describe("what was said too long ago", () => {
  const late = LATE_AFTER_MS + MINUTE;
  const postponed = () => bench.lines.filter((line) => line.includes('"outcome":"postponed"')).length;

  it("is offered to be answered, one message for each place, and the others are context", async () => {
    const { chat, clock, telnyx } = bench;
    const place = await known();
    const other = chat.openPlace();
    await whileAway(late, async () => {
      await chat.say(place, "late one");
      await clock.advance(1_000);
      await chat.say(place, "late two");
      await chat.say(other, "late three");
    });
    await bench.settle(20_000);
    expect([postponed(), telnyx.asked.length]).toEqual([2, 1]);
    expect([chat.pages(place).length, chat.pages(other).length]).toEqual([2, 1]);
    await chat.say(place, "what did I say?");
    await bench.settle(10_000);
    expect(telnyx.added.map(({ content }) => content).join()).toContain("late one");
  });

  it("is offered before what is answered is answered", async () => {
    const { chat, clock } = bench;
    const place = await known();
    await whileAway(MINUTE, async () => {
      await chat.say(place, "late");
      await clock.advance(late);
      await chat.say(place, "fresh");
    });
    await bench.settle(20_000);
    const pages = chat.pages(place);
    expect(pages).toHaveLength(3);
    expect(pages[2]).toBe("Answered.");
    expect(pages[1]).not.toBe("Answered.");
  });

  it("makes the bot take part in a thread for what follows in it", async () => {
    const { chat, clock } = bench;
    await known();
    const thread = chat.openPlace();
    await whileAway(MINUTE, async () => {
      await chat.say(thread, "late mention", { call: { inThread: true } });
      await clock.advance(late);
      await chat.say(thread, "fresh, without one", { call: { inThread: true, mentionsBot: false } });
    });
    await bench.settle(20_000);
    expect(asked().filter((input) => input.includes("fresh, without one"))).toHaveLength(1);
  });

  it("is offered also when it is delivered late", async () => {
    const { chat, clock } = bench;
    const place = await known();
    const message =
      chat.openPlace() &&
      (await (async () => {
        bench.now().process.cut();
        return chat.say(place, "from long ago");
      })());
    await clock.advance(late);
    await bench.now().process.restore({ resumed: false });
    await chat.deliver(message);
    await bench.settle(20_000);
    expect([postponed(), chat.pages(place).length]).toEqual([1, 2]);
  });

  it("is not even offered after a week", async () => {
    const { chat } = bench;
    const place = await known();
    await chat.say(place, "keeps it known");
    await bench.clock.advance(10_000);
    bench.now().process.kill();
    await chat.say(place, "last week");
    await bench
      .now()
      .bridge.stop(0)
      .catch(() => undefined);
    await bench.clock.advance(8 * 24 * 60 * MINUTE);
    await bench.crash();
    await bench.settle(20_000);
    expect([postponed(), chat.pages(place).length]).toEqual([0, 2]);
  });
});
