import { describe, expect, test } from "vitest";
import type { Calls } from "../../src/discord/calls.ts";
import { createGateway } from "../../src/discord/gateway.ts";
import { createLanes } from "../../src/discord/lanes.ts";
import { createLog } from "../../src/log.ts";
import { fakeClock } from "../fakes/clock.ts";

const never = new AbortController().signal;

describe("lanes", () => {
  test("let those of one key begin five seconds apart, and those of another at once", async () => {
    const clock = fakeClock();
    const lanes = createLanes({ clock, apartMs: 5_000 });
    const begun: [string, number][] = [];
    const enter = async (name: string, key: number) => {
      const slot = await lanes.enter(key, never);
      begun.push([name, clock.monotonic()]);
      slot.begin();
      slot.end();
    };
    void enter("a", 0);
    void enter("b", 0);
    void enter("c", 1);
    void enter("d", 0);
    await clock.advance(20_000);
    expect(begun).toEqual([
      ["a", 0],
      ["c", 0],
      ["b", 5_000],
      ["d", 10_000],
    ]);
    expect(clock.sleeping()).toBe(0);
  });

  test("count from when it began, and do not wait for who never will", async () => {
    const clock = fakeClock();
    const lanes = createLanes({ clock, apartMs: 5_000 });
    const first = await lanes.enter(0, never);
    const quitter = new AbortController();
    const second = lanes.enter(0, quitter.signal).catch(() => "left");
    let third = -1;
    void lanes.enter(0, never).then((slot) => {
      third = clock.monotonic();
      slot.end();
    });
    await clock.advance(7_000);
    quitter.abort(new Error("no longer"));
    expect(await second).toBe("left");
    first.begin();
    await clock.advance(4_999);
    expect(third).toBe(-1);
    await clock.advance(1);
    expect(third).toBe(12_000);
    const fourth = await lanes.enter(0, never);
    fourth.end();
    (await lanes.enter(0, never)).end();
    expect(clock.monotonic()).toBe(12_000);
  });
});

describe("Discord's answer on the gateway", () => {
  const gatewayWith = (answer: unknown) => {
    const asked: unknown[] = [];
    const calls = { request: async (request: unknown) => (asked.push(request), answer) } as unknown as Calls;
    const clock = fakeClock();
    return { gateway: createGateway({ calls, clock, log: createLog("silent", []) }), clock, asked };
  };
  const limit = { total: 1_000, remaining: 1_000, reset_after: 0, max_concurrency: 2 };

  test("is asked for once in a while, and splits shards by their key", async () => {
    const { gateway, clock, asked } = gatewayWith({ url: "ws://x", shards: 4, session_start_limit: limit });
    expect(await gateway.countShards(never)).toBe(4);
    const admitted: [number, number][] = [];
    for (const shard of [0, 1, 2, 3])
      void gateway
        .admit(shard, () => {}, never)
        .then((turn) => {
          admitted.push([shard, clock.monotonic()]);
          turn.begin();
        });
    await clock.advance(4_999);
    expect(admitted).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    expect(admitted.slice(2)).toEqual([
      [2, 5_000],
      [3, 5_000],
    ]);
    expect(asked.length).toBeGreaterThan(1);
  });

  test.each([
    null,
    "<html>",
    {},
    { url: "ws://x", shards: "1", session_start_limit: limit },
    { url: "ws://x", shards: 1 },
  ])("is refused where it is none: %j", async (answer) => {
    const { gateway } = gatewayWith(answer);
    await expect(gateway.countShards(never)).rejects.toMatchObject({ kind: "unavailable" });
  });
});
