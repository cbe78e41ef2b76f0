import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGate } from "../../src/bridge/gate.ts";
import { createHealth, type Health } from "../../src/bridge/health.ts";
import { createWorkers, type Workers } from "../../src/bridge/workers.ts";
import { createLog } from "../../src/log.ts";
import type { Mailbox, Settled } from "../../src/store/mailbox.ts";
import { type Opened, openSqlite } from "../../src/store/open.ts";
import { LEASE_MS } from "../../src/store/sql-mailbox.ts";
import { messageIn } from "../contracts/store-bench.ts";
import { type FakeClock, fakeClock } from "../fakes/clock.ts";
import { MIGRATED } from "../store/migrated.ts";

let clock: FakeClock;
let database: Opened;
let workers: Workers;
let health: Health;
let lines: string[];
let runs: Run[];

interface Run {
  readonly key: string;
  readonly at: number;
  readonly signal: AbortSignal;
  readonly end: () => void;
}

beforeEach(() => {
  clock = fakeClock();
  lines = [];
  runs = [];
  database = openSqlite({ path: ":memory:", begin: MIGRATED, log: createLog("silent"), clock });
});
afterEach(async () => {
  for (const { end } of runs) end();
  const stopped = workers.stop(0);
  await clock.advance(10_000);
  await stopped;
  await database.close();
  expect(clock.sleeping()).toBe(0);
});

/** Turns run until the test ends them, or a signal does. */
function begin(mailbox: Partial<Mailbox> = {}): Mailbox {
  const log = createLog("info", [], { write: (line) => void lines.push(line) });
  const whole = { ...database.mailbox, ...mailbox };
  health = createHealth(log);
  workers = createWorkers({
    clock,
    log,
    health,
    mailbox: whole,
    gate: createGate(clock),
    respond: (turn, _, signal) =>
      new Promise<Settled>((resolve, reject) => {
        const end = () => resolve({ turn: turn.id, kind: "done" });
        runs.push({ key: turn.message.id, at: clock.monotonic(), signal, end });
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      }),
  });
  workers.start();
  return whole;
}

const away = async () => Promise.reject(new Error("the database is away"));
const ran = () => runs.map(({ key }) => key);

describe("workers that cannot renew their leases", () => {
  it("break off what runs after half a lease, and go on when the database answers", async () => {
    let isAway = false;
    const { mailbox } = database;
    begin({
      renew: () => (isAway ? away() : mailbox.renew()),
      handOver: () => (isAway ? away() : mailbox.handOver()),
      sweep: (room) => (isAway ? away() : mailbox.sweep(room)),
    });
    await database.mailbox.add(messageIn("p", "1"), false);
    await clock.advance(21_000);
    isAway = true;
    const [first] = runs;
    while (!first!.signal.aborted) await clock.advance(100);
    // The last renewal was at 20 s; by the end of the lease of then, others run it.
    expect(clock.monotonic() - 20_000).toBeLessThan(LEASE_MS - 10_000);
    expect(workers.hasRoom()).toBe(false);
    expect(health.problems().join()).toMatch(/broken off/);
    const told = lines.length;
    await clock.advance(120_000);
    expect(ran()).toEqual(["1"]);
    expect(lines.length - told, "it is not said again and again").toBeLessThan(3);
    isAway = false;
    await clock.advance(5_000);
    expect(ran()).toEqual(["1", "1"]);
    expect([workers.hasRoom(), health.problems()]).toEqual([true, []]);
  });

  it("break off also when no answer comes at all", async () => {
    begin({ renew: () => new Promise(() => {}) });
    await database.mailbox.add(messageIn("p", "1"), false);
    await clock.advance(25_000);
    expect(runs[0]?.signal.aborted).toBe(true);
  });

  it("keep what they run while the leases are good, whatever else fails", async () => {
    begin({ sweep: away });
    const added = await database.mailbox.add(messageIn("p", "1"), true);
    if (added.kind === "new" && added.claim) workers.run(added.claim);
    await clock.advance(300_000);
    expect([ran(), runs[0]?.signal.aborted]).toEqual([["1"], false]);
    expect(health.problems()).toHaveLength(1);
    expect(lines.filter((line) => line.includes('"level":40'))).toHaveLength(1);
  });

  it("do not mind the time for which they had nothing to renew", async () => {
    begin();
    await clock.advance(120_000);
    await database.mailbox.add(messageIn("p", "1"), false);
    await clock.advance(5_000);
    expect([ran(), runs[0]?.signal.aborted]).toEqual([["1"], false]);
  });
});

describe("workers that are told that others may take over", () => {
  it("break off at once, hand over and take anew", async () => {
    begin();
    await database.mailbox.add(messageIn("p", "1"), false);
    await clock.advance(1_000);
    workers.lose(new Error("the connection is gone"));
    expect(runs[0]?.signal.aborted).toBe(true);
    await clock.advance(3_000);
    expect(ran()).toEqual(["1", "1"]);
  });

  it("hand over also what they were given in the meantime", async () => {
    const gate = Promise.withResolvers<void>();
    let handovers = 0;
    const { mailbox } = database;
    begin({
      handOver: async () => {
        handovers += 1;
        await mailbox.handOver();
        if (handovers === 1) await gate.promise;
      },
    });
    await database.mailbox.add(messageIn("p", "1"), false);
    await clock.advance(1_000);
    workers.lose(new Error("the connection is gone"));
    await clock.advance(3_000);
    const added = await database.mailbox.add(messageIn("q", "2"), true); // its room was asked for before
    if (added.kind === "new" && added.claim) workers.run(added.claim);
    gate.resolve();
    await clock.advance(5_000);
    expect(ran().toSorted()).toEqual(["1", "1", "2"]);
  });
});

describe("a renewal", () => {
  it("brings what this process was given without hearing of it, once", async () => {
    let answers = 0;
    const { mailbox } = database;
    begin({
      sweep: async (room) => {
        const claims = await mailbox.sweep(room);
        answers += claims.length;
        if (answers === 2 && claims.length > 0) throw new Error("the answer was lost");
        return claims;
      },
    });
    await database.mailbox.add(messageIn("p", "1"), false);
    await clock.advance(1_000);
    await database.mailbox.add(messageIn("q", "2"), false);
    await clock.advance(60_000);
    expect(ran()).toEqual(["1", "2"]);
  });

  it("ends what another process has by now, and nothing else", async () => {
    const { mailbox } = database;
    const gone = new Set<string>();
    begin({ renew: async () => (await mailbox.renew()).filter(({ place }) => !gone.has(place)) });
    await database.mailbox.add(messageIn("p", "1"), false);
    await database.mailbox.add(messageIn("q", "2"), false);
    await clock.advance(15_000);
    gone.add("p");
    await clock.advance(6_000);
    expect(Object.fromEntries(runs.map(({ key, signal }) => [key, signal.aborted]))).toEqual({
      1: true,
      2: false,
    });
  });

  it("is made also while live replies finish before a stop", async () => {
    begin();
    await database.mailbox.add(messageIn("p", "1"), false);
    await clock.advance(9_000);
    const stopped = workers.stop(40_000);
    await clock.advance(35_000);
    expect(await database.mailbox.sweep(5)).toEqual([]);
    runs[0]?.end();
    await clock.advance(1_000);
    await stopped;
    expect(await database.mailbox.sweep(5)).toEqual([]); // it is settled, and nothing is left
  });
});
