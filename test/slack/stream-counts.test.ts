import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import { decodePlace, encodePlace } from "../../src/slack/place.ts";
import { createStreamGate } from "../../src/slack/streaming.ts";
import { final, postKey } from "../contracts/platform-bench.ts";
import { fakeClock } from "../fakes/clock.ts";
import { silent } from "./harness.ts";
import { answer, asker, growing, scene, stage, streamsOn, streamsOver, instantSlack } from "./stream-kit.ts";

/** A reply begins after a while, and some of those that are live have ended by then, as they were sent or otherwise. */
const steps = fc.record({
  waitMs: fc.constantFrom(0, 0, 100, 1_500, 8_000),
  ends: fc.nat(3),
  text: fc.constantFrom("One.", "Otherwise."),
});

/** As many as Slack starts in a minute, and a few more. */
const MANY = 26;

const THREAD = encodePlace({ team: "T1", channel: "D1", threadTs: "1700000000.000001" });

/** docs.slack.dev, Rate limits. */
const MOST = { "chat.startStream": 20, "chat.appendStream": 100, "chat.stopStream": 20 };

function mostInAMinute(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));
}

describe("no more streams than Slack starts and stops in a minute", () => {
  const begun = (twin: { calls: readonly { method: string }[] }, method: string) =>
    twin.calls.filter((call) => call.method === method).length;

  test("replies that begin at once: the others are posted, and nothing is refused", async () => {
    const { twin, slack, place } = await stage({ streaming: "native" }, { limits: "documented" });
    // Each in a direct message of its own: what a channel takes at once is another limit.
    const places = Array.from({ length: MANY }, (_, index) => {
      const user = twin.addUser({ name: `user${index}` });
      const channel = twin.openDm(user);
      const threadTs = twin.say({ channel, user, text: "a question" });
      return encodePlace({ team: decodePlace(place).team, channel, threadTs });
    });
    const key = (turn: number) => ({ ...postKey(0, { turn }), asker: asker(twin) });
    await Promise.all(places.map((at, turn) => slack.post(at, growing("One"), key(turn))));
    expect([begun(twin, "chat.startStream"), begun(twin, "chat.postMessage")]).toEqual([20, MANY - 20]);
    const atWork = places.map(decodePlace).filter(({ channel, threadTs }) => {
      return twin.session(channel, threadTs!)?.status === "processing";
    });
    expect(atWork).toHaveLength(20);
    expect(twin.calls.filter(({ answer: { ok } }) => ok !== true)).toEqual([]);
  });

  test("one after the other, each ended before the next: twenty, and more once a minute has passed", async () => {
    const { twin, place } = await scene();
    const clock = fakeClock();
    const streams = streamsOn(twin, clock);
    const reply = async (turn: number) => {
      const id = await streams.start(place, growing("One"), {
        ...answer(twin, place),
        ...postKey(0, { turn }),
      });
      return id !== undefined && (await streams.show(id, final("One.")));
    };
    const streamed: boolean[] = [];
    for (let turn = 0; turn < MANY; turn += 1) streamed.push(await reply(turn));
    expect(streamed.filter(Boolean)).toHaveLength(20);
    expect(streamed.slice(20)).not.toContain(true);
    await clock.advance(60_000);
    expect(await reply(MANY)).toBe(true);
    expect(begun(twin, "chat.startStream")).toBe(21);
  });

  test("those that are live count as stops to come, however long ago they began", async () => {
    const { twin, place } = await scene();
    const clock = fakeClock();
    const streams = streamsOn(twin, clock);
    const start = (turn: number) =>
      streams.start(place, growing("One"), { ...answer(twin, place), ...postKey(0, { turn }) });
    for (let turn = 0; turn < 20; turn += 1) await start(turn);
    await clock.advance(60_000);
    expect(await start(20)).toBeUndefined();
  });

  test("as many are live as Slack stops in a minute, whether their text has ended or is still to come", async () => {
    const { twin, place } = await scene();
    const clock = fakeClock();
    const streams = streamsOn(twin, clock);
    const start = (turn: number) =>
      streams.start(place, growing("One"), { ...answer(twin, place), ...postKey(0, { turn }) });
    const turns = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
    const ids = await Promise.all(turns(0, 20).map(start));
    await clock.advance(60_000);
    for (const id of ids.slice(0, 18)) await streams.show(id!, final("One."));
    expect(begun(twin, "chat.stopStream")).toBe(16);
    const next = await Promise.all(turns(20, 40).map(start));
    expect(next.filter((id) => id !== undefined)).toHaveLength(16);
  });

  test("a call counts until a minute after its answer, for it is not known when Slack counted it", async () => {
    const clock = fakeClock();
    const gate = createStreamGate({
      web: instantSlack(clock).web,
      clock,
      log: silent,
      mode: "native",
      isAgent: true,
    });
    const mayOpen = () => gate.mayOpen(THREAD, growing("One"), { live: 0, edits: 0 });
    const answers = Array.from({ length: 20 }, () => gate.count("start"));
    for (let i = 0; i < 20; i += 1) gate.count("stop");
    await clock.advance(60_000);
    expect([mayOpen(), gate.stopIn("edited") > 0]).toEqual([false, true]);
    for (const answered of answers) answered();
    await clock.advance(59_999);
    expect(mayOpen()).toBe(false);
    await clock.advance(1);
    expect(mayOpen()).toBe(true);
  });

  test("those that people stopped count as starts, though the adapter stopped none of them", async () => {
    const { twin, place } = await scene();
    const clock = fakeClock();
    const streams = streamsOn(twin, clock);
    const start = (turn: number) =>
      streams.start(place, growing("One"), { ...answer(twin, place), ...postKey(0, { turn }) });
    const { channel, threadTs } = decodePlace(place);
    for (let turn = 0; turn < 20; turn += 1) {
      const id = await start(turn);
      twin.stopSession(channel, threadTs!, asker(twin));
      await streams.show(id!, growing("One two"));
    }
    expect(begun(twin, "chat.stopStream")).toBe(0);
    expect(await start(20)).toBeUndefined();
    await clock.advance(60_000);
    expect(await start(21)).toBeDefined();
  });

  test("whenever replies begin and end, no window has more starts, appends or stops than Slack takes", async () => {
    const seen = { streamed: 0, posted: 0, late: 0, edited: 0, waited: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 60, maxLength: 120 }), async (plan) => {
        const clock = fakeClock();
        const slack = instantSlack(clock);
        const { streams } = streamsOver(slack.web, clock);
        const live: MessageId[] = [];
        const shown: Promise<boolean>[] = [];
        for (const [turn, { waitMs, ends, text }] of plan.entries()) {
          await clock.advance(waitMs);
          // A message that has to be edited may wait for its stream's stop.
          for (const id of live.splice(0, ends)) shown.push(streams.show(id, final(text)));
          await clock.advance(0);
          const id = await streams.start(THREAD, growing("One"), postKey(0, { turn }));
          if (id !== undefined) live.push(id);
          seen[id === undefined ? "posted" : "streamed"] += 1;
          if (id !== undefined && clock.monotonic() > 60_000) seen.late += 1;
        }
        seen.waited += shown.length - slack.times("chat.stopStream").length;
        await clock.advance(300_000);
        seen.edited += (await Promise.all(shown)).filter((isShown) => !isShown).length;
        for (const [method, most] of Object.entries(MOST))
          expect(mostInAMinute(slack.times(method)), method).toBeLessThanOrEqual(most);
        expect(slack.times("chat.stopStream")).toHaveLength(slack.times("chat.startStream").length);
      }),
      { numRuns: 10, endOnFailure: true },
    );
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(8);
  });

  test("a page that a stream does not hold is posted, without asking Slack", async () => {
    const { twin, slack, place, methods } = await stage();
    await slack.post(place, growing("<!here> ".repeat(1_100)), answer(twin, place));
    expect(methods()).toEqual(["chat.postMessage"]);
  });
});
