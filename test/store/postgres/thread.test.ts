import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { createLog } from "../../../src/log.ts";
import { openPostgres } from "../../../src/store/open.ts";
import { workingThread, type WorkingThread } from "../../../src/store/postgres/thread.ts";
import { addTaking, p } from "../../contracts/store-bench.ts";
import { newDatabase } from "../../postgres/database.ts";
import { COUNTING } from "../sqlite/works.ts";

const log = createLog("silent");
const database = await newDatabase();
const opened = await openPostgres({ url: database.url, log });
afterAll(async () => {
  await opened.close();
  await database.drop();
});
await addTaking(opened.mailbox, p, "1");
await opened.archive.refresh();

const ALL = { kind: "all", of: [] } as const;

/** What works did, seen from here. */
function counters() {
  const seen = new SharedArrayBuffer(2);
  return {
    seen,
    begun: () => Atomics.load(new Uint8Array(seen), 0),
    ended: () => Atomics.load(new Uint8Array(seen), 1),
  };
}

async function working(body: (thread: WorkingThread) => Promise<void>): Promise<void> {
  const thread = workingThread(database.url, "postgres://somewhere");
  try {
    await body(thread);
  } finally {
    await thread.close();
  }
}

it("sums what the bot stored, where it is in nobody's way", async () => {
  const connections = () =>
    database.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database()");
  const before = await connections();
  expect(await opened.archive.sums(ALL, [{}])).toMatchObject([[{ turns: 1 }]]);
  // Those of the thread, which nothing else has begun.
  expect((await connections()).length).toBeGreaterThan(before.length);
});

describe("work on the thread", () => {
  it("reads the database, and gives its pieces in order", async () => {
    const { seen, ended } = counters();
    expect(await Array.fromAsync(opened.aside.run(COUNTING, { pieces: 3, seen }))).toEqual(
      [1, 2, 3].map((piece) => ({ count: 1, bytes: Uint8Array.of(piece) })),
    );
    expect(ended()).toBe(1);
  });

  it("does not wait for another whose pieces nobody takes", () =>
    working(async (thread) => {
      const { seen, begun } = counters();
      const slow = thread.run(COUNTING, { pieces: 9, seen })[Symbol.asyncIterator]();
      await slow.next();
      expect(await Array.fromAsync(thread.run(COUNTING, { pieces: 3, seen: counters().seen }))).toHaveLength(
        3,
      );
      expect(begun()).toBe(2);
      await slow.return?.();
    }));

  it("does not wait for another that waits for the server, and is broken off when the thread is closed", async () => {
    await using lock = await locked("turn_facts");
    await working(async (thread) => {
      const held = Array.fromAsync(thread.run(COUNTING, { pieces: 1, seen: counters().seen }));
      const failed = expect(held).rejects.toMatchObject({
        code: "database_failed",
        message: expect.stringContaining("postgres://somewhere failed. (it was closed while it was read)"),
      });
      await lock.waitedFor();
      const { seen, ended } = counters();
      expect(await Array.fromAsync(thread.run(COUNTING, { pieces: 0, seen }))).toEqual([]);
      expect(ended()).toBe(1);
      await thread.close();
      await failed;
      await expect(
        Array.fromAsync(thread.run(COUNTING, { pieces: 0, seen: counters().seen })),
      ).rejects.toMatchObject({ code: "database_failed" });
    });
  });

  it("fails with what went wrong, and the thread goes on", () =>
    working(async (thread) => {
      const failing = (fails: "as itself" | "as ours") =>
        Array.fromAsync(thread.run(COUNTING, { pieces: 1, fails, seen: counters().seen }));
      await expect(failing("as ours")).rejects.toMatchObject({
        code: "query_too_large",
        message: "Ask for less.",
      });
      await expect(failing("as itself")).rejects.toMatchObject({
        code: "database_failed",
        message: expect.stringContaining("it broke"),
      });
      expect(await Array.fromAsync(thread.run(COUNTING, { pieces: 1, seen: counters().seen }))).toHaveLength(
        1,
      );
    }));

  it("says what is wrong where there is no such database", async () => {
    const url = new URL(database.url);
    url.pathname = "none";
    const thread = workingThread(url.href, "postgres://somewhere");
    await expect(
      Array.fromAsync(thread.run(COUNTING, { pieces: 1, seen: counters().seen })),
    ).rejects.toMatchObject({ code: "database_missing" });
    await thread.close();
  });
});

/** A table that nobody else can read until this is disposed of. */
async function locked(table: string) {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query("BEGIN");
  await client.query(`LOCK TABLE ${table}`);
  return {
    /** Resolves when somebody waits for it. */
    waitedFor: () =>
      expect
        .poll(() =>
          database.query("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = $1::regclass", [table]),
        )
        .not.toEqual([]),
    [Symbol.asyncDispose]: () => client.end(),
  };
}
