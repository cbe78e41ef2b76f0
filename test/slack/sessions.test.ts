import { describe, expect, test } from "vitest";
import { PlatformRefusal } from "../../src/errors.ts";
import { onMethod } from "../../src/sandbox/slack/faults.ts";
import { decodePlace, encodePlace } from "../../src/slack/place.ts";
import { createSessions } from "../../src/slack/sessions.ts";
import { refusal } from "../contracts/platform-bench.ts";
import { until } from "../eventually.ts";
import { fakeClock } from "../fakes/clock.ts";
import { silent } from "./harness.ts";
import { fakeWeb } from "./kit.ts";
import { answer, asker, growing, scene, stage, streamsOn } from "./stream-kit.ts";

const METHOD = "agents.sessions.setStatus";
const place = encodePlace({ team: "T1", channel: "D1", threadTs: "1700000000.000100" });

function open(reply: Parameters<typeof fakeWeb>[0][string] = () => ({}), isAble = true) {
  const clock = fakeClock();
  const web = fakeWeb({ [METHOD]: reply });
  const stopping = new AbortController();
  const sessions = createSessions({ web, clock, log: silent, isAble, signal: stopping.signal });
  const statuses = () => web.calls.map(({ args }) => args["status"]);
  return { clock, sessions, statuses, stopping, work: new AbortController() };
}

describe("while an answer is on its way in a direct message", () => {
  test("Slack shows its Stop before there are any words, and hears of it when it is pressed", async () => {
    const { twin, slack, place, pressed } = await stage();
    const { channel, threadTs } = decodePlace(place);
    const work = new AbortController();
    slack.indicate!(place, work.signal);
    await until("it is worked on", () => twin.session(channel, threadTs!)?.status === "processing");
    expect(twin.messages(channel, threadTs)).toHaveLength(1);
    twin.stopSession(channel, threadTs!, asker(twin));
    await until("it was told", () => pressed.length === 1);
    expect(pressed[0]).toMatchObject({ place, action: "stop", by: { id: asker(twin) } });
    work.abort();
  });

  test("the thread is worked on until the first words are posted, or none will be", async () => {
    const { clock, sessions, statuses, work } = open();
    sessions.begin(place, work.signal);
    await clock.advance(60_000);
    expect(statuses()).toEqual(["processing"]);
    work.abort();
    await clock.advance(6_000);
    expect(statuses()).toEqual(["processing", "active"]);
    expect(clock.sleeping()).toBe(0);
  });

  test("a stream that begins goes on with it", async () => {
    const { clock, sessions, statuses, work } = open();
    sessions.begin(place, work.signal);
    await clock.advance(100);
    work.abort();
    await clock.advance(100);
    sessions.streamed(place);
    await clock.advance(60_000);
    expect(statuses()).toEqual(["processing"]);
  });

  test("the next answer's work is not ended by the one before", async () => {
    const { clock, sessions, statuses, work } = open();
    sessions.begin(place, work.signal);
    await clock.advance(100);
    work.abort();
    await clock.advance(100);
    const next = new AbortController();
    sessions.begin(place, next.signal);
    await clock.advance(60_000);
    expect(statuses()).toEqual(["processing", "processing"]);
    next.abort();
    await clock.advance(6_000);
    expect(statuses().at(-1)).toBe("active");
  });

  test("its end is told again when Slack asks for patience, and no longer than there is hope", async () => {
    const busy = new PlatformRefusal("rate_limited", "slack_ratelimited", "slow down", {
      retryAfterMs: 3_000,
    });
    const { clock, sessions, statuses, work } = open(async (_, count) => {
      if (count > 1 && count < 4) throw busy;
      return {};
    });
    sessions.begin(place, work.signal);
    await clock.advance(0);
    work.abort();
    await clock.advance(30_000);
    expect(statuses()).toEqual(["processing", "active", "active", "active"]);

    const never = open(async (_, count) => {
      if (count > 1) throw busy;
      return {};
    });
    never.sessions.begin(place, never.work.signal);
    await never.clock.advance(0);
    never.work.abort();
    await never.clock.advance(300_000);
    expect(never.statuses()).toHaveLength(6);
    expect(never.clock.sleeping()).toBe(0);
  });

  test("nothing is asked of Slack in channels, outside of threads, or of an app that is no agent", async () => {
    const { clock, sessions, statuses, work } = open();
    sessions.begin(encodePlace({ team: "T1", channel: "C1", threadTs: "1700000000.000100" }), work.signal);
    sessions.begin(encodePlace({ team: "T1", channel: "D1" }), work.signal);
    const none = open(undefined, false);
    none.sessions.begin(place, none.work.signal);
    await clock.advance(1_000);
    expect([...statuses(), ...none.statuses()]).toEqual([]);
  });

  test("an app that does not hear of the press is asked for no more than one Stop", async () => {
    const warning = "missing_agent_session_stopped_event_subscription";
    const { clock, sessions, statuses, work } = open(() => ({ warning }));
    sessions.begin(place, work.signal);
    await clock.advance(100);
    work.abort();
    await clock.advance(6_000);
    sessions.begin(place, new AbortController().signal);
    await clock.advance(6_000);
    expect(statuses()).toEqual(["processing", "active"]);
  });
});

test.each(["swallow", "cut"] as const)(
  "a start of a stream whose answer is lost (%s) leaves no thread that seems worked on for ever",
  async (kind) => {
    const { twin, place } = await scene();
    const clock = fakeClock();
    const streams = streamsOn(twin, clock);
    const { channel, threadTs } = decodePlace(place);
    twin.inject({ matches: onMethod("chat.startStream"), times: 1, effect: { kind } });
    expect((await refusal(streams.start(place, growing("One"), answer(twin, place)))).kind).toBe(
      "unavailable",
    );
    expect(twin.session(channel, threadTs!)?.status).toBe("processing");
    await clock.advance(6_000);
    await until("it is over", () => twin.session(channel, threadTs!)?.status === "active");
  },
);
