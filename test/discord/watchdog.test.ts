import { Collection, type Client, Status } from "discord.js";
import { describe, expect, test } from "vitest";
import { watch } from "../../src/discord/watchdog.ts";
import { until } from "../eventually.ts";
import { type FakeClock, fakeClock } from "../fakes/clock.ts";
import { type Bench, startBench, startTwin, adapterOn } from "./kit.ts";
import { listener } from "../fakes/listener.ts";

/** Looks of the watchdog, one after the other, with what happens between them. */
async function looks(clock: FakeClock, count: number, between: () => void = () => {}) {
  for (let look = 0; look < count; look += 1) {
    between();
    await clock.advance(5_000);
  }
}

describe("the watchdog", () => {
  /** As much of discord.js as it looks at. */
  function watched(clock = fakeClock()) {
    const stop = new AbortController();
    const shard = { status: Status.Ready, lastPingTimestamp: -1 };
    const gate = { events: 0 };
    const client = { ws: { shards: new Collection([[0, shard]]) } } as unknown as Client;
    const verdicts: string[] = [];
    void watch({ client, gate, clock }, stop.signal).then((why) => void verdicts.push(why));
    return { clock, stop, shard, gate, verdicts };
  }

  test("gives up a connection that is not resumed within a minute", async () => {
    const { clock, shard, verdicts } = watched();
    shard.status = Status.Connecting;
    await looks(clock, 11);
    shard.status = Status.Ready;
    await looks(clock, 1);
    shard.status = Status.Resuming;
    await looks(clock, 11);
    expect(verdicts).toEqual([]);
    await looks(clock, 1);
    expect(verdicts).toEqual([expect.stringMatching(/could not be resumed/)]);
  });

  test.each(["an event", "a heartbeat's answer"])("takes %s for life", async (sign) => {
    const { clock, shard, gate, verdicts, stop } = watched();
    for (let round = 0; round < 5; round += 1) {
      await looks(clock, 23);
      if (sign === "an event") gate.events += 1;
      else shard.lastPingTimestamp += 41_250;
    }
    expect(verdicts).toEqual([]);
    await looks(clock, 25);
    expect(verdicts).toEqual([expect.stringMatching(/silent/)]);
    stop.abort();
    expect(clock.sleeping()).toBe(0);
  });

  test("does not take it amiss that the process was halted", async () => {
    const inner = fakeClock();
    let isHalted = true;
    // Ten minutes pass within one look.
    const sleep = (ms: number, signal?: AbortSignal) => inner.sleep(isHalted ? 600_000 : ms, signal);
    const { verdicts, stop } = watched({ ...inner, sleep });
    await inner.advance(599_999);
    isHalted = false;
    await looks(inner, 23);
    expect(verdicts).toEqual([]);
    stop.abort();
  });
});

const last = ({ conditions }: Bench) => conditions.at(-1);

describe("a connection on which nothing comes any more", () => {
  test("is replaced, and what was missed is said to be", async () => {
    const clock = fakeClock();
    await using bench = await startBench({ clock });
    const { twin, channel, person } = bench;
    await bench.heard(twin.say({ channel, user: person, content: "before" }));
    twin.gateway.silence(true);
    twin.say({ channel, user: person, content: "into the void" });
    await clock.advance(110_000);
    expect(last(bench)).toMatchObject({ kind: "listening" });
    await clock.advance(30_000);
    await until("it is noticed", () => last(bench)?.kind === "connecting");
    twin.gateway.silence(false);
    await until("it listens again", () => {
      void clock.advance(5_000);
      return last(bench)?.kind === "listening";
    });
    expect(last(bench)).toMatchObject({ resumed: false });
    await bench.heard(twin.say({ channel, user: person, content: "after" }));
    expect(bench.received.map(({ text }) => text)).toEqual(["before", "after"]);
  });

  test("because heartbeats are not answered is resumed by discord.js", async () => {
    await using bench = await startBench({ twin: { heartbeatMs: 60 } });
    bench.twin.gateway.acknowledge(false);
    await until("it is noticed", () => last(bench)?.kind === "connecting");
    bench.twin.gateway.acknowledge(true);
    await until("it is resumed", () => last(bench)?.kind === "listening");
    expect(last(bench)).toMatchObject({ resumed: true });
  });

  test("because the address to resume at lets nobody in is made anew elsewhere", async () => {
    const clock = fakeClock();
    await using bench = await startBench({ clock });
    bench.twin.gateway.refuse(true);
    bench.twin.gateway.drop("cut");
    await until("it is noticed", () => last(bench)?.kind === "connecting");
    await clock.advance(70_000);
    bench.twin.gateway.refuse(false);
    await until("it listens again", () => {
      void clock.advance(5_000);
      return last(bench)?.kind === "listening";
    });
  });
});

test("a gateway that takes connections and says nothing fails the start, and leaves nothing behind", async () => {
  const clock = fakeClock();
  const twin = await startTwin();
  twin.gateway.silence(true);
  const { platform, logged } = adapterOn(twin, { clock });
  const starting = platform.start(listener()).catch((error: unknown) => error);
  for (let tries = 1; tries <= 3; tries += 1) {
    await until("it waits to be greeted", () => clock.sleeping() > 0);
    await until(`try ${tries} is over`, () => {
      void clock.advance(5_000);
      return logged.filter(({ msg }) => /not connected/.test(String(msg))).length >= tries;
    });
  }
  expect(await starting).toMatchObject({ code: "discord_unreachable" });
  expect(clock.sleeping()).toBe(0);
  expect(twin.gateway.counts.identified).toBe(0);
  await platform.stop();
  await twin.close();
});
