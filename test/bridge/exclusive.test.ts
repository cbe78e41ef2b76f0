import { afterEach, describe, expect, it } from "vitest";
import { createExclusive } from "../../src/bridge/exclusive.ts";
import type { Held } from "../../src/chat/platform.ts";
import { createLog } from "../../src/log.ts";
import { alone } from "../../src/store/alone.ts";
import type { Leases } from "../../src/store/replicas.ts";
import { type FakeClock, fakeClock } from "../fakes/clock.ts";

const log = createLog("silent");
const never = new AbortController().signal;
const held: Held[] = [];
afterEach(() => Promise.all(held.splice(0).map((one) => one.release())));

/** Leases that several processes share, each of which can lose its database. */
function createTable(clock: FakeClock) {
  const rows = new Map<string, { owner: string; until: number }>();
  const cut = new Set<string>();
  const leasesOf = (owner: string): Leases => ({
    take: async (name, ttlMs) => {
      if (cut.has(owner)) throw new Error("the database is away");
      const row = rows.get(name);
      if (row && row.owner !== owner && row.until > clock.monotonic()) return false;
      rows.set(name, { owner, until: clock.monotonic() + ttlMs });
      return true;
    },
    drop: async (name) => {
      if (cut.has(owner)) throw new Error("the database is away");
      if (rows.get(name)?.owner === owner) rows.delete(name);
    },
  });
  return {
    rows,
    cut,
    exclusiveOf: (owner: string) => createExclusive({ leases: leasesOf(owner), clock, log }),
  };
}

function open() {
  const clock = fakeClock();
  const table = createTable(clock);
  const hold = (owner: string, signal = never) => {
    const state: { held?: Held } = {};
    const waiting = table
      .exclusiveOf(owner)
      .hold("shard", signal)
      .then((one) => void held.push((state.held = one)));
    return { state, waiting };
  };
  return { clock, table, hold };
}

describe("a right", () => {
  it("is held by one process at a time, for as long as it likes", async () => {
    const { clock, hold } = open();
    const [a, b] = [hold("a"), hold("b")];
    await clock.advance(60_000);
    expect([a.state.held?.lost.aborted, b.state.held]).toEqual([false, undefined]);
    await a.state.held?.release();
    await clock.advance(1_000);
    expect(b.state.held?.lost.aborted).toBe(false);
    await b.state.held?.release();
    expect(clock.sleeping()).toBe(0);
  });

  it("is lost before another process can have it, when it cannot be renewed", async () => {
    const { clock, table, hold } = open();
    const a = hold("a");
    await clock.advance(3_000);
    const b = hold("b");
    table.cut.add("a");
    let overlapped = false;
    for (let ms = 0; ms < 12_000 && !b.state.held; ms += 100) {
      await clock.advance(100);
      overlapped ||= b.state.held !== undefined && a.state.held?.lost.aborted !== true;
    }
    expect([b.state.held !== undefined, a.state.held?.lost.aborted, overlapped]).toEqual([true, true, false]);
  });

  it("survives a database that is away for a moment", async () => {
    const { clock, table, hold } = open();
    const a = hold("a");
    await clock.advance(1_000);
    table.cut.add("a");
    await clock.advance(4_000);
    table.cut.delete("a");
    await clock.advance(30_000);
    expect(a.state.held?.lost.aborted).toBe(false);
  });

  it("is lost when another process has taken it", async () => {
    const { clock, table, hold } = open();
    const a = hold("a");
    await clock.advance(100);
    table.rows.set("shard", { owner: "b", until: clock.monotonic() + 8_000 });
    await clock.advance(2_000);
    expect(a.state.held?.lost.aborted).toBe(true);
    await a.state.held?.release();
    expect(table.rows.get("shard")?.owner).toBe("b");
  });

  it("is not waited for any more when it is no longer wanted", async () => {
    const { clock, table, hold } = open();
    hold("a");
    await clock.advance(1);
    const over = new AbortController();
    const b = hold("b", over.signal);
    await clock.advance(1_500);
    over.abort(new Error("enough"));
    await expect(b.waiting).rejects.toThrow("enough");
    await held.splice(0)[0]?.release();
    await clock.advance(5_000);
    expect([...table.rows.keys()]).toEqual([]);
  });

  it("is let go of when it is got just as it is no longer wanted", async () => {
    const clock = fakeClock();
    const over = new AbortController();
    const dropped: string[] = [];
    const leases: Leases = {
      take: async () => {
        over.abort(new Error("enough"));
        return true;
      },
      drop: async (name) => void dropped.push(name),
    };
    const waiting = createExclusive({ leases, clock, log }).hold("shard", over.signal);
    await expect(waiting).rejects.toThrow("enough");
    expect(dropped).toEqual(["shard"]);
  });

  it("is had at once where there is one process only", async () => {
    const clock = fakeClock();
    const one = await createExclusive({ leases: alone().leases, clock, log }).hold("shard", never);
    await clock.advance(60_000);
    expect(one.lost.aborted).toBe(false);
    await one.release();
    expect(clock.sleeping()).toBe(0);
  });
});
