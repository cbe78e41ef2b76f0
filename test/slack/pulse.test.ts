import { channel } from "node:diagnostics_channel";
import { expect, test } from "vitest";
import { createPulse } from "../../src/slack/pulse.ts";
import { fakeClock } from "../fakes/clock.ts";

const ADDRESS = "ws://127.0.0.1:1/link/?ticket=a";

function start() {
  const clock = fakeClock();
  const pulse = createPulse({ clock, pingEveryMs: 5_000 });
  let silent = false;
  void pulse.silence().then(() => (silent = true));
  return { clock, pulse, isSilent: () => silent };
}
const publish = (name: "ping" | "pong", url: string) =>
  channel(`undici:websocket:${name}`).publish({ websocket: { url }, payload: Buffer.alloc(0) });

test("three pings in a row that bring nothing are silence; anything that comes begins anew", async () => {
  const { clock, pulse, isSilent } = start();
  await clock.advance(14_000);
  pulse.beat();
  await clock.advance(15_900);
  expect(isSilent()).toBe(false);
  await clock.advance(200);
  expect(isSilent()).toBe(true);
});

test("a process that stood still for a minute has waited for one ping, and blames nobody", async () => {
  let woken = () => {};
  const asleep = () => new Promise<void>((resolve) => (woken = resolve));
  let now = 0;
  const pulse = createPulse({
    clock: { now: () => now, monotonic: () => now, sleep: asleep },
    pingEveryMs: 5_000,
  });
  let silent = false;
  void pulse.silence().then(() => (silent = true));
  for (let i = 0; i < 4; i += 1) {
    now += 60_000;
    woken();
    // What Slack sent meanwhile is read when the process goes on.
    pulse.beat();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(silent).toBe(false);
  for (let i = 0; i < 3; i += 1) {
    woken();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(silent).toBe(true);
});

test("pings and pongs of its own socket count, and those of others do not", async () => {
  const { clock, pulse } = start();
  pulse.follow(ADDRESS);
  await clock.advance(8_000);
  expect(pulse.isFresh()).toBe(false);
  publish("pong", "ws://127.0.0.1:1/link/?ticket=b");
  expect(pulse.isFresh()).toBe(false);
  for (const name of ["ping", "pong"] as const) {
    publish(name, ADDRESS);
    expect(pulse.isFresh()).toBe(true);
    await clock.advance(7_500);
    expect(pulse.isFresh()).toBe(true);
    await clock.advance(1);
    expect(pulse.isFresh()).toBe(false);
  }
  pulse.stop();
});

test("one that was stopped is not heard, ends no more, and leaves nothing behind", async () => {
  const { clock, pulse, isSilent } = start();
  pulse.follow(ADDRESS);
  pulse.stop();
  pulse.follow(ADDRESS);
  publish("pong", ADDRESS);
  expect([pulse.isFresh(), clock.sleeping()]).toEqual([false, 0]);
  expect(channel("undici:websocket:pong").hasSubscribers).toBe(false);
  await clock.advance(60_000);
  expect(isSilent()).toBe(false);
});
