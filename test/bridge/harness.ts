import { afterEach, expect } from "vitest";
import type { Behaviour } from "../../src/bridge/answer.ts";
import { type Bridge, type CatchUpRules, createBridge } from "../../src/bridge/bridge.ts";
import { createHealth, type Health } from "../../src/bridge/health.ts";
import type { Workers } from "../../src/bridge/workers.ts";
import type { Budget } from "../../src/chat/budget.ts";
import type { Clock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import type { AnswerRules } from "../../src/reply/decide.ts";
import { openSqlite, type Opened } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { fakeClock, type FakeClock, wallClock } from "../fakes/clock.ts";
import { createFakeMetrics, type FakeMetrics } from "../fakes/metrics.ts";
import { createFakePlatform, type FakePlatform } from "../fakes/platform.ts";
import type { FakeProcess } from "../fakes/process.ts";
import { createFakeTelnyx, type FakeTelnyx } from "../fakes/telnyx.ts";
import { MIGRATED, migratedAt } from "../store/migrated.ts";

export const LATE_AFTER_MS = 15 * 60_000;

export interface Running {
  readonly process: FakeProcess;
  readonly bridge: Bridge;
  readonly health: Health;
  /** Why a new process should take over. */
  readonly dead: readonly Error[];
  readonly workers: Workers;
  readonly database: Opened;
}

export interface Bench {
  readonly clock: FakeClock;
  /** Sets the wall clock of the bot's machine forward, or back; the platform and Telnyx have clocks of their own. */
  readonly setClock: (ms: number) => void;
  readonly chat: FakePlatform;
  readonly telnyx: FakeTelnyx;
  /** Of all processes that ran. */
  readonly metrics: FakeMetrics;
  readonly lines: string[];
  /** The bridge that runs now. */
  now(): Running;
  /** Ends the process as kill -9 does. */
  readonly kill: () => Promise<void>;
  /** Ends the process as kill -9 does, and starts another on the same database and platforms. */
  readonly crash: () => Promise<void>;
  /** Lets time pass until nothing is left to do (at most `ms`). */
  readonly settle: (ms?: number) => Promise<void>;
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly path?: string;
  readonly pageLength?: number;
  readonly budgets?: readonly Budget[];
  readonly behaviour?: Partial<Behaviour>;
  readonly rules?: Partial<AnswerRules>;
  readonly catchUp?: Partial<CatchUpRules>;
  /** Comes between the bridge and its store. */
  readonly storeAs?: (store: Store) => Store;
}

/** The real bridge and the real store, between a fake platform and a fake Telnyx, in time that the test moves. */
export async function openBench(options: BenchOptions = {}): Promise<Bench> {
  const clock = fakeClock();
  const wall = wallClock(clock);
  const { budgets, pageLength } = options;
  const chat = createFakePlatform({ clock, ...(budgets && { budgets }), ...(pageLength && { pageLength }) });
  const telnyx = createFakeTelnyx({ now: () => clock.now() });
  const metrics = createFakeMetrics();
  const lines: string[] = [];
  const log = createLog("debug", [], { write: (line) => void lines.push(line) });
  let running = await start({ clock: wall, chat, telnyx, metrics, log, options });

  const kill = async () => {
    running.process.kill();
    await running.database.close();
    // What is left of the dead process must not go on: it can write nothing, but it would still ask Telnyx.
    running.bridge.stop(0).catch(() => undefined);
  };

  return {
    clock,
    setClock: wall.set,
    chat,
    telnyx,
    metrics,
    lines,
    now: () => running,
    kill,
    crash: async () => {
      await kill();
      running = await start({ clock: wall, chat, telnyx, metrics, log, options });
    },
    settle: async (ms = 120_000) => {
      for (let passed = 0; passed < ms; passed += 1_000) await clock.advance(1_000);
    },
    close: async () => {
      const stopped = running.bridge.stop(0);
      await clock.advance(1);
      await stopped;
      await running.process.stop();
      await running.database.close();
    },
  };
}

/** Opens benches, and at each test's end closes them, having seen that nothing is left over. */
export function useBenches(): (options?: BenchOptions) => Promise<Bench> {
  const benches: Bench[] = [];
  afterEach(async () => {
    for (const bench of benches.splice(0)) {
      expect(bench.chat.violations).toEqual([]);
      expect(bench.chat.indicating.size).toBe(0);
      await bench.close();
      expect(bench.clock.sleeping()).toBe(0);
    }
  });
  return async (options) => {
    const bench = await openBench(options);
    benches.push(bench);
    return bench;
  };
}

interface StartDeps extends Pick<Bench, "chat" | "telnyx" | "metrics"> {
  readonly clock: Clock;
  readonly log: ReturnType<typeof createLog>;
  readonly options: BenchOptions;
}

async function start({ clock, chat, telnyx, metrics, log, options }: StartDeps): Promise<Running> {
  const database = openSqlite({ path: migratedAt(options.path ?? ":memory:"), begin: MIGRATED, log, clock });
  const process = chat.connect();
  const behaviour = { name: "Patch", model: "test/model", instructions: "Be brief.", ...options.behaviour };
  const health = createHealth(log);
  const dead: Error[] = [];
  const bridge = createBridge({
    ...database,
    store: options.storeAs?.(database.store) ?? database.store,
    telnyx,
    clock,
    log,
    health,
    metrics,
    platforms: [process],
    links: { linkTo: (_, { place, id }) => `https://fake.example/${place}/${id}` },
    rules: { dm: true, channels: "mentions", overrides: new Map(), ...options.rules },
    catchUp: { enabled: true, lateAfterMs: LATE_AFTER_MS, ...options.catchUp },
    behaviourIn: () => behaviour,
    priceOf: (model) => (model === "test/model" ? { prompt: 0.3, completion: 1.2 } : undefined),
    newKey: () => crypto.randomUUID(),
    commands: [],
    onDead: (why) => void dead.push(why),
  });
  await process.start(bridge.listenerFor(process));
  bridge.start();
  return { process, bridge, workers: bridge.workers, database, health, dead };
}
