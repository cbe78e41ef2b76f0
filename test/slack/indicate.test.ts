import { expect, test } from "vitest";
import { PlatformRefusal } from "../../src/errors.ts";
import { createIndicator } from "../../src/slack/indicate.ts";
import { encodePlace } from "../../src/slack/place.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeWeb, keptLog } from "./kit.ts";

const thread = encodePlace({ team: "T1", channel: "C1", threadTs: "1700000000.000100" });
const METHOD = "assistant.threads.setStatus";

function open(answer: Parameters<typeof fakeWeb>[0][string] = () => ({})) {
  const clock = fakeClock();
  const web = fakeWeb({ [METHOD]: answer });
  const { log, lines } = keptLog();
  const indicator = createIndicator({ web, clock, log });
  const statuses = () => web.calls.map(({ args }) => args["status"]);
  return { clock, web, lines, indicator, statuses };
}

test("a status shows that the bot is at work, is renewed before it goes, and ends with the work", async () => {
  const { clock, web, indicator, statuses } = open();
  const work = new AbortController();
  indicator.indicate(thread, work.signal);
  await clock.advance(125_000);
  expect(web.calls[0]?.args).toMatchObject({
    loading_messages: [expect.any(String), expect.any(String), expect.any(String)],
    channel_id: "C1",
    thread_ts: "1700000000.000100",
    status: "is thinking…",
  });
  expect(statuses()).toHaveLength(3);
  work.abort();
  await clock.advance(300_000);
  expect(statuses().slice(3)).toEqual([""]);
  expect(clock.sleeping()).toBe(0);
});

test("a post ends it without a call, as Slack takes it away by itself", async () => {
  const { clock, indicator, statuses } = open();
  const work = new AbortController();
  indicator.indicate(thread, work.signal);
  await clock.advance(1_000);
  indicator.posted(thread);
  await clock.advance(300_000);
  work.abort();
  await clock.advance(1_000);
  expect(statuses()).toEqual(["is thinking…"]);
});

test("a status that was on its way when the post was made is taken back", async () => {
  const slow = Promise.withResolvers<object>();
  const { clock, indicator, statuses } = open(
    async (_, count) => (count === 1 ? await slow.promise : {}) as never,
  );
  indicator.indicate(thread, new AbortController().signal);
  await clock.advance(100);
  indicator.posted(thread);
  await clock.advance(100);
  expect(statuses()).toHaveLength(1);
  slow.resolve({});
  await clock.advance(100);
  expect(statuses()).toEqual(["is thinking…", ""]);
});

test("an app without statuses does without, and says so once, at debug", async () => {
  const refusal = new PlatformRefusal("unreachable", "slack_missing_scope", "missing_scope");
  const { clock, indicator, statuses, lines } = open(() => Promise.reject(refusal));
  const work = new AbortController();
  indicator.indicate(thread, work.signal);
  await clock.advance(200_000);
  work.abort();
  await clock.advance(1);
  indicator.indicate(thread, new AbortController().signal);
  await clock.advance(1);
  expect(statuses()).toHaveLength(1);
  expect(lines.map((line) => line["level"])).toEqual([20]);
});

test("a passing failure is tried again with the next renewal", async () => {
  const refusal = new PlatformRefusal("unavailable", "slack_http_503", "503");
  const { clock, indicator, statuses } = open((_, count) => (count === 1 ? Promise.reject(refusal) : {}));
  indicator.indicate(thread, new AbortController().signal);
  await clock.advance(60_000);
  expect(statuses()).toHaveLength(2);
});

test("nothing is shown outside of threads, nor for work that is over", async () => {
  const { clock, indicator, statuses } = open();
  indicator.indicate(encodePlace({ team: "T1", channel: "D1" }), new AbortController().signal);
  indicator.indicate(thread, AbortSignal.abort());
  await clock.advance(1_000);
  expect(statuses()).toEqual([]);
});
