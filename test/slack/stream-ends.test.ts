import { describe, expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import { PlatformRefusal } from "../../src/errors.ts";
import { createLog } from "../../src/log.ts";
import { createEndings } from "../../src/slack/stream-ends.ts";
import { encodePlace } from "../../src/slack/place.ts";
import { final, postKey } from "../contracts/platform-bench.ts";
import { fakeClock } from "../fakes/clock.ts";
import { growing, instantSlack, stage, streamsOver, answer } from "./stream-kit.ts";

const THREAD = encodePlace({ team: "T1", channel: "D1", threadTs: "1700000000.000001" });
/** After so many stops within a minute the next stream waits for its own. */
const USED = 16;
const WINDOW_MS = 60_000;

/** Twenty streams, of which all but four have ended and were stopped just now. */
async function crowd() {
  const clock = fakeClock();
  const slack = instantSlack(clock);
  const { streams, stopping } = streamsOver(slack.web, clock);
  const start = (turn: number) => streams.start(THREAD, growing("One"), postKey(0, { turn }));
  const ids: MessageId[] = [];
  for (let turn = 0; turn < 20; turn += 1) ids.push((await start(turn))!);
  await clock.advance(WINDOW_MS);
  for (const id of ids.splice(0, USED)) await streams.show(id, final("One."));
  const stops = () => slack.times("chat.stopStream").length;
  return { ...slack, clock, streams, stopping, stops, rest: ids, first: ids[0]! };
}

const limited = (retryAfterMs: number) =>
  new PlatformRefusal("rate_limited", "slack_ratelimited", "429", { retryAfterMs });

describe("where more replies end than Slack stops streams in a minute", () => {
  test("each is whole at once all the same, and is stopped when a stop is back", async () => {
    const { clock, streams, calls, stops, rest } = await crowd();
    for (const id of rest) {
      expect(streams.countsAs(THREAD, final("One two."), id)).toBe("append");
      expect(await streams.show(id, final("One two."))).toBe(true);
    }
    const appended = calls.filter(({ method }) => method === "chat.appendStream");
    expect(appended.map(({ args }) => [args["ts"], JSON.stringify(args["chunks"])])).toEqual(
      rest.map((id) => [id, expect.stringContaining(" two.")]),
    );
    await clock.advance(WINDOW_MS - 1);
    expect(stops()).toBe(USED);
    await clock.advance(1);
    expect(stops()).toBe(USED + rest.length);
    expect(clock.sleeping()).toBe(0);
  });

  test("a text that is there already is neither appended nor stopped twice", async () => {
    const { clock, streams, times, stops, first } = await crowd();
    expect(await streams.show(first, final("One"))).toBe(true);
    expect(await streams.show(first, final("One"))).toBe(true);
    expect(times("chat.appendStream")).toEqual([]);
    await clock.advance(WINDOW_MS);
    expect(stops()).toBe(USED + 1);
  });

  test("some stops are left to messages that have to be edited, and these wait only once there are none", async () => {
    const { clock, streams, stops, rest } = await crowd();
    for (const id of rest) expect(await streams.show(id, final("Otherwise."))).toBe(false);
    expect(stops()).toBe(20);
    const next = (await streams.start(THREAD, growing("One"), postKey(0, { turn: 20 })))!;
    let edited = false;
    const shown = streams.show(next, final("Otherwise.")).then((isShown) => (edited = !isShown));
    await clock.advance(WINDOW_MS - 1);
    expect(edited).toBe(false);
    await clock.advance(1);
    expect(edited).toBe(true);
    await shown;
  });

  test("whoever edits a message meanwhile stops its stream, and then nobody else does", async () => {
    const { clock, streams, stops, first } = await crowd();
    await streams.show(first, final("One two."));
    expect(await streams.show(first, final("Otherwise."))).toBe(false);
    expect(stops()).toBe(USED + 1);
    await clock.advance(WINDOW_MS);
    expect(stops()).toBe(USED + 1);
  });

  test("the last words wait for a stop where no append is left either", async () => {
    const { streams, rest } = await crowd();
    const [first, other] = rest as [MessageId, MessageId];
    for (let words = 1; words <= 100; words += 1)
      await streams.show(other, growing(`One${" more".repeat(words)}`));
    expect(streams.countsAs(THREAD, final("One two."), first)).toBe("stop");
  });

  test("a stop that is refused with a 429 is tried again", async () => {
    const { clock, streams, refuseNext, stops, first } = await crowd();
    await streams.show(first, final("One two."));
    refuseNext("chat.stopStream", limited(30_000));
    await clock.advance(WINDOW_MS + 29_999);
    expect(stops()).toBe(USED);
    await clock.advance(1);
    expect(stops()).toBe(USED + 1);
  });

  test("a stop that is refused otherwise is left to Slack: the message is no stream to us any more", async () => {
    const { clock, streams, refuseNext, stops, first } = await crowd();
    await streams.show(first, final("One two."));
    refuseNext("chat.stopStream", new PlatformRefusal("gone", "slack_channel_not_found", "gone"));
    await clock.advance(2 * WINDOW_MS);
    expect(await streams.show(first, final("Otherwise."))).toBe(false);
    expect(stops()).toBe(USED);
  });

  test("nothing waits any more when the adapter stops", async () => {
    const { streams, stopping, stops, rest } = await crowd();
    for (const id of rest) await streams.show(id, final("One two."));
    stopping.abort();
    await streams.close();
    expect(stops()).toBe(20);
  });
});

describe("streams that are to be stopped", () => {
  const ID = "C1/1.1" as MessageId;
  /** Refuses the first stops with a 429, of which none may be made; and the third for good, so that nobody tries for ever. */
  function put(refused: number, signal: AbortSignal) {
    const clock = fakeClock();
    const dropped: MessageId[] = [];
    let stops = 0;
    const endings = createEndings({
      clock,
      log: createLog("silent"),
      gate: { stopIn: () => Math.max(0, 1_000 - clock.monotonic()) },
      signal,
      stop: async () => {
        stops += 1;
        if (stops > 2) throw new PlatformRefusal("gone", "slack_message_not_found", "gone");
        if (stops <= refused) throw limited(5_000);
      },
      drop: (id) => void dropped.push(id),
    });
    return { clock, endings, dropped, stops: () => stops };
  }

  test("are each stopped once, however often that is asked while they wait, and again when it is asked anew", async () => {
    const { clock, endings, stops, dropped } = put(0, new AbortController().signal);
    for (let times = 0; times < 2; times += 1) endings.put(ID);
    await clock.advance(1_000);
    await endings.settled();
    expect([stops(), dropped]).toEqual([1, [ID]]);
    endings.put(ID);
    await endings.settled();
    expect(stops()).toBe(2);
  });

  test("are left to Slack when the adapter stops and Slack refuses", async () => {
    const { endings, stops, dropped } = put(2, AbortSignal.abort());
    endings.put(ID);
    await endings.settled();
    expect([stops(), dropped]).toEqual([1, [ID]]);
  });
});

test("an adapter that is stopped leaves no stream behind whose text is whole", async () => {
  const { twin, slack, place, shown } = await stage({ streaming: "native" });
  for (let turn = 0; turn <= USED; turn += 1) {
    const id = await slack.post(place, growing("One"), { ...answer(twin, place), ...postKey(0, { turn }) });
    await slack.edit(place, id, final("One two."));
  }
  expect(shown().filter(({ isStreaming }) => isStreaming)).toHaveLength(1);
  await slack.stop();
  expect(shown()).toEqual(Array.from({ length: USED + 1 }, () => ({ text: "One two.", isStreaming: false })));
});
