import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import { say } from "../fakes/telnyx.ts";
import { type Bench, useBenches } from "./harness.ts";

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
});
