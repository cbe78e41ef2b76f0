import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import type { DiscordTwinOptions } from "../../../src/sandbox/discord/options.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { fakeClock, type FakeClock } from "../../fakes/clock.ts";
import { connect, identified, identify, outcome, request } from "./bot.ts";
import { eventually } from "../../eventually.ts";

let clock: FakeClock;
let twin: DiscordTwin;

const open = async (options: DiscordTwinOptions = {}) => {
  twin = await startDiscordTwin({ clock, ...options });
};
beforeEach(() => {
  clock = fakeClock();
});
afterEach(async () => {
  await twin.close();
  expect(clock.sleeping()).toBe(0);
});

const limit = async () => (await request(twin, "GET /gateway/bot")).body;

describe("session starts", () => {
  it("are counted, also those of others, and given back after a day", async () => {
    await open({ dailyStarts: 5, concurrency: 16, shards: 3 });
    await identified(twin);
    twin.gateway.spendStarts(3);
    await clock.advance(3_600_000);
    const { shards, session_start_limit } = await limit();
    expect(shards).toBe(3);
    expect(session_start_limit).toEqual({
      total: 5,
      remaining: 1,
      reset_after: 23 * 3_600_000,
      max_concurrency: 16,
    });
    await clock.advance(23 * 3_600_000);
    expect((await limit()).session_start_limit).toMatchObject({ remaining: 5, reset_after: 86_400_000 });
  });

  it("beyond the day's end every session and reset the token", async () => {
    await open({ dailyStarts: 1 });
    const first = await identified(twin);
    await clock.advance(5_000);
    const second = await connect(twin);
    second.send(identify(twin));
    expect(await second.closed).toBe(4004);
    expect(await first.closed).toBe(4004);
    expect(await outcome(twin, "GET /users/@me")).toBe("401 0");
  });

  it("of shards with different keys may come at once", async () => {
    await open({ concurrency: 2, shards: 3 });
    const [first, second, third] = await Promise.all([0, 1, 2].map(() => connect(twin)));
    first!.send(identify(twin, { shard: [0, 3] }));
    await first!.event("READY");
    second!.send(identify(twin, { shard: [1, 3] }));
    await second!.event("READY");
    third!.send(identify(twin, { shard: [2, 3] }));
    expect((await third!.packet(({ op }) => op === 9)).d).toBe(false);
  });

  it("with fewer shards than are needed are refused", async () => {
    await open();
    twin.gateway.reshard(2);
    expect((await limit()).shards).toBe(2);
    const few = await connect(twin);
    few.send(identify(twin, { shard: [0, 1] }));
    expect(await few.closed).toBe(4011);
    const enough = await connect(twin);
    enough.send(identify(twin, { shard: [0, 2] }));
    await enough.event("READY");
  });
});

describe("a token", () => {
  it("that is reset is refused by REST and the gateway, and ends what stands", async () => {
    await open();
    const link = await identified(twin);
    twin.gateway.acceptToken(false);
    expect(await link.closed).toBe(4004);
    await eventually("the session to end", () => twin.gateway.sessions().length === 0);
    expect(await outcome(twin, "GET /users/@me")).toBe("401 0");
    const late = await connect(twin);
    late.send(identify(twin));
    expect(await late.closed).toBe(4004);
    twin.gateway.acceptToken(true);
    expect(await outcome(twin, "GET /users/@me")).toBe("200");
  });
});

describe("a silent network", () => {
  it("greets nobody and swallows what is sent, and the session can be resumed after it", async () => {
    await open();
    const user = twin.addUser({ name: "ann" }).id;
    const channel = twin.addChannel({ name: "general" });
    const link = await identified(twin);
    const id = twin.gateway.sessions()[0]!.id;
    twin.gateway.silence(true);
    twin.say({ channel, user, content: "unheard" });
    const ungreeted = await connect(twin);
    twin.gateway.silence(false);
    const back = await connect(twin);
    back.send({ op: 6, d: { token: twin.token, session_id: id, seq: 2 } });
    await back.event("RESUMED");
    expect(back.packets.filter(({ t }) => t === "MESSAGE_CREATE")).toHaveLength(1);
    for (const silent of [link, ungreeted])
      expect(silent.packets.filter(({ t, op }) => op === 10 || t === "MESSAGE_CREATE")).toHaveLength(
        silent === link ? 1 : 0,
      );
  });
});

describe("shards", () => {
  it("have the guilds that are made for them, and are dropped one by one", async () => {
    await open({ concurrency: 2 });
    const guild = twin.addGuild({ name: "Second", shard: [1, 2] });
    expect(Number((BigInt(guild) >> 22n) % 2n)).toBe(1);
    const links = await Promise.all([0, 1].map(() => connect(twin)));
    for (const [index, link] of links.entries()) link.send(identify(twin, { shard: [index, 2] }));
    const [, second] = await Promise.all(links.map((link) => link.event("READY")));
    expect(second!.d.guilds.map((one: { id: string }) => one.id)).toContain(guild);
    twin.gateway.drop(4000, 1);
    expect(await links[1]!.closed).toBe(4000);
    await eventually("the session to be left", () =>
      twin.gateway.sessions().some(({ connected }) => !connected),
    );
    expect(twin.gateway.sessions().map(({ shard, connected }) => [shard[0], connected])).toEqual([
      [0, true],
      [1, false],
    ]);
  });
});
