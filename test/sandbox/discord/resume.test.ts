import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { fakeClock, type FakeClock } from "../../fakes/clock.ts";
import { connect, identified, type Link } from "./bot.ts";
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

/** A second client has to wait for Discord's five seconds. */
async function another(intents?: number): Promise<Link> {
  await clock.advance(5000);
  return identified(twin, intents);
}

describe("resuming", () => {
  const resume = (link: Link, session: Link, data: object = {}) => {
    const ready = session.packets.find(({ t }) => t === "READY");
    const seq = session.packets.findLast(({ s }) => s !== null)?.s;
    link.send({ op: 6, d: { token: twin.token, session_id: ready?.d.session_id, seq, ...data } });
  };

  it.each(["cut", 4000] as const)(
    "replays what was missed after the connection was lost (%s)",
    async (how) => {
      const first = await identified(twin);
      say("one");
      await first.event("MESSAGE_CREATE");
      twin.gateway.drop(how);
      expect(await first.closed).toBe(how === "cut" ? 1006 : how);
      say("two");
      say("three");
      const second = await connect(twin);
      resume(second, first);
      await second.event("RESUMED");
      say("four");
      await second.event("MESSAGE_CREATE", 3);
      expect(heard(second)).toEqual(["two", "three", "four"]);
      expect(second.names()).toEqual(["MESSAGE_CREATE", "MESSAGE_CREATE", "RESUMED", "MESSAGE_CREATE"]);
      const numbers = second.packets.flatMap(({ s }) => s ?? []);
      expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
      expect(twin.gateway.counts).toEqual({ identified: 1, resumed: 1 });
    },
  );

  it("replays what was true then", async () => {
    const first = await identified(twin);
    first.terminate();
    await first.closed;
    twin.edit(channel, say("one"), "two");
    const second = await connect(twin);
    resume(second, first);
    await second.event("RESUMED");
    expect(heard(second)).toEqual(["one"]);
    expect((await second.event("MESSAGE_UPDATE")).d.content).toBe("two");
  });

  it.each([1000, 1001])("is not possible after the client closed with %d", async (code) => {
    const first = await identified(twin);
    first.close(code);
    await eventually("the session to end", () => twin.gateway.sessions().length === 0);
    const second = await connect(twin);
    resume(second, first);
    expect((await second.packet(({ op }) => op === 9)).d).toBe(false);
  });

  it("is possible for some minutes", async () => {
    const first = await identified(twin);
    first.terminate();
    await eventually("the session to be left", () => twin.gateway.sessions()[0]?.connected === false);
    await clock.advance(179_999);
    expect(twin.gateway.sessions()).toHaveLength(1);
    await clock.advance(1);
    expect(twin.gateway.sessions()).toEqual([]);
  });

  it("refuses numbers that were never sent, wrong tokens, and a second session", async () => {
    const first = await identified(twin);
    const wrong = await connect(twin);
    resume(wrong, first, { token: "wrong" });
    expect(await wrong.closed).toBe(4004);
    resume(first, first);
    expect(await first.closed).toBe(4005);
    const ahead = await connect(twin);
    resume(ahead, first, { seq: 99 });
    expect(await ahead.closed).toBe(4007);
    expect(twin.gateway.sessions()).toEqual([]);
  });

  it("closes the connection that had the session until now", async () => {
    const first = await identified(twin);
    const second = await connect(twin);
    resume(second, first);
    await second.event("RESUMED");
    expect(await first.closed).toBe(4000);
    say("one");
    await second.event("MESSAGE_CREATE");
    expect(twin.gateway.sessions()).toMatchObject([{ connected: true }]);
  });
});

describe("what an operator can do", () => {
  it("invalidates sessions, for good or to be resumed", async () => {
    const first = await identified(twin);
    twin.gateway.invalidate(true);
    expect((await first.packet(({ op }) => op === 9)).d).toBe(true);
    expect(twin.gateway.sessions()).toMatchObject([{ connected: false }]);
    const second = await another();
    twin.gateway.invalidate(false);
    expect((await second.packet(({ op }) => op === 9)).d).toBe(false);
    expect(twin.gateway.sessions()).toHaveLength(1);
    second.send({ op: 3, d: {} });
    expect(await second.closed).toBe(4003);
  });

  it("asks to reconnect, repeats events, sends anything", async () => {
    const link = await identified(twin);
    twin.gateway.requestReconnect();
    await link.packet(({ op }) => op === 7);
    say("one");
    twin.gateway.duplicate("MESSAGE_CREATE");
    const [first, second] = [await link.event("MESSAGE_CREATE"), await link.event("MESSAGE_CREATE", 2)];
    expect(second.d).toEqual(first.d);
    expect(second.s).toBe(first.s! + 1);
    twin.gateway.dispatch("SOMETHING_NEW", { x: 1 });
    expect((await link.event("SOMETHING_NEW")).d).toEqual({ x: 1 });
  });

  it("refuses connections for a while", async () => {
    twin.gateway.refuse(true);
    await expect(connect(twin)).rejects.toThrow("503");
    twin.gateway.refuse(false);
    await identified(twin);
  });

  it("sends every session every event", async () => {
    const [first, second] = [await identified(twin), await another()];
    say("one");
    await first.event("MESSAGE_CREATE");
    await second.event("MESSAGE_CREATE");
    expect(twin.gateway.sessions()).toHaveLength(2);
  });
});
