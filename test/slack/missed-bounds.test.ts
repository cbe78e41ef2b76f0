import { describe, expect, test } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import { onMethod, tooManyRequests } from "../../src/sandbox/slack/faults.ts";
import { until } from "../eventually.ts";
import { fakeClock } from "../fakes/clock.ts";
import { jumping } from "./socket-bench.ts";
import { useMissed } from "./missed-bench.ts";

const bench = useMissed();
const { reader, place, moment, calls } = bench;
const texts = (messages: readonly Message[]) => messages.map(({ text }) => text);
const say = (channel: string, text: string, threadTs?: string) =>
  bench.twin.say({ channel, user: bench.ada, text, ...(threadTs === undefined ? {} : { threadTs }) });
const READINGS = ["conversations.replies", "conversations.history", "users.conversations"];
/** The real clock, on which long waits are short: each is noted. */
function hurried() {
  const clock = jumping();
  const waits: number[] = [];
  return {
    ...clock,
    waits,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      if (ms < 1_000 || ms === 3_000) return clock.sleep(ms, signal);
      waits.push(Math.round(ms / 100) / 10);
      clock.jump(ms);
    },
  };
}

describe("the calls", () => {
  test("stay within Slack's limits, and go on until all is read, what matters most first", async () => {
    const clock = hurried();
    await bench.again({ limits: "documented", clock });
    const channel = bench.twin.addChannel({ name: "general" });
    const roots = Array.from({ length: 60 }, (_, index) => say(channel, `root ${index}`));
    const people = Array.from({ length: 60 }, (_, index) => bench.twin.addUser({ name: `p${index}` }));
    const dms = people.map((user) => bench.twin.openDm(user));
    const since = await moment();
    for (const root of roots) say(channel, `new ${roots.indexOf(root)}`, root);
    for (const [index, user] of people.entries())
      bench.twin.say({ channel: dms[index]!, user, text: `dm ${index}` });
    say(channel, "at the top");
    const { read, warnings } = reader({ clock });
    const missed = await read({ since, places: roots.map((root) => place(channel, root)) });
    expect(texts(missed).slice(0, 60)).toEqual(roots.map((_, index) => `new ${index}`));
    expect(texts(missed).filter((text) => text.startsWith("dm"))).toHaveLength(60);
    expect(texts(missed)).toContain("at the top");
    expect(READINGS.map(calls)).toEqual([60, 61, 4]);
    // 45 of each method at once, and for the others a wait of nearly a minute: so Slack refused none.
    expect(clock.waits.every((seconds) => seconds > 50)).toBe(true);
    expect(clock.waits).not.toEqual([]);
    expect(bench.twin.calls.filter(({ answer }) => answer["error"] === "ratelimited")).toEqual([]);
    expect(warnings()).toEqual([]);
  });

  test("list every conversation that the bot is in", async () => {
    const people = Array.from({ length: 203 }, (_, index) => bench.twin.addUser({ name: `p${index}` }));
    const dms = people.map((user) => bench.twin.openDm(user));
    const since = await moment();
    for (const [index, user] of people.entries())
      bench.twin.say({ channel: dms[index]!, user, text: `dm ${index}` });
    const { read } = reader({ clock: hurried() });
    expect(new Set(texts(await read({ since }))).size).toBe(203);
    expect(calls(READINGS[2]!)).toBe(5);
  });

  test("ask for two hundred messages, and for four hundred of one place at the most: a channel's newest", async () => {
    const channel = bench.twin.addChannel({ name: "general" });
    const since = await moment();
    for (let i = 0; i < 450; i += 1) say(channel, `${i}`);
    const { read, warnings } = reader();
    const missed = await read({ since });
    expect(texts(missed)).toEqual(Array.from({ length: 400 }, (_, index) => `${index + 50}`));
    expect(calls("conversations.history")).toBe(2);
    expect(bench.twin.calls.find(({ method }) => method === READINGS[1])?.args["limit"]).toBe("200");
    expect(warnings()).toEqual(["more was missed in a place than is read of one"]);
  });

  test("are made again after Slack's wait, and once after no answer", async () => {
    const channel = bench.twin.addChannel({ name: "general" });
    const since = await moment();
    const root = say(channel, "root");
    say(channel, "reply", root);
    for (const method of READINGS)
      bench.twin.inject({ matches: onMethod(method), times: 1, effect: tooManyRequests(5) });
    bench.twin.inject({ matches: onMethod(READINGS[0]!), times: 1, effect: { kind: "cut" } });
    const clock = hurried();
    const { read, warnings } = reader({ clock });
    expect(texts(await read({ since }))).toEqual(["root", "reply"]);
    expect(clock.waits.filter((seconds) => seconds >= 4.9)).toHaveLength(clock.waits.length - 1);
    expect(clock.waits.filter((seconds) => seconds === 1)).toHaveLength(1);
    expect(warnings()).toEqual([]);
  });

  test("that must wait wait together, and not each for itself", async () => {
    const dms = Array.from({ length: 8 }, (_, index) =>
      bench.twin.openDm(bench.twin.addUser({ name: `p${index}` })),
    );
    const since = await moment();
    bench.twin.inject({ matches: onMethod(READINGS[1]!), times: 4, effect: tooManyRequests(10) });
    const clock = fakeClock(Date.now());
    const { read, warnings } = reader({ clock });
    const reading = read({ since });
    await until("they wait", () => clock.sleeping() === 4);
    await clock.advance(10_000);
    await reading;
    expect(calls("conversations.history")).toBe(dms.length);
    expect(warnings()).toEqual([]);
  });
});

test("an app that may read once a minute reads as slowly, and all of it", async () => {
  const clock = hurried();
  await bench.again({ limits: "documented", distribution: "commercial", clock });
  const channel = bench.twin.addChannel({ name: "general" });
  const roots = ["a", "b", "c"].map((text) => say(channel, text));
  const since = await moment();
  for (const root of roots) for (let i = 0; i < 20; i += 1) say(channel, `${i}`, root);
  say(channel, "at the top");
  const { read, lines, warnings } = reader({ clock });
  const missed = await read({ since, places: roots.map((root) => place(channel, root)) });
  for (const root of roots)
    expect(missed.filter(({ place: where }) => where === place(channel, root))).toHaveLength(20);
  expect(texts(missed)).toContain("at the top");
  expect(clock.waits.length).toBeGreaterThan(3);
  expect(lines.filter(({ msg }) => msg === "what was missed is read as slowly as Slack wants")).toHaveLength(
    1,
  );
  expect(warnings()).toEqual([]);
});

describe("the end that is asked for", () => {
  test("comes at once, also while Slack is silent or has asked to wait", async () => {
    const channel = bench.twin.addChannel({ name: "general" });
    const since = await moment();
    say(channel, "hello");
    for (const effect of [{ kind: "stall" } as const, tooManyRequests(15)]) {
      bench.twin.inject({ matches: onMethod("conversations.history"), times: 1, effect });
      const over = new AbortController();
      // No wait ends by itself on it.
      const { read, warnings } = reader({ clock: fakeClock(Date.now()) });
      const before = bench.twin.requests.length;
      const reading = read({ since, signal: over.signal });
      await until("it reads", () => bench.twin.requests.length > before + 4);
      over.abort(new Error("enough"));
      expect(await reading).toEqual([]);
      expect(warnings()).toEqual([]);
    }
  });

  test("leaves nothing unheard behind when the reader goes away in the middle", async () => {
    const channels = ["a", "b", "c", "d"].map((name) => bench.twin.addChannel({ name }));
    const roots = channels.map((channel) => say(channel, "root"));
    const since = await moment();
    channels.forEach((channel, index) => say(channel, "hello", roots[index]));
    bench.twin.inject({
      matches: ({ path, body }) => path.endsWith("replies") && !body.toString().includes(channels[0]!),
      times: 9,
      effect: { kind: "cut" },
    });
    const places = channels.map((channel, index) => place(channel, roots[index]));
    for await (const { text } of reader().missed({ since, places })) {
      expect(text).toBe("hello");
      break;
    }
    await until("the others failed", () => bench.twin.requests.length > 4);
  });
});
