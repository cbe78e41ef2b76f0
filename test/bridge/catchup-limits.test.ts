import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import { say } from "../fakes/telnyx.ts";
import { type Bench, LATE_AFTER_MS, useBenches } from "./harness.ts";

const openBench = useBenches();
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "patchcord-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const open = async () => {
  const bench = await openBench({ path: join(folder, "bench.db") });
  bench.telnyx.model(() => say("Answered."));
  return bench;
};
/** A place in which the bot has answered once. */
async function known({ chat, clock }: Bench): Promise<Place> {
  const place = chat.openPlace();
  await chat.say(place, "hello");
  await clock.advance(10_000);
  return place;
}

describe("what was missed", () => {
  it("is not asked for again and again where the platform will never tell it", async () => {
    const bench = await open();
    const { chat } = bench;
    await known(bench);
    chat.fail("missed", "unreachable", { times: 99 });
    await bench.crash();
    await bench.settle(600_000);
    expect(chat.calls.filter(({ kind }) => kind === "missed").length).toBe(1);
    expect(bench.now().health.problems()).toEqual([]);
    expect(bench.lines.filter((line) => line.includes("cannot be read"))).toHaveLength(1);
  });

  it("holds up no turn while the platform cannot tell it", async () => {
    const bench = await open();
    const { chat, clock } = bench;
    const place = await known(bench);
    chat.fail("missed", "unavailable", { times: 9 });
    await bench.crash();
    await chat.say(place, "live");
    await clock.advance(1_000);
    expect(chat.pages(place)).toHaveLength(2);
    await bench.settle(600_000);
    expect(bench.now().health.problems()).toEqual([]);
  });

  it("is offered before what was asked later is answered, also when the reading takes long", async () => {
    const bench = await open();
    const { chat, clock } = bench;
    const place = await known(bench);
    chat.openPlace();
    await bench.kill();
    await chat.say(place, "late");
    await clock.advance(LATE_AFTER_MS + 60_000);
    await chat.say(place, "fresh");
    const held = chat.hold("missed");
    await bench.crash();
    await clock.advance(100);
    held.release(1);
    await clock.advance(20_000);
    expect(held.held).toBe(1);
    const [, offer, answer] = chat.pages(place);
    expect([offer === "Answered.", answer]).toEqual([false, "Answered."]);
    held.open();
    await clock.advance(1_000);
  });
});
