import { expect, test } from "vitest";
import { onMethod, slackError } from "../../src/sandbox/slack/faults.ts";
import type { Hearing } from "../../src/slack/conditions.ts";
import { fakeClock } from "../fakes/clock.ts";
import { until } from "../eventually.ts";
import { jumping, stays, useSockets } from "./socket-bench.ts";

const bench = useSockets();
const { open, connected, say } = bench;

/** Pings each 300 ms: a connection is given up after three that nothing came back on. */
const QUICK = { pongWithinMs: 900 };
const kindsOf = (hearing: readonly Hearing[]) => {
  const kinds = hearing.map(({ kind }) => kind);
  return kinds.filter((kind, index) => kind !== kinds[index - 1]);
};
/** A silent socket stays open on the twin's side until the adapter cuts it. */
const cutAfter = (count: number) =>
  until("the silent ones were cut", () => bench.twin.connections() === count);

test("a socket that is open and silent is found and replaced, and the other hears meanwhile", async () => {
  const clock = jumping();
  const { sockets, bodies, hearing } = open({ ...QUICK, clock });
  await sockets.start();
  await connected(2);
  clock.jump(20_000);
  await stays("it listens", () => kindsOf(hearing).join() === "listening");
  bench.twin.disconnectSockets("silence", 1);
  const start = performance.now();
  await until("a third was opened", () => bench.twin.calls.length === 3);
  expect(performance.now() - start).toBeGreaterThan(QUICK.pongWithinMs * 0.6);
  // Two that hear, and the silent one until its goodbye has gone unanswered for two seconds.
  await cutAfter(2);
  for (const text of ["a", "b", "c"]) say(text);
  await until("all were heard", () => new Set(bodies.map((body) => body["event_id"])).size === 3);
  expect(kindsOf(hearing)).toEqual(["listening"]);
});

test("when both fall silent at once, it is told that nothing was heard, and both are replaced", async () => {
  const clock = jumping();
  const { sockets, bodies, hearing } = open({ ...QUICK, clock });
  // They are not found silent at one moment: the first has its successor before.
  bench.twin.inject({
    matches: (request) => onMethod("apps.connections.open")(request) && bench.twin.connections() === 1,
    times: 1,
    effect: { kind: "delay", ms: 150 },
  });
  await sockets.start();
  await connected(2);
  clock.jump(20_000);
  await stays("it listens", () => kindsOf(hearing).join() === "listening");
  bench.twin.disconnectSockets("silence");
  say("into the void");
  await until("it is told", () => kindsOf(hearing).includes("connecting"));
  await until("it listens again", () => kindsOf(hearing).join() === "listening,connecting,listening");
  await until("Slack's own retry came", () => bodies.length > 0);
  await cutAfter(2);
});

test("sockets that are heard are left alone, however little is said", async () => {
  const { sockets, hearing } = open(QUICK);
  await sockets.start();
  await connected(2);
  for (let i = 0; i < 6; i += 1) await stays("two connections", () => bench.twin.connections() === 2);
  expect(bench.twin.calls).toHaveLength(2);
  expect(kindsOf(hearing)).toEqual(["listening"]);
});

test("the usual patience is fifteen seconds, and five at the most above it", async () => {
  const clock = fakeClock();
  const { sockets } = open({ clock });
  await sockets.start();
  await connected(2);
  await until("both are watched", () => clock.sleeping() === 2);
  // The fake clock runs while no ping does: to the adapter that is silence.
  await clock.advance(14_900);
  expect(bench.twin.calls).toHaveLength(2);
  await clock.advance(5_100);
  await until("both are replaced", () => bench.twin.calls.length === 4);
});

test("what keeps it from hearing is told: nothing at first, then Slack's refusal, then that it is well", async () => {
  const { sockets, hearing } = open({ refusedWaitMs: 200 });
  await sockets.start();
  await connected(2);
  bench.twin.refuseToken("app", "account_inactive");
  bench.twin.disconnectSockets("cut");
  await until("the refusal is told", () => kindsOf(hearing).includes("refused"));
  expect(hearing.at(-1)).toEqual({
    kind: "refused",
    why: "Slack refuses SLACK_APP_TOKEN (apps.connections.open: account_inactive)",
  });
  bench.twin.acceptToken("app");
  await connected(2);
  expect(kindsOf(hearing)).toEqual(["listening", "connecting", "refused", "listening"]);
});

test.each([
  ["account_inactive", undefined],
  ["missing_scope", undefined],
  ["link_disabled", "link_disabled"],
] as const)("after %s Slack is asked again rarely, and it is said once", async (code, reason) => {
  const clock = fakeClock();
  const { sockets, hearing, warnings } = open({ clock });
  await sockets.start();
  await connected(2);
  if (reason === undefined) bench.openFault(slackError(code), 99);
  bench.twin.disconnectSockets(reason ?? "cut");
  await until("both ended", () => bench.twin.connections() === 0);
  const asked = () => bench.twin.requests.length - 2;
  await clock.advance(2_000);
  await until("it is told", () => hearing.at(-1)?.kind === "refused");
  await until("both wait", () => clock.sleeping() === 2);
  const before = asked();
  await clock.advance(290_000);
  expect(asked()).toBe(before);
  await clock.advance(15_000);
  await until("both have asked again", () => asked() === before + 2);
  const said = warnings().filter((line) => String(line).startsWith("Slack refuses"));
  expect(said).toHaveLength(1);
});

test("where Slack is not reached for five minutes, a new process is asked for, until it is reached", async () => {
  const clock = fakeClock();
  const { sockets, hearing } = open({ clock });
  await sockets.start();
  await connected(2);
  let down = true;
  bench.twin.inject({
    matches: (request) => down && onMethod("apps.connections.open")(request),
    times: Infinity,
    effect: { kind: "answer", status: 503, body: "<html>" },
  });
  bench.twin.disconnectSockets("cut");
  await until("it is told", () => hearing.at(-1)?.kind === "connecting");
  for (let passed = 0; passed < 290_000; passed += 10_000) await clock.advance(10_000);
  expect(kindsOf(hearing)).not.toContain("dead");
  for (let passed = 0; passed < 60_000; passed += 10_000) await clock.advance(10_000);
  await until("a new process is asked for", () => hearing.at(-1)?.kind === "dead");
  down = false;
  await clock.advance(30_000);
  await until("it listens", () => kindsOf(hearing).length > 3);
  expect(kindsOf(hearing).slice(0, 4)).toEqual(["listening", "connecting", "dead", "listening"]);
});
