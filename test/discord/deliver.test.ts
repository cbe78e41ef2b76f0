import { describe, expect, test } from "vitest";
import { until } from "../eventually.ts";
import { fakeClock } from "../fakes/clock.ts";
import { startBench } from "./kit.ts";

describe("what cannot be taken in at once", () => {
  test("is tried again, and what follows in its channel waits for it, but no other channel", async () => {
    const tries: string[] = [];
    const clock = fakeClock();
    await using bench = await startBench({
      clock,
      receive: async ({ text }) => {
        tries.push(text);
        if (text === "first" && tries.filter((tried) => tried === text).length < 3)
          throw new Error("disk full");
      },
    });
    const { twin, person, channel } = bench;
    const elsewhere = twin.addChannel({ name: "elsewhere" });
    for (const content of ["first", "second"]) twin.say({ channel, user: person, content });
    twin.say({ channel: elsewhere, user: person, content: "apart" });
    await until("the other channel's was taken in", () => tries.includes("apart"));
    expect(tries).toEqual(["first", "apart"]);
    await clock.advance(250);
    expect(tries).toEqual(["first", "apart", "first"]);
    await clock.advance(1_000);
    expect(tries).toEqual(["first", "apart", "first", "first", "second"]);
  });

  test("or is being taken in, is waited for by a stop, and nothing is taken in after it", async () => {
    const entered: string[] = [];
    const latch = Promise.withResolvers<void>();
    await using bench = await startBench({
      receive: async ({ text }) => {
        entered.push(text);
        await latch.promise;
      },
    });
    const { twin, person, channel } = bench;
    twin.say({ channel, user: person, content: "first" });
    await until("it is being taken in", () => entered.length === 1);
    let isStopped = false;
    const stopping = bench.platform.stop().then(() => (isStopped = true));
    // Another process that hears it shows that this one could have.
    await using other = await startBench({}, twin);
    await other.heard(
      twin.say({ channel: twin.addChannel({ name: "x" }), user: person, content: "too late" }),
    );
    expect([entered, isStopped]).toEqual([["first"], false]);
    latch.resolve();
    await stopping;
    expect(entered).toEqual(["first"]);
  });

  test("gets one try more when the adapter is stopped", async () => {
    let tries = 0;
    const clock = fakeClock();
    await using bench = await startBench({
      clock,
      receive: async () => {
        tries += 1;
        throw new Error("disk full");
      },
    });
    bench.twin.say({ channel: bench.channel, user: bench.person, content: "x" });
    await until("it was tried", () => tries === 1);
    await bench.platform.stop();
    expect(tries).toBe(2);
  });
});
