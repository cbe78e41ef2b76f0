import { describe, expect, test } from "vitest";
import type { Message } from "../../src/chat/message.ts";
import { onMethod, tooManyRequests } from "../../src/sandbox/slack/faults.ts";
import { until } from "../contracts/platform-bench.ts";
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
  test("stay within Slack's limits, and what matters most is read of too much", async () => {
    await bench.again({ limits: "documented" });
    const channel = bench.twin.addChannel({ name: "general" });
    const roots = Array.from({ length: 60 }, (_, index) => say(channel, `root ${index}`));
    const people = Array.from({ length: 60 }, (_, index) => bench.twin.addUser({ name: `p${index}` }));
    const dms = people.map((user) => bench.twin.openDm(user));
    const since = await moment();
    for (const root of roots) say(channel, `new ${roots.indexOf(root)}`, root);
    for (const [index, user] of people.entries())
      bench.twin.say({ channel: dms[index]!, user, text: `dm ${index}` });
    say(channel, "at the top");
    const clock = hurried();
    const { read, warnings } = reader({ clock });
    const missed = await read({ since, places: roots.map((root) => place(channel, root)) });
    expect(READINGS.map(calls)).toEqual([45, 45, 4]);
    expect(clock.waits).toEqual([]);
    expect(texts(missed).slice(0, 45)).toEqual(roots.slice(0, 45).map((_, index) => `new ${index}`));
    expect(texts(missed).filter((text) => text.startsWith("dm"))).toHaveLength(44);
    expect(texts(missed)).toContain("at the top");
    expect(warnings()).toEqual(Array(2).fill("not all that was missed could be read"));
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

test("an app that may read once a minute reads what matters most, says why no more, and does not wait", async () => {
  await bench.again({ limits: "documented", distribution: "commercial" });
  const channel = bench.twin.addChannel({ name: "general" });
  const roots = ["a", "b"].map((text) => say(channel, text));
  const since = await moment();
  for (const root of roots) for (let i = 0; i < 20; i += 1) say(channel, `${i}`, root);
  say(channel, "at the top");
  const clock = hurried();
  const { read, lines } = reader({ clock });
  const missed = await read({ since, places: roots.map((root) => place(channel, root)) });
  // Of its first thread as much as one call gives; of the channel all.
  expect(new Set(missed.map(({ place: where }) => where)).size).toBe(2);
  expect(missed.filter(({ place: where }) => where === place(channel, roots[0]))).toHaveLength(14);
  expect(clock.waits).toEqual([]);
  const told = lines.filter(({ msg }) => msg === "not all that was missed could be read");
  expect(told).toHaveLength(1);
  expect(told[0]!["why"]).toMatch(/conversations\.replies: no more is read now: .*once a minute/);
});

describe("the end that is asked for", () => {
  test("comes at once, also while Slack is silent or has asked to wait", async () => {
    const channel = bench.twin.addChannel({ name: "general" });
    const since = await moment();
    say(channel, "hello");
    for (const effect of [{ kind: "stall" } as const, tooManyRequests(15)]) {
      bench.twin.inject({ matches: onMethod("conversations.history"), times: 1, effect });
      const over = new AbortController();
      const { read, warnings } = reader();
      const before = bench.twin.requests.length;
      const reading = read({ since, signal: over.signal });
      await until("it reads", () => bench.twin.requests.length > before + 4);
      const start = performance.now();
      over.abort(new Error("enough"));
      expect(await reading).toEqual([]);
      expect(performance.now() - start).toBeLessThan(1_000);
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
