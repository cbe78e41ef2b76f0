import { afterEach, beforeEach } from "vitest";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { FaultEffect } from "../../src/sandbox/server.ts";
import type { SlackTwin, SlackTwinOptions } from "../../src/sandbox/slack/contract.ts";
import { onMethod } from "../../src/sandbox/slack/faults.ts";
import { startSlackTwin } from "../../src/sandbox/slack/twin.ts";
import type { Hearing } from "../../src/slack/conditions.ts";
import type { Json } from "../../src/slack/json.ts";
import { createSockets, type Sockets, type SocketsDeps } from "../../src/slack/sockets.ts";
import { until } from "../eventually.ts";
import { keptLog } from "./kit.ts";

export interface Opened {
  readonly sockets: Sockets;
  /** What was delivered, and acknowledged. */
  readonly bodies: readonly Json[];
  readonly hearing: readonly Hearing[];
  readonly warnings: () => readonly unknown[];
}

export interface SocketBench {
  twin: SlackTwin;
  readonly open: (deps?: Partial<SocketsDeps>) => Opened;
  readonly connected: (count: number) => Promise<void>;
  /** A person says something to the bot. */
  readonly say: (text: string) => void;
  /** What the next requests for an address get. */
  readonly openFault: (effect: FaultEffect, times?: number) => void;
}

/** Sockets on a twin, made anew for each test of the file that calls it. */
export function useSockets(options: SlackTwinOptions = {}): SocketBench {
  const running: Sockets[] = [];
  let ada: string;
  let channel: string;
  beforeEach(async () => {
    bench.twin = await startSlackTwin({
      delivery: { ackTimeoutMs: 300, retryAfterMs: [50, 50, 50, 500, 500] },
      ...options,
    });
    ada = bench.twin.addUser({ name: "ada" });
    channel = bench.twin.openDm(ada);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((sockets) => sockets.stop()));
    await bench.twin.close();
  });
  const open: SocketBench["open"] = (deps = {}) => {
    const { log, lines } = keptLog();
    const bodies: Json[] = [];
    const hearing: Hearing[] = [];
    const sockets = createSockets({
      appToken: bench.twin.appToken,
      apiUrl: bench.twin.apiUrl,
      clock: systemClock,
      log,
      hearing: (now) => void hearing.push(now),
      deliver: async ({ body, ack }) => {
        bodies.push(body as Json);
        await ack();
      },
      ...deps,
    });
    running.push(sockets);
    const warnings = () => lines.filter((line) => Number(line["level"]) >= 40).map((line) => line["msg"]);
    return { sockets, bodies, hearing, warnings };
  };
  const bench: SocketBench = {
    // Made before each test.
    twin: undefined as unknown as SlackTwin,
    open,
    connected: (count) => until(`${count} connections`, () => bench.twin.connections() === count),
    say: (text) => void bench.twin.say({ channel, user: ada, text }),
    openFault: (effect, times = 1) =>
      bench.twin.inject({ matches: onMethod("apps.connections.open"), times, effect }),
  };
  return bench;
}

/** Something that is not so now could still become so: it is watched for a while. */
export async function stays(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + 300;
  await until(what, () => {
    if (!condition()) throw new Error(`no longer so: ${what}`);
    return performance.now() > end;
  });
}

export interface JumpingClock extends Clock {
  jump(ms: number): void;
  /** How long each wait was to be that somebody began, in milliseconds. */
  readonly waits: number[];
}

/** The system's clock, on which time can be lost without waiting for it: what was opened before has had a good life then. */
export function jumping(): JumpingClock {
  let lost = 0;
  const waits: number[] = [];
  return {
    ...systemClock,
    monotonic: () => systemClock.monotonic() + lost,
    sleep: (ms, signal) => {
      waits.push(ms);
      return systemClock.sleep(ms, signal);
    },
    waits,
    jump: (ms: number) => void (lost += ms),
  };
}
