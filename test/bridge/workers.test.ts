import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGate } from "../../src/bridge/gate.ts";
import { createHealth, type Health } from "../../src/bridge/health.ts";
import { createWorkers, type Workers } from "../../src/bridge/workers.ts";
import type { Message } from "../../src/chat/message.ts";
import type { Place } from "../../src/chat/place.ts";
import { createLog } from "../../src/log.ts";
import type { Mailbox, Settled, Turn } from "../../src/store/mailbox.ts";
import { type Opened, openSqlite } from "../../src/store/open.ts";
import { type FakeClock, fakeClock } from "../fakes/clock.ts";
import { MIGRATED } from "../store/migrated.ts";

let clock: FakeClock;
let database: Opened;
let workers: Workers;
let health: Health;
const log = createLog("silent");

const message = (place: string, key: string): Message => ({
  key,
  platform: "fake",
  place: place as Place,
  id: key as Message["id"],
  sentAt: 1,
  author: { id: "U1", name: "Ada", kind: "person" },
  text: key,
  call: { mentionsBot: true, repliesToBot: false, mentionsOthers: false, inThread: false, startsPlace: true },
  where: { workspaceId: "W", channelId: "C", channelKind: "public" },
});
const done = (turn: Turn): Settled => ({ turn: turn.id, kind: "done" });

beforeEach(() => {
  clock = fakeClock();
  database = openSqlite({ path: ":memory:", begin: MIGRATED, log, clock });
});
afterEach(async () => {
  const stopped = workers.stop(0);
  await clock.advance(1);
  await stopped;
  await database.close();
  expect(clock.sleeping()).toBe(0);
});

function begin(
  respond: (turn: Turn, signal: AbortSignal) => Promise<Settled>,
  mailbox: Mailbox = database.mailbox,
) {
  health = createHealth(log);
  workers = createWorkers({
    mailbox,
    clock,
    log,
    health,
    gate: createGate(clock),
    respond: (turn, _, signal) => respond(turn, signal),
  });
  workers.start();
}

describe("the workers", () => {
  it("find what was stored while nobody ran it", async () => {
    await database.mailbox.add(message("p", "m1"), false);
    const ran: string[] = [];
    begin(async (turn) => {
      ran.push(turn.message.key);
      return done(turn);
    });
    await clock.advance(1_000);
    expect(ran).toEqual(["m1"]);
  });

  it("keep a mailbox that cannot be read for a moment, and settle no turn twice", async () => {
    let failures = 3;
    const ran: string[] = [];
    const flaky: Mailbox = {
      ...database.mailbox,
      next: (claim, settled) => {
        failures -= 1;
        return failures >= 0 && failures < 2
          ? Promise.reject(new Error("disk full"))
          : database.mailbox.next(claim, settled);
      },
    };
    begin(async (turn) => {
      ran.push(turn.message.key);
      return done(turn);
    }, flaky);
    await database.mailbox.add(message("p", "m1"), false);
    await database.mailbox.add(message("p", "m2"), false);
    await clock.advance(20_000);
    expect(ran).toEqual(["m1", "m2"]);
    expect(failures).toBeLessThan(0);
  });

  it("run a turn again whose run broke off without settling it", async () => {
    let runs = 0;
    begin(async (turn) => {
      runs += 1;
      if (runs === 1) throw new Error("the database went away");
      return done(turn);
    });
    await database.mailbox.add(message("p", "m1"), false);
    await clock.advance(5_000);
    expect(runs).toBe(2);
  });

  it("wait as long as a turn wants before it is tried again, and hold up its place alone", async () => {
    const ran: string[] = [];
    begin(async (turn) => {
      ran.push(turn.message.key);
      if (turn.message.key === "m1" && turn.tries === 0)
        return { turn: turn.id, kind: "retry", delayMs: 10_000, error: "later" };
      return done(turn);
    });
    await database.mailbox.add(message("p", "m1"), false);
    await database.mailbox.add(message("p", "m2"), false);
    await database.mailbox.add(message("q", "n1"), false);
    await clock.advance(5_000);
    expect(ran.toSorted()).toEqual(["m1", "n1"]);
    await clock.advance(10_000);
    expect(ran.slice(2)).toEqual(["m1", "m2"]);
  });

  it("let a live reply finish when they are stopped, and begin no other", async () => {
    const gate = Promise.withResolvers<void>();
    const ran: string[] = [];
    begin(async (turn) => {
      await gate.promise;
      ran.push(turn.message.key);
      return done(turn);
    });
    await database.mailbox.add(message("p", "m1"), false);
    await database.mailbox.add(message("p", "m2"), false);
    await clock.advance(1_000);
    const stopped = workers.stop(25_000);
    await clock.advance(5_000);
    expect(workers.hasRoom()).toBe(false);
    gate.resolve();
    await clock.advance(1);
    await stopped;
    expect(ran).toEqual(["m1"]);
    expect(await database.mailbox.sweep(5)).toHaveLength(1); // m2 is free for whoever comes next
  });

  it("break off what does not finish in time, and hand its turn over unsettled", async () => {
    begin(
      (turn, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
          void turn;
          void resolve;
        }),
    );
    await database.mailbox.add(message("p", "m1"), false);
    await clock.advance(1_000);
    const stopped = workers.stop(25_000);
    await clock.advance(25_000);
    await stopped;
    const [claim] = await database.mailbox.sweep(5);
    expect((await database.mailbox.next(claim!))?.message.key).toBe("m1");
  });

  it("hand over what a sweep took while they were being stopped", async () => {
    const gate = Promise.withResolvers<void>();
    const slow: Mailbox = {
      ...database.mailbox,
      sweep: async (room) => {
        await gate.promise;
        return database.mailbox.sweep(room);
      },
    };
    const ran: string[] = [];
    begin(async (turn) => {
      ran.push(turn.message.key);
      return done(turn);
    }, slow);
    await database.mailbox.add(message("p", "m1"), false);
    const stopped = workers.stop(25_000);
    await clock.advance(100);
    gate.resolve();
    await clock.advance(30_000);
    await stopped;
    expect(ran).toEqual([]);
    expect(await database.mailbox.sweep(5)).toHaveLength(1);
  });

  it("renew the leases of what they run, so that nobody else takes it", async () => {
    begin(
      (_, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason as Error)),
        ),
    );
    await database.mailbox.add(message("p", "m1"), false);
    await clock.advance(120_000);
    expect(await database.mailbox.sweep(5)).toEqual([]);
  });
});
