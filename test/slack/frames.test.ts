import { describe, expect, test } from "vitest";
import { tooManyRequests } from "../../src/sandbox/slack/faults.ts";
import type { FaultEffect } from "../../src/sandbox/server.ts";
import { until } from "../eventually.ts";
import { jumping, useSockets } from "./socket-bench.ts";

const bench = useSockets();
const { open, connected, say, openFault } = bench;

/** Two connections that have had a good life, so that the first try to replace one is made at once. */
async function grown(deps: Parameters<typeof open>[0] = {}) {
  const clock = jumping();
  const opened = open({ ...deps, clock });
  await opened.sockets.start();
  await connected(2);
  clock.jump(20_000);
  return opened;
}

/** Whatever came, the next message is heard on two connections. An unhandled rejection would fail the run. */
async function isWell({ bodies }: ReturnType<typeof open>): Promise<void> {
  await until("two connections", () => bench.twin.connections() === 2);
  const before = bodies.length;
  say("still there?");
  await until("the message was heard", () => bodies.length > before);
}
const json = (value: unknown) => JSON.stringify(value);

describe("a frame that nobody expects ends nothing", () => {
  test.each([
    ["HTML", "<html>bad gateway</html>"],
    ["nothing", ""],
    ["null", "null"],
    ["a number", "42"],
    ["a list", "[]"],
    ["bytes", Buffer.from([0xff, 0xfe, 0x00])],
    ["half of an envelope", '{"envelope_id":"1","type":"events_api","payl'],
    ["an envelope without a type", json({ envelope_id: "1" })],
    ["an envelope of another type", json({ envelope_id: "1", type: "holograms", payload: {} })],
    ["an envelope without a payload", json({ envelope_id: "1", type: "events_api" })],
    ["an envelope without an event", json({ envelope_id: "1", type: "events_api", payload: {} })],
    ["an interaction without a payload", json({ envelope_id: "1", type: "interactive" })],
    ["a limit on the app", json({ type: "events_api", payload: { type: "app_rate_limited" } })],
    ["an error", json({ type: "error", error: { code: 1, msg: "Socket URL has expired" } })],
    ["a second greeting", json({ type: "hello", num_connections: 2 })],
    ["a word that the library uses itself", json({ type: "ws_message" })],
    ["another of those", json({ type: "close" })],
    ["a farewell without a reason", json({ type: "disconnect" })],
    ["a farewell in another's words", json({ type: "events_api", reason: "disconnect" })],
  ])("%s", async (_, frame) => {
    const opened = await grown();
    bench.twin.sendFrame(frame);
    await isWell(opened);
  });
});

describe("a connection that cannot be made is made later", () => {
  const effects: readonly (readonly [string, FaultEffect])[] = [
    ["429", tooManyRequests(1)],
    ["500", { kind: "answer", status: 500, body: "oops" }],
    ["502 with HTML", { kind: "answer", status: 502, body: "<html>" }],
    ["200 with HTML", { kind: "answer", status: 200, body: "<html>" }],
    ["an answer without an address", { kind: "answer", status: 200, body: '{"ok":true}' }],
    ["an address that is none", { kind: "answer", status: 200, body: '{"ok":true,"url":"nowhere"}' }],
    ["a reset", { kind: "cut" }],
  ];
  test.each(effects)("after %s", async (_, effect) => {
    const opened = await grown();
    openFault(effect);
    bench.twin.disconnectSockets("cut");
    await isWell(opened);
  });

  test.each(["reset", "expired"] as const)("after a handshake that is %s", async (how) => {
    const opened = await grown();
    bench.twin.spoilSockets(how, 2);
    bench.twin.disconnectSockets("cut");
    await isWell(opened);
  });

  test("after Slack sent no greeting in time", async () => {
    const opened = await grown({ greetingWithinMs: 200 });
    bench.twin.spoilSockets("no-hello", 1);
    bench.twin.disconnectSockets("cut");
    await isWell(opened);
    expect(opened.warnings()).toContain("a connection to Slack could not be opened; trying again");
  });

  test("when Slack finds that there are too many, before its greeting", async () => {
    const opened = open();
    const others = Array.from({ length: 5 }, () => open());
    for (const { sockets } of others) await sockets.start();
    await until("ten connections", () => bench.twin.connections() === 10);
    await expect(opened.sockets.start()).rejects.toMatchObject({ kind: "unavailable" });
    await others[0]!.sockets.stop();
    await opened.sockets.start();
    await until("ten again", () => bench.twin.connections() === 10);
  });
});

test("what comes while a connection ends is delivered again, and heard once it is whole", async () => {
  const opened = await grown();
  for (const reason of ["refresh_requested", "warning"] as const) {
    bench.twin.disconnectSockets(reason);
    for (let i = 0; i < 5; i += 1) say(`${reason} ${i}`);
  }
  await until(
    "all ten came",
    () => new Set(opened.bodies.map((body) => body["event_id"])).size === 10,
    10_000,
  );
  await isWell(opened);
});
