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

/** Another process takes over whatever this one runs, as after a lease that ran out unnoticed. */
async function takeOver(): Promise<void> {
  const { mailbox } = bench.now().database;
  await mailbox.handOver();
  expect(await mailbox.sweep(9)).toHaveLength(1);
}

describe("a process that no longer has the claim", () => {
  it("makes no final edit", async () => {
    const { chat, telnyx, clock } = bench;
    telnyx.model(async function* () {
      yield { kind: "text", delta: "Half" };
      await clock.sleep(1_000);
      yield { kind: "text", delta: " and half." };
      yield { kind: "done" };
    });
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await clock.advance(500);
    chat.fail("edit", "unavailable");
    await clock.advance(600);
    expect(chat.calls.filter(({ kind }) => kind === "edit")).toHaveLength(1);
    await takeOver();
    await clock.advance(30_000);
    expect(chat.calls.filter(({ kind }) => kind === "edit")).toHaveLength(1);
    expect(chat.pages(place)).toEqual([expect.not.stringContaining("and half")]);
  });

  it("repeats no post that an earlier process may have made", async () => {
    const { chat, telnyx, clock, crash } = bench;
    telnyx.model(() => say("Hello."));
    const place = chat.openPlace();
    const held = chat.hold("post");
    await chat.say(place, "hello");
    await clock.advance(500);
    await crash();
    held.open();
    chat.fail("post", "unavailable");
    await clock.advance(100);
    const posts = () => chat.calls.filter(({ key }) => key?.repeated);
    expect(posts()).toHaveLength(1);
    await takeOver();
    await clock.advance(30_000);
    expect(posts()).toHaveLength(1);
    expect(chat.pages(place)).toEqual([]);
  });
});
