import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { PlatformRefusal } from "../../src/errors.ts";
import type { SlackTwin } from "../../src/sandbox/slack/contract.ts";
import type { FaultEffect } from "../../src/sandbox/server.ts";
import { onMethod, slackError, tooManyRequests } from "../../src/sandbox/slack/faults.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import type { Json } from "../../src/slack/json.ts";
import { createSockets, type Sockets, type SocketsDeps } from "../../src/slack/sockets.ts";
import { fakeClock } from "../fakes/clock.ts";
import { until } from "../contracts/platform-bench.ts";
import { keptLog } from "./kit.ts";

let twin: SlackTwin;
let ada: string;
let channel: string;
const running: Sockets[] = [];
beforeEach(async () => {
  twin = await startSlackTwin({ delivery: { ackTimeoutMs: 300, retryAfterMs: [50, 50, 50] } });
  ada = twin.addUser({ name: "ada" });
  channel = twin.openDm(ada);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((sockets) => sockets.stop()));
  await twin.close();
});

function open(deps: Partial<SocketsDeps> = {}) {
  const { log, lines } = keptLog();
  const bodies: Json[] = [];
  const deliver: SocketsDeps["deliver"] = async ({ body, ack }) => {
    bodies.push(body as Json);
    await ack();
  };
  const sockets = createSockets({
    appToken: twin.appToken,
    apiUrl: twin.apiUrl,
    clock: systemClock,
    log,
    deliver,
    ...deps,
  });
  running.push(sockets);
  const warnings = () => lines.filter((line) => Number(line["level"]) >= 40).map((line) => line["msg"]);
  return { sockets, bodies, warnings };
}
const connected = (count: number) => until(`${count} connections`, () => twin.connections() === count);
const say = (text: string) => twin.say({ channel, user: ada, text });
const openFault = (effect: FaultEffect) =>
  twin.inject({ matches: onMethod("apps.connections.open"), times: 1, effect });

/** Something that is not so now could still become so: it is watched for a while. */
async function stays(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + 300;
  await until(what, () => {
    if (!condition()) throw new Error(`no longer so: ${what}`);
    return performance.now() > end;
  });
}

describe("two connections", () => {
  test("are kept, and each takes its share of the events", async () => {
    const { sockets, bodies } = open();
    await sockets.start();
    await connected(2);
    for (const text of ["a", "b", "c", "d"]) say(text);
    await until("all events came", () => bodies.length === 4);
    await until("all were acknowledged", () =>
      twin.deliveries.every(({ state }) => state === "acknowledged"),
    );
    expect(new Set(twin.deliveries.map((delivery) => delivery.connection)).size).toBe(2);
  });

  test.each(["warning", "refresh_requested", "cut", "too_many_websockets", "link_disabled"] as const)(
    "lose none of the events when one ends by %s, and are two again",
    async (reason) => {
      const { sockets, bodies } = open();
      await sockets.start();
      await connected(2);
      twin.disconnectSockets(reason, 1);
      say("meanwhile");
      await until("the event came", () => bodies.length > 0);
      await connected(2);
      await until("the event was acknowledged", () =>
        twin.deliveries.some(({ state }) => state === "acknowledged"),
      );
    },
  );

  test("come back when Slack refuses new ones for a while, and nothing ends the process", async () => {
    const { sockets, bodies, warnings } = open();
    await sockets.start();
    await connected(2);
    openFault({ kind: "answer", status: 500 });
    openFault(slackError("invalid_auth"));
    twin.disconnectSockets("cut");
    await connected(2);
    say("hello again");
    await until("the event came", () => bodies.length === 1);
    expect(warnings()).toContain("Slack refuses SLACK_APP_TOKEN; no events come until it is valid");
    expect(warnings()).toContain("a connection to Slack could not be opened; trying again");
  });

  test("are replaced at once after a good time, and after a short one with patience", async () => {
    const clock = fakeClock();
    const { sockets } = open({ clock });
    await sockets.start();
    await connected(2);
    await clock.advance(20_000);
    twin.disconnectSockets("cut");
    await connected(0);
    await clock.advance(0);
    await connected(2);
    twin.disconnectSockets("cut");
    await connected(0);
    await until("both are waiting", () => clock.sleeping() === 2);
    await clock.advance(400);
    await stays("no connection", () => twin.connections() === 0);
    await clock.advance(600);
    await connected(2);
  });

  test("survive an envelope that the library fails on, and log it", async () => {
    const { sockets, bodies, warnings } = open();
    await sockets.start();
    await connected(2);
    twin.deliver({ type: "app_rate_limited", team_id: "T1", minute_rate_limited: 1, api_app_id: "A1" });
    await until("it was noticed", () => warnings().length > 0);
    say("still there");
    await until("the event came", () => bodies.length === 1);
    expect(twin.connections()).toBe(2);
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
    twin.disconnectSockets("cut", 1);
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
    expect(twin.connections()).toBe(0);
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
    await until("the twin has tried", () => twin.deliveries.length > 1);
    expect(bodies).toEqual([]);
  });

  test("leaves no connection behind that was being opened", async () => {
    twin.inject({
      matches: (request) => onMethod("apps.connections.open")(request) && twin.connections() === 1,
      times: 1,
      effect: { kind: "delay", ms: 300 },
    });
    const { sockets, warnings } = open();
    await sockets.start();
    await until("the second is asked for", () => twin.requests.length === 2);
    await sockets.stop();
    await until("Slack's answer came", () => twin.calls.length === 2);
    await stays("no connection", () => twin.connections() === 0);
    expect(warnings()).toEqual([]);
  });
});
