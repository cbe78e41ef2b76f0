import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import { say } from "../fakes/telnyx.ts";
import { type Bench, useBenches } from "./harness.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const open = useBenches();
let folder: string;
let bench: Bench;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "patchcord-clock-"));
  bench = await open({ path: join(folder, "bot.db") });
  bench.telnyx.model(() => say("Answered."));
  await bench.clock.advance(6_000);
});
afterEach(() => rmSync(folder, { recursive: true }));

const problems = () => bench.now().health.problems().join();
const texts = (place: Place) => bench.chat.pages(place);

describe("a clock that jumps", () => {
  it.each([
    ["forward", HOUR],
    ["back", -HOUR],
  ])("%s by an hour is told of, with what to do, until it has been steady for a while", async (way, jump) => {
    bench.setClock(jump);
    await bench.clock.advance(5_000);
    expect(problems()).toMatch(
      new RegExp(`clock went ${way} by 60 min.*Check that its time is right.*Nothing is lost`),
    );
    await bench.clock.advance(30_000);
    expect(problems()).not.toBe("");
    await bench.clock.advance(31_000);
    expect(problems()).toBe("");
  });

  it("by less than a minute, or little by little, is nobody's business", async () => {
    for (let step = 0; step < 10; step += 1) {
      bench.setClock(30_000);
      await bench.clock.advance(5_000);
      expect(problems()).toBe("");
    }
  });

  it.each([
    ["forward", HOUR],
    ["back", -HOUR],
  ])("%s in the middle of a reply changes nothing of it", async (_, jump) => {
    const place = bench.chat.openPlace();
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    bench.telnyx.model(async function* () {
      yield { kind: "text", delta: "Half of it" };
      await finished;
      yield* say(", and the rest.");
    });
    await bench.chat.say(place, "hello");
    await bench.clock.advance(10_000);
    bench.setClock(jump);
    await bench.clock.advance(45_000);
    finish();
    await bench.clock.advance(10_000);
    expect(texts(place)).toEqual(["Half of it, and the rest."]);
    expect(bench.telnyx.asked).toHaveLength(1);
  });

  it("back by an hour has fresh questions answered", async () => {
    const place = bench.chat.openPlace();
    bench.setClock(-HOUR);
    await bench.chat.say(place, "hello");
    await bench.clock.advance(10_000);
    expect(texts(place)).toEqual(["Answered."]);
  });

  it("forward by an hour has fresh questions offered to be answered; none is lost", async () => {
    const place = bench.chat.openPlace();
    bench.setClock(HOUR);
    await bench.chat.say(place, "hello");
    await bench.clock.advance(10_000);
    expect(bench.chat.stored(place).flatMap(({ buttons }) => buttons)).toHaveLength(1);
    expect(bench.telnyx.asked).toEqual([]);
  });

  it.each([
    ["forward", HOUR],
    ["back", -HOUR],
  ])("%s, and is right again after a kill, has what was missed answered once", async (_, jump) => {
    const { chat, clock } = bench;
    const place = chat.openPlace();
    bench.setClock(jump);
    await clock.advance(6_000);
    await bench.kill();
    await chat.say(place, "missed");
    await clock.advance(MINUTE);
    bench.setClock(-jump);
    await bench.crash();
    await bench.settle(20_000);
    expect(texts(place)).toEqual(["Answered."]);
    expect(bench.telnyx.asked).toHaveLength(1);
  });
});
