import type { Client } from "discord.js";
import { describe, expect, test } from "vitest";
import type { Condition } from "../../src/chat/platform.ts";
import { PatchcordError, PlatformRefusal } from "../../src/errors.ts";
import type { Turn } from "../../src/discord/gateway.ts";
import { runShard } from "../../src/discord/shard.ts";
import type { Token } from "../../src/discord/token.ts";
import { createVoice } from "../../src/discord/voice.ts";
import { createLog } from "../../src/log.ts";
import { fakeClock } from "../fakes/clock.ts";
import { alwaysMine } from "../fakes/exclusive.ts";

const DAY_MS = 86_400_000;
const token: Token = { isRefused: false, check: () => {}, refuse: () => {}, onChange: () => {} };
const turn: Turn = {
  info: {
    url: "ws://x",
    shards: 1,
    session_start_limit: { total: 1_000, remaining: 1_000, reset_after: 0, max_concurrency: 1 },
  },
  begin: () => {},
  end: () => {},
};

/** A shard whose connections each come to their end after `livesMs`, or fail at once. */
function shardOf({ livesMs, fails }: { livesMs?: number; fails?: Error }) {
  const clock = fakeClock();
  const stop = new AbortController();
  const conditions: Condition[] = [];
  const opened: number[] = [];
  const shared = { clock, token, log: createLog("silent", []), exclusive: alwaysMine };
  const voice = createVoice({
    ...shared,
    part: "p",
    tell: (condition) => void conditions.push(condition),
    signal: stop.signal,
  });
  const shard = runShard(
    {
      ...shared,
      index: 0,
      right: "r",
      voice,
      gateway: { countShards: async () => 1, admit: async () => turn },
      open: async () => {
        opened.push(clock.monotonic());
        if (fails) throw fails;
        const ended = clock
          .sleep(livesMs ?? 0, stop.signal)
          .then(() => new PatchcordError("discord_session_lost", "lost"));
        return { client: {} as Client<true>, ended, close: async () => {} };
      },
    },
    stop.signal,
  );
  return { clock, conditions, opened, shard, stop };
}

const advance = async (clock: ReturnType<typeof fakeClock>, ms: number) => {
  for (let passed = 0; passed < ms; passed += 600_000) await clock.advance(Math.min(600_000, ms - passed));
};

describe("sessions that are lost as soon as they stand", () => {
  test("are fewer in a day than Discord gives", async () => {
    const { clock, opened, stop, shard } = shardOf({ livesMs: 1_000 });
    await shard.settled;
    await advance(clock, DAY_MS);
    expect(opened.length).toBeGreaterThan(100);
    expect(opened.length).toBeLessThan(900);
    stop.abort(new Error("over"));
    await shard.done;
    expect(clock.sleeping()).toBe(0);
  });

  test("after they stood for a while are replaced at once", async () => {
    const { clock, opened, stop, shard } = shardOf({ livesMs: 60_000 });
    await shard.settled;
    await clock.advance(180_000);
    expect(opened).toEqual([0, 60_000, 120_000, 180_000]);
    stop.abort(new Error("over"));
    await shard.done;
  });
});

describe("a shard that cannot be connected", () => {
  test("rejects the start after three tries, and goes on trying", async () => {
    const { clock, opened, stop, shard, conditions } = shardOf({ fails: new Error("no network") });
    const settled = shard.settled.catch((error: unknown) => error);
    await clock.advance(6_000);
    expect(await settled).toMatchObject({ code: "discord_unreachable" });
    expect(opened).toEqual([0, 1_000, 6_000]);
    await clock.advance(300_000);
    expect(opened.slice(3)).toEqual([21_000, 81_000, 201_000]);
    expect(conditions.map(({ kind }) => kind).filter((kind) => kind === "dead")).toEqual(["dead"]);
    expect(conditions.at(-1)?.kind).toBe("dead");
    stop.abort(new Error("over"));
    await shard.done;
    expect(clock.sleeping()).toBe(0);
  });

  test("waits as long as Discord asks for", async () => {
    const fails = new PlatformRefusal("rate_limited", "x", "slow", { retryAfterMs: 30_000 });
    const { clock, opened, stop, shard } = shardOf({ fails });
    shard.settled.catch(() => undefined);
    await clock.advance(29_999);
    expect(opened).toEqual([0]);
    await clock.advance(1);
    expect(opened).toEqual([0, 30_000]);
    stop.abort(new Error("over"));
    await shard.done;
  });

  test("because the bot is refused rejects the start at once, and is tried rarely", async () => {
    const fails = new PatchcordError("discord_intent_refused", "no");
    const { clock, opened, stop, shard, conditions } = shardOf({ fails });
    await expect(shard.settled).rejects.toMatchObject({ code: "discord_intent_refused" });
    await clock.advance(3_600_000);
    expect(opened.length).toBeLessThan(16);
    expect(conditions.map(({ kind }) => kind)).toEqual(["connecting", "refused"]);
    stop.abort(new Error("over"));
    await shard.done;
  });
});
