import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { fakeClock, type FakeClock } from "../../fakes/clock.ts";
import { connect, identified, identify, settled, type Link } from "./bot.ts";
import { eventually } from "../../eventually.ts";

let clock: FakeClock;
let twin: DiscordTwin;
let channel: string;
let ann: string;

beforeEach(async () => {
  clock = fakeClock();
  twin = await startDiscordTwin({ clock });
  channel = twin.addChannel({ name: "general" });
  ann = twin.addUser({ name: "ann" }).id;
});
afterEach(async () => {
  await twin.close();
  expect(clock.sleeping()).toBe(0);
});

const say = (content: string) => twin.say({ channel, user: ann, content });
const heard = (link: Link) =>
  link.packets.filter(({ t }) => t === "MESSAGE_CREATE").map(({ d }) => String(d.content));

describe("identifying", () => {
  it("greets with Hello, READY and the guilds as they become available", async () => {
    const link = await connect(twin);
    expect((await link.packet(({ op }) => op === 10)).d.heartbeat_interval).toBe(41_250);
    link.send(identify(twin));
    const ready = await link.event("READY");
    expect(ready).toMatchObject({ op: 0, s: 1 });
    expect(ready.d).toMatchObject({
      v: 10,
      user: { id: twin.bot.id },
      guilds: [{ id: twin.guild.id, unavailable: true }],
      application: { id: twin.applicationId, flags: (1 << 13) | (1 << 15) | (1 << 19) },
    });
    expect(await link.event("GUILD_CREATE")).toMatchObject({
      s: 2,
      d: { id: twin.guild.id, channels: [{ id: channel }] },
    });
  });

  it.each([
    ["a wrong token", { token: "wrong" }, 4004],
    ["intents that there are not", { intents: 1 << 19 }, 4013],
    ["intents beyond them", { intents: 2 ** 33 }, 4013],
    ["intents that are no number", { intents: "all" }, 4013],
    ["a shard that cannot be", { shard: [1, 1] }, 4010],
    ["no properties", { properties: undefined }, 4002],
  ])("closes on %s", async (_, data, code) => {
    const link = await connect(twin);
    link.send(identify(twin, data));
    expect(await link.closed).toBe(code);
    expect(twin.gateway.counts.identified).toBe(0);
  });

  it.each(["GUILD_MEMBERS", "GUILD_PRESENCES", "MESSAGE_CONTENT"] as const)(
    "closes with 4014 when %s is not switched on, and takes it when it is",
    async (intent) => {
      await twin.close();
      const bits = { GUILD_MEMBERS: 1 << 1, GUILD_PRESENCES: 1 << 8, MESSAGE_CONTENT: 1 << 15 };
      twin = await startDiscordTwin({ clock, privilegedIntents: [intent] });
      const all = Object.values(bits).reduce((sum, bit) => sum + bit, 0);
      const refused = await connect(twin);
      refused.send(identify(twin, { intents: all & ~bits[intent] }));
      expect(await refused.closed).toBe(4014);
      await identified(twin, bits[intent]);
    },
  );

  it.each([
    ["?v=9&encoding=json", 4012],
    ["?v=10&encoding=etf", 4002],
    ["?v=10&encoding=json&compress=zlib-stream", 4002],
  ])("closes a connection to %s", async (search, code) => {
    expect(await (await connect(twin, search)).closed).toBe(code);
  });

  it("closes on what is sent too early, twice, or not understood", async () => {
    const early = await connect(twin);
    early.send({ op: 3, d: {} });
    expect(await early.closed).toBe(4003);
    const twice = await identified(twin);
    twice.send(identify(twin));
    expect(await twice.closed).toBe(4005);
    for (const [payload, code] of [
      ["{", 4002],
      ["null", 4002],
      ['{"d":1}', 4002],
      [{ op: 99, d: null }, 4001],
      [{ op: 1, d: null, filler: "x".repeat(4096) }, 4002],
    ] as const) {
      const link = await connect(twin);
      link.send(payload);
      expect(await link.closed).toBe(code);
    }
  });

  it("answers op 9 to a second identify within five seconds", async () => {
    await identified(twin);
    const hasty = await connect(twin);
    hasty.send(identify(twin));
    expect((await hasty.packet(({ op }) => op === 9)).d).toBe(false);
    await clock.advance(5000);
    hasty.send(identify(twin));
    await hasty.event("READY");
    expect(twin.gateway.counts.identified).toBe(2);
  });

  it("gives a shard its own guilds, and DMs to the first", async () => {
    const shards = [0, 1].map(async (id) => {
      if (id === 1) await clock.advance(5000);
      const link = await connect(twin);
      link.send(identify(twin, { shard: [id, 2] }));
      await link.event("READY");
      return link;
    });
    const [first, second] = [await shards[0]!, await shards[1]!];
    twin.say({ channel: twin.openDm(ann), user: ann, content: "psst" });
    say("hello");
    const own = Number((BigInt(twin.guild.id) >> 22n) % 2n);
    await eventually("both messages", () => heard(first).length + heard(second).length === 2);
    expect(heard(first)).toEqual(own === 0 ? ["psst", "hello"] : ["psst"]);
    expect((await second.event("READY")).d.shard).toEqual([1, 2]);
  });
});

describe("the heartbeat", () => {
  it("is acknowledged, and keeps the connection", async () => {
    const link = await identified(twin);
    for (let beat = 0; beat < 3; beat += 1) {
      await clock.advance(41_250);
      await settled(link);
    }
    expect(twin.gateway.sessions()).toMatchObject([{ connected: true }]);
  });

  it("is missed: the connection closes, and the session can be resumed", async () => {
    const link = await identified(twin);
    await clock.advance(41_250 * 1.5 - 1);
    expect(twin.gateway.sessions()).toMatchObject([{ connected: true }]);
    await clock.advance(1);
    expect(await link.closed).toBe(4000);
    await eventually("the session to be left", () => twin.gateway.sessions()[0]?.connected === false);
  });

  it("is not acknowledged when the twin is told to be silent", async () => {
    const link = await identified(twin);
    await settled(link);
    twin.gateway.acknowledge(false);
    const acks = () => link.packets.filter(({ op }) => op === 11).length;
    link.send({ op: 1, d: null });
    say("after");
    await link.event("MESSAGE_CREATE");
    expect(acks()).toBe(1);
  });
});

describe("sending", () => {
  it("is limited to 120 in 60 seconds", async () => {
    const link = await connect(twin);
    for (let count = 0; count < 120; count += 1) link.send({ op: 1, d: null });
    await eventually("120 answers", () => link.packets.filter(({ op }) => op === 11).length === 120);
    await clock.advance(59_999);
    link.send({ op: 1, d: null });
    expect(await link.closed).toBe(4008);
  });

  it("is free again after 60 seconds", async () => {
    const link = await connect(twin);
    for (let count = 0; count < 120; count += 1) link.send({ op: 1, d: null });
    await eventually("120 answers", () => link.packets.filter(({ op }) => op === 11).length === 120);
    await clock.advance(60_000);
    await settled(link);
  });
});
