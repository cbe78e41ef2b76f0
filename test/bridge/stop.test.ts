import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { say } from "../fakes/telnyx.ts";
import { type Bench, openBench } from "./harness.ts";

let folder: string;
let bench: Bench;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "patchcord-"));
  bench = await openBench({ path: join(folder, "test.db") });
});
afterEach(async () => {
  expect(bench.chat.violations).toEqual([]);
  await bench.close();
  expect(bench.clock.sleeping()).toBe(0);
  rmSync(folder, { recursive: true });
});

const GRACE_MS = 25_000;
/** Supervisors kill after 30 s: by then everything must have been handed over. */
const LIMIT_MS = 28_000;

/** Stops the workers, lets `ms` pass and tells whether they have stopped. */
async function stopWithin(ms: number): Promise<boolean> {
  let stopped = false;
  void bench
    .now()
    .workers.stop(GRACE_MS)
    .then(() => (stopped = true));
  await bench.clock.advance(ms);
  return stopped;
}

describe("a stop", () => {
  it("lets the reply that is being written finish, and answers what waits behind it after the next start", async () => {
    const { chat, telnyx, clock, settle } = bench;
    telnyx.model(async function* () {
      for (const word of ["one ", "two ", "three"]) {
        yield { kind: "text", delta: word };
        await clock.sleep(3_000);
      }
      yield { kind: "done" };
    });
    const place = chat.openPlace();
    await chat.say(place, "count");
    await clock.advance(1_000);
    await chat.say(place, "again");
    expect(await stopWithin(10_000)).toBe(true);
    expect(chat.pages(place)).toEqual(["one two three"]);
    expect(chat.stored(place).at(-1)?.final).toBe(true);
    telnyx.model(() => say("Again."));
    await bench.crash();
    await settle(5_000);
    expect(chat.pages(place)).toEqual(["one two three", "Again."]);
  });

  it.each(["post", "edit", "history"] as const)(
    "does not wait for ever for a platform that does not answer a call (%s)",
    async (call) => {
      const { chat, telnyx, clock, settle } = bench;
      telnyx.model(async function* () {
        yield { kind: "text", delta: "Half" };
        await clock.sleep(1_000);
        yield { kind: "text", delta: " and half." };
        yield { kind: "done" };
      });
      const held = chat.hold(call);
      const place = chat.openPlace();
      await chat.say(place, "hello");
      await clock.advance(5_000);
      expect(held.held).toBe(1);
      expect(await stopWithin(LIMIT_MS)).toBe(true);
      await bench.crash();
      held.open();
      await settle(30_000);
      expect(chat.pages(place)).toEqual(["Half and half."]);
    },
  );

  it("breaks off a model that does not end, and the next start ends its turn in the same message", async () => {
    const { chat, telnyx, clock, settle } = bench;
    telnyx.model(async function* () {
      for (;;) {
        yield { kind: "thinking" };
        yield { kind: "text", delta: "and " };
        await clock.sleep(500);
      }
    });
    const place = chat.openPlace();
    await chat.say(place, "for ever");
    await clock.advance(5_000);
    const [begun] = chat.stored(place).filter(({ key }) => key !== undefined);
    expect(await stopWithin(LIMIT_MS)).toBe(true);
    telnyx.model(() => say("The end."));
    await bench.crash();
    await settle(30_000);
    expect(chat.pages(place)).toEqual(["The end."]);
    expect(chat.stored(place).at(-1)?.message.id).toBe(begun?.message.id);
  });

  it("in the middle of a paint makes no other one", async () => {
    const { chat, telnyx, clock } = bench;
    telnyx.model(async function* () {
      for (let word = 0; ; word += 1) {
        yield { kind: "text", delta: `word ${word} ` };
        await clock.sleep(300);
      }
    });
    const place = chat.openPlace();
    await chat.say(place, "for ever");
    await clock.advance(2_000);
    const held = chat.hold("edit");
    await clock.advance(2_000);
    expect(held.held).toBe(1);
    expect(await stopWithin(LIMIT_MS)).toBe(true);
    const calls = chat.calls.length;
    held.open();
    await clock.advance(60_000);
    expect(chat.calls).toHaveLength(calls);
  });
});
