import { afterEach, describe, expect, test } from "vitest";
import type { DiscordTwin } from "../../src/sandbox/discord/driver.ts";
import { refusal } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { type FakeClock, fakeClock } from "../fakes/clock.ts";
import { answer, READS, startBench, strike } from "./kit.ts";
import { closeWorlds, missed, moment, reads, texts, world } from "./missed-bench.ts";

afterEach(closeWorlds);

describe("reading what was missed", () => {
  const wait = async (clock: FakeClock, twin: DiscordTwin, calls: number) =>
    until("it waits", () => reads(twin).length === calls && clock.sleeping() > 1);

  test("waits for rate limits, and for Discord, and no longer than it is wanted", async () => {
    const { twin, add, say } = await world();
    const channel = add("general");
    const since = await moment();
    say(channel, "hello");
    const clock = fakeClock();
    await using bench = await startBench({ clock }, twin);
    const limited = answer(429, { message: "slow", retry_after: 7, global: false }, { "retry-after": "7" });
    strike(twin, READS, limited);
    strike(twin, READS, answer(502, { message: "502", code: 0 }));
    const found = missed(bench, { since });
    await wait(clock, twin, 1);
    await clock.advance(6_999);
    expect(reads(twin)).toHaveLength(1);
    await clock.advance(1);
    await wait(clock, twin, 2);
    await clock.advance(1_000);
    expect(texts(await found)).toEqual(["hello"]);

    twin.reset();
    strike(twin, READS, limited);
    const over = new AbortController();
    const query = { part: "shard 0 of 1", since, places: [], signal: over.signal };
    const next = bench.platform.missed!(query)[Symbol.asyncIterator]().next();
    await wait(clock, twin, 1);
    over.abort(new Error("enough"));
    await expect(next).rejects.toThrow("enough");
  });

  test("gives up where Discord stays away", async () => {
    const { twin, add, say } = await world();
    const since = await moment();
    say(add("general"), "hello");
    const clock = fakeClock();
    await using bench = await startBench({ clock }, twin);
    strike(twin, READS, answer(503, { message: "503", code: 0 }), 9);
    const told = refusal(missed(bench, { since }));
    for (const calls of [1, 2]) {
      await wait(clock, twin, calls);
      await clock.advance(4_000);
    }
    expect((await told).kind).toBe("unavailable");
    expect(reads(twin)).toHaveLength(3);
  });
});
