import { describe, expect, test } from "vitest";
import { PlatformRefusal } from "../../src/errors.ts";
import { onMethod, slackError, tooManyRequests } from "../../src/sandbox/slack/faults.ts";
import type { Sockets } from "../../src/slack/sockets.ts";
import { fakeClock } from "../fakes/clock.ts";
import { until } from "../eventually.ts";
import { jumping, stays, useSockets } from "./socket-bench.ts";

const bench = useSockets();
const { open, connected, say, openFault } = bench;

/** Of the waits, those before a connection is opened again after a short life: the others are longer. */
const pauses = (waits: readonly number[]) => waits.filter((ms) => ms <= 1_000);

describe("two connections", () => {
  test("are kept, and each takes its share of the events", async () => {
    const { sockets, bodies } = open();
    await sockets.start();
    await connected(2);
    for (const text of ["a", "b", "c", "d"]) say(text);
    await until("all events came", () => bodies.length === 4);
    await until("all were acknowledged", () =>
      bench.twin.deliveries.every(({ state }) => state === "acknowledged"),
    );
    expect(new Set(bench.twin.deliveries.map((delivery) => delivery.connection)).size).toBe(2);
  });

  test.each(["warning", "refresh_requested", "cut", "too_many_websockets"] as const)(
    "lose none of the events when one ends by %s, and are two again",
    async (reason) => {
      const { sockets, bodies, hearing } = open();
      await sockets.start();
      await connected(2);
      bench.twin.disconnectSockets(reason, 1);
      say("meanwhile");
      await until("the event came", () => bodies.length > 0);
      await connected(2);
      await until("the event was acknowledged", () =>
        bench.twin.deliveries.some(({ state }) => state === "acknowledged"),
      );
      expect(new Set(hearing.map(({ kind }) => kind))).toEqual(new Set(["listening"]));
    },
  );

  test("of which Slack warns are left only when their successors are there", async () => {
    const { sockets, hearing } = open();
    await sockets.start();
    await connected(2);
    openFault({ kind: "delay", ms: 300 }, 9);
    bench.twin.disconnectSockets("warning");
    await until("the successors are there", () => bench.twin.connections() === 2);
    expect(new Set(hearing.map(({ kind }) => kind))).toEqual(new Set(["listening"]));
  });

  test("come back when Slack refuses new ones for a while, and nothing ends the process", async () => {
    const { sockets, bodies, warnings } = open({ refusedWaitMs: 100 });
    await sockets.start();
    await connected(2);
    openFault({ kind: "answer", status: 500 });
    openFault(slackError("invalid_auth"));
    bench.twin.disconnectSockets("cut");
    await connected(2);
    say("hello again");
    await until("the event came", () => bodies.length === 1);
    expect(warnings()).toContain("Slack refuses SLACK_APP_TOKEN; no events come until it is valid");
    expect(warnings()).toContain("a connection to Slack could not be opened; trying again");
  });

  test("are replaced at once after a good time, and after a short one with patience", async () => {
    const clock = jumping();
    const { sockets, hearing } = open({ clock });
    await sockets.start();
    // Of the two, Slack knows earlier than we do: what is not up yet has not lived when the time jumps.
    await until("both are up", () => hearing.length >= 2);
    clock.jump(20_000);
    clock.waits.length = 0;
    bench.twin.disconnectSockets("cut");
    await until("both were opened again", () => bench.twin.requests.length === 4);
    await connected(2);
    expect(pauses(clock.waits)).toEqual([0, 0]);
    clock.waits.length = 0;
    bench.twin.disconnectSockets("cut");
    await connected(0);
    await stays("no connection", () => bench.twin.connections() === 0);
    await connected(2);
    const waited = pauses(clock.waits);
    expect(waited).toHaveLength(2);
    expect(Math.min(...waited)).toBeGreaterThanOrEqual(500);
  });

  test("survive an envelope that the library fails on, and log it", async () => {
    const { sockets, bodies, warnings } = open();
    await sockets.start();
    await connected(2);
    bench.twin.deliver({ type: "app_rate_limited", team_id: "T1", minute_rate_limited: 1, api_app_id: "A1" });
    await until("it was noticed", () => warnings().length > 0);
    say("still there");
    await until("the event came", () => bodies.length === 1);
    expect(bench.twin.connections()).toBe(2);
  });

  test("acknowledge nothing that was not taken: it comes again", async () => {
    let count = 0;
    const { sockets, warnings } = open({
      deliver: async ({ ack }) => {
        count += 1;
        if (count === 1) throw new Error("the disk is full");
        await ack();
      },
    });
    await sockets.start();
    await connected(2);
    bench.twin.disconnectSockets("cut", 1);
    say("keep this");
    await until("it was tried", () => count === 1);
    await until("it came again", () => count === 2);
    expect(warnings()).toContain("a delivery of Slack was not taken; Slack will send it again");
  });
});

describe("the start", () => {
  const refused = async (sockets: Sockets) => {
    const caught = await sockets.start().catch((error: unknown) => error);
    if (!(caught instanceof PlatformRefusal)) throw new Error(`no refusal: ${String(caught)}`);
    return [caught.kind, caught.retryAfterMs];
  };

  test("is refused for a token that is not valid", async () => {
    expect(await refused(open({ appToken: "xapp-no" }).sockets)).toEqual(["unauthorized", undefined]);
    expect(bench.twin.connections()).toBe(0);
  });

  test("tells a rate limit and its wait", async () => {
    openFault(tooManyRequests(7));
    expect(await refused(open().sockets)).toEqual(["rate_limited", 7_000]);
  });

  test("fails when Slack is not there, or answers nothing in time", async () => {
    expect(await refused(open({ apiUrl: "http://127.0.0.1:1/api/" }).sockets)).toEqual([
      "unavailable",
      undefined,
    ]);
    const clock = fakeClock();
    openFault({ kind: "stall" });
    const starting = refused(open({ clock }).sockets);
    await until("it waits", () => clock.sleeping() > 0);
    await clock.advance(15_000);
    expect(await starting).toEqual(["unavailable", undefined]);
  });
});

describe("the stop", () => {
  test("closes every connection, takes nothing more, and may be repeated", async () => {
    const { sockets, bodies } = open();
    await sockets.start();
    await connected(2);
    await sockets.stop();
    await sockets.stop();
    await connected(0);
    say("anybody there?");
    await until("the twin has tried", () => bench.twin.deliveries.length > 1);
    expect(bodies).toEqual([]);
  });

  test("leaves no connection behind that was being opened", async () => {
    bench.twin.inject({
      matches: (request) => onMethod("apps.connections.open")(request) && bench.twin.connections() === 1,
      times: 1,
      effect: { kind: "delay", ms: 300 },
    });
    const { sockets, warnings } = open();
    await sockets.start();
    await until("the second is asked for", () => bench.twin.requests.length === 2);
    await sockets.stop();
    await until("Slack's answer came", () => bench.twin.calls.length === 2);
    await stays("no connection", () => bench.twin.connections() === 0);
    expect(warnings()).toEqual([]);
  });
});
