import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import Database from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import { createLog } from "../../../src/log.ts";
import { asideHere } from "../../../src/store/aside.ts";
import { openSqlite } from "../../../src/store/open.ts";
import { openFile } from "../../../src/store/sqlite/file.ts";
import { type ReadingThread, readingThread } from "../../../src/store/sqlite/thread.ts";
import { addTaking, p } from "../../contracts/store-bench.ts";
import { COUNTING } from "./works.ts";

const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
let files = 0;
const newPath = () => join(folder, `thread ${(files += 1)}.db`);
afterAll(() => rmSync(folder, { recursive: true }));

/** Takes SQLite as long as it takes Node to do very much else. */
const LONG = {
  sql: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT max(i) AS last FROM n",
  values: [300_000],
};
const SHORT = { sql: "SELECT $1 AS it", values: ["x"] };

/** A file, and a thread that reads it. */
async function reading(body: (thread: ReadingThread, path: string) => Promise<void>): Promise<void> {
  const path = newPath();
  const file = openFile(path);
  const thread = readingThread(path);
  try {
    await body(thread, path);
  } finally {
    await thread.close();
    file.close();
  }
}

it("leaves the process to others while a statement waits or runs, and answers in turn", async () => {
  const path = newPath();
  openFile(path).close();
  // As long as somebody has the file to themselves, the statement waits: wherever it runs.
  const alone = new Database(path);
  alone.pragma("locking_mode = EXCLUSIVE");
  alone.exec("BEGIN EXCLUSIVE");
  const thread = readingThread(path);
  const answered: string[] = [];
  const long = thread
    .read({ sql: "SELECT count(*) AS n FROM deaf", values: [] })
    .then(([row]) => answered.push(String(row?.["n"])));
  const short = thread.read(SHORT).then(([row]) => answered.push(String(row?.["it"])));
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
  expect(answered).toEqual([]);
  alone.close();
  await Promise.all([long, short]);
  expect(answered).toEqual(["0", "x"]);
  await thread.close();
});

it("sees what was committed before, and writes nothing", async () => {
  const path = newPath();
  const { db, close } = openFile(path);
  const thread = readingThread(path);
  const count = { sql: "SELECT count(*) AS n FROM deaf", values: [] };
  const insert = "INSERT INTO deaf (platform, at) VALUES ('chat', 1)";
  expect(await thread.read(count)).toEqual([{ n: 0 }]);
  db.exec(insert);
  expect(await thread.read(count)).toEqual([{ n: 1 }]);
  await expect(thread.read({ sql: `${insert} RETURNING 1`, values: [] })).rejects.toMatchObject({
    code: "database_readonly",
  });
  await thread.close();
  close();
  expect(existsSync(`${path}-wal`)).toBe(false);
});

it("tells what was wrong with a statement, and goes on with the next", () =>
  reading(async (thread, path) => {
    await expect(thread.read({ sql: "SELECT * FROM nothing", values: [] })).rejects.toMatchObject({
      code: "database_failed",
      message: expect.stringContaining(path),
    });
    expect(await thread.read(SHORT)).toEqual([{ it: "x" }]);
  }));

it("waits for a file that is not there yet with an error that says so", async () => {
  const path = newPath();
  const thread = readingThread(path);
  await expect(thread.read(SHORT)).rejects.toMatchObject({ code: "database_unreachable" });
  const { close } = openFile(path);
  expect(await thread.read(SHORT)).toEqual([{ it: "x" }]);
  await thread.close();
  close();
});

it("does alone what no reader may be in the way of", () =>
  reading(async (thread) => {
    const order: string[] = [];
    const note = (what: string) => () => void order.push(what);
    const before = thread.read(LONG).then(note("read before"));
    const alone = thread.alone(async () => {
      order.push("begins");
      await setImmediate();
      order.push("ends");
    });
    const after = thread.read(SHORT).then(note("read after"));
    await Promise.all([before, alone, after]);
    expect(order).toEqual(["read before", "begins", "ends", "read after"]);
  }));

it("breaks off what it reads when it is closed, and reads nothing more", () =>
  reading(async (thread) => {
    const endless = thread.read({ ...LONG, values: [3_000_000] });
    const failed = expect(endless).rejects.toMatchObject({ code: "database_failed" });
    await setImmediate();
    await thread.close();
    await failed;
    await expect(thread.read(SHORT)).rejects.toMatchObject({ code: "database_failed" });
    await thread.close();
  }));

it("finds for admins what the bot stored, and what is forgotten leaves the log while they read", async () => {
  const { mailbox, archive, erasure, close } = openSqlite({ path: newPath(), log: createLog("silent") });
  await addTaking(mailbox, p, "1");
  await archive.refresh();
  const search = {
    where: { kind: "all", of: [] },
    sort: { by: "active", direction: "desc" },
    limit: 9,
  } as const;
  const [found] = await Promise.all([
    archive.turns(search),
    archive.sums(search.where, [{}]),
    erasure.clean(),
  ]);
  expect(found.rows.map(({ place }) => place)).toEqual([p]);
  await close();
});

describe("work where the reading is done", () => {
  const counters = () => {
    const seen = new SharedArrayBuffer(2);
    const [begun, ended] = [0, 1].map((at) => () => Atomics.load(new Uint8Array(seen), at));
    return { seen, begun: begun ?? (() => -1), ended: ended ?? (() => -1) };
  };

  it("gives its pieces in order, as it does on this thread", () =>
    reading(async (thread, path) => {
      const { seen, ended } = counters();
      const there = await Array.fromAsync(thread.run(COUNTING, { pieces: 3, seen }));
      expect(there).toEqual([1, 2, 3].map((piece) => ({ count: 0, bytes: Uint8Array.of(piece) })));
      expect(ended()).toBe(1);
      const { archive, close } = openSqlite({ path: `${path} here`, log: createLog("silent") });
      expect(await Array.fromAsync(asideHere(archive).run(COUNTING, { pieces: 3, seen }))).toEqual(there);
      await close();
    }));

  it("makes one piece ahead of whoever takes them, and reads for others in between", () =>
    reading(async (thread) => {
      const { seen, begun } = counters();
      const pieces = thread.run(COUNTING, { pieces: 9, seen })[Symbol.asyncIterator]();
      expect(begun()).toBe(0);
      for (let taken = 1; taken <= 3; taken += 1) {
        await pieces.next();
        // Behind what was asked for ahead.
        expect(await thread.read(SHORT)).toEqual([{ it: "x" }]);
        expect(begun()).toBe(taken + 1);
      }
      await pieces.return?.();
    }));

  it("ends when nobody wants more of it", () =>
    reading(async (thread) => {
      const { seen, begun, ended } = counters();
      for await (const _ of thread.run(COUNTING, { pieces: 99, seen })) break;
      expect([begun(), ended()]).toEqual([2, 1]);
      expect(await thread.read(SHORT)).toEqual([{ it: "x" }]);
    }));

  it("fails with what went wrong, and the thread goes on", () =>
    reading(async (thread) => {
      const { seen } = counters();
      const failing = (fails: "as itself" | "as ours") =>
        Array.fromAsync(thread.run(COUNTING, { pieces: 1, fails, seen }));
      await expect(failing("as ours")).rejects.toMatchObject({
        code: "query_too_large",
        message: "Ask for less.",
      });
      await expect(failing("as itself")).rejects.toMatchObject({
        code: "database_failed",
        cause: { message: "it broke", stack: expect.stringContaining("works.ts") },
      });
      expect(await thread.read(SHORT)).toEqual([{ it: "x" }]);
    }));

  it("leaves room between its pieces for what no reader may be in the way of", () =>
    reading(async (thread) => {
      const { seen, begun } = counters();
      const pieces = thread.run(COUNTING, { pieces: 9, seen })[Symbol.asyncIterator]();
      await pieces.next();
      const before = await thread.alone(async () => begun());
      const [, after] = await Promise.all([pieces.next(), thread.alone(async () => begun())]);
      expect(before).toBe(2);
      expect(after).toBeLessThanOrEqual(3);
      await pieces.return?.();
    }));

  it("is broken off when the thread is closed, and nobody who ends it waits", () =>
    reading(async (thread) => {
      const { seen } = counters();
      const pieces = thread.run(COUNTING, { pieces: 99, seen })[Symbol.asyncIterator]();
      await pieces.next();
      const left = thread.run(COUNTING, { pieces: 99, seen })[Symbol.asyncIterator]();
      await left.next();
      await thread.close();
      await left.return?.();
      await expect(Array.fromAsync({ [Symbol.asyncIterator]: () => pieces })).rejects.toMatchObject({
        code: "database_failed",
      });
    }));
});
