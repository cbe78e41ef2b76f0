import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import { createLog } from "../../src/log.ts";
import { isPostgres, openDatabase, openSqlite, type Opened } from "../../src/store/open.ts";
import { openFile } from "../../src/store/sqlite/file.ts";
import { addTaking, messageIn } from "../contracts/store-bench.ts";
import { fakeClock } from "../fakes/clock.ts";
import { sqliteBench } from "./bench.ts";

const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
let files = 0;
const newPath = () => join(folder, `open ${(files += 1)}.db`);
const log = createLog("silent");
afterAll(() => rmSync(folder, { recursive: true }));

const p = "p" as Place;

describe("opening", () => {
  it("finds again what was stored, and migrates once", async () => {
    const path = newPath();
    const first = openSqlite({ path, log });
    await first.mailbox.add(messageIn(p, "1"), false);
    await first.close();
    await first.close();
    const { db, migrated, close } = openFile(path);
    expect(migrated).toBe(0);
    expect(db.prepare("SELECT message_key FROM turn").pluck().all()).toEqual([messageIn(p, "1").key]);
    close();
  });

  it("takes what is no PostgreSQL's address for a path", async () => {
    const path = newPath();
    await (await openDatabase({ url: path, log })).close();
    expect(existsSync(path)).toBe(true);
    expect(["postgres://h/d", "postgresql://h/d", "POSTGRES://h/d"].every(isPostgres)).toBe(true);
    expect(["postgres.db", "data/postgres:x", ":memory:"].some(isPostgres)).toBe(false);
  });

  it("gives each :memory: database to itself", async () => {
    const [one, two] = [openSqlite({ path: ":memory:", log }), openSqlite({ path: ":memory:", log })];
    await one.mailbox.add(messageIn(p, "1"), false);
    expect(await two.store.takesPart(p, 9)).toBe(false);
    await one.close();
    await two.close();
  });

  it("frees what a process that died had claimed, and shuts its claims out", async () => {
    const path = newPath();
    const clock = fakeClock();
    const died = openSqlite({ path, log, clock });
    const claim = await addTaking(died.mailbox, p, "1");
    const turn = await died.mailbox.next(claim);
    await died.close();

    const { mailbox, close } = openSqlite({ path, log, clock });
    expect(await mailbox.next(claim)).toBeUndefined();
    const [taken] = await mailbox.sweep(9);
    expect(await mailbox.next(taken!)).toMatchObject({ id: turn!.id, tries: 1 });
    await close();
  });

  it("runs what waits at once, also when the clock was set back in the meantime", async () => {
    const path = newPath();
    const before = openSqlite({ path, log, clock: fakeClock(5_000_000) });
    const claim = await addTaking(before.mailbox, p, "1");
    const turn = await before.mailbox.next(claim);
    await before.mailbox.next(claim, { turn: turn!.id, kind: "retry", delayMs: 60_000, error: "busy" });
    await before.close();

    const { mailbox, close } = openSqlite({ path, log, clock: fakeClock(1_000_000) });
    const [taken] = await mailbox.sweep(9);
    expect(await mailbox.next(taken!)).toMatchObject({ id: turn!.id });
    await close();
  });
});

it("lets leases and delays run their time while the wall clock jumps", async () => {
  const clock = fakeClock();
  let jump = 0;
  const { mailbox, close } = openSqlite({
    path: ":memory:",
    log,
    clock: { ...clock, now: () => clock.now() + jump },
  });
  const claim = await addTaking(mailbox, p, "1");
  jump = 3_600_000;
  expect(await mailbox.sweep(9), "the lease still runs").toEqual([]);
  const turn = await mailbox.next(claim);
  await mailbox.next(claim, { turn: turn!.id, kind: "retry", delayMs: 1_000, error: "busy" });
  jump = -3_600_000;
  await clock.advance(999);
  expect(await mailbox.sweep(9)).toEqual([]);
  await clock.advance(1);
  expect(await mailbox.sweep(9)).toHaveLength(1);
  await close();
});

describe("a database in trouble", () => {
  const secret = "a word that is nobody's business";
  const message = { ...messageIn(p, "1"), text: secret.repeat(2_000) };

  it("stores nothing of a message when the disk is full, and goes on when there is space again", async () => {
    const { db, query, mailbox, store, close } = sqliteBench(newPath());
    await mailbox("a").add(messageIn("q", "1"), false);
    db.pragma(`max_page_count = ${Number(db.pragma("page_count", { simple: true }))}`);
    const failure: unknown = await mailbox("a")
      .add(message, true)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "database_full",
      message: expect.stringContaining("disk is full"),
    });
    expect(String(failure)).not.toContain(secret);
    expect(await store.takesPart(p, 9)).toBe(false);
    expect(await query("SELECT message_key FROM turn")).toHaveLength(1);

    db.pragma("max_page_count = 100000");
    expect(await mailbox("a").add(message, true)).toMatchObject({ kind: "new", claim: { place: p } });
    await close();
  });

  it("says that it cannot be written, for the mailbox and for the store, without what was to be written", async () => {
    const { db, mailbox, store, close } = sqliteBench(newPath());
    const claim = await addTaking(mailbox("a"), p, "1");
    const turn = await mailbox("a").next(claim);
    db.pragma("query_only = 1");
    const failures: readonly unknown[] = await Promise.all(
      [
        mailbox("a").add({ ...message, key: "other" }, true),
        mailbox("a").renew(),
        store.markAnswered(claim, turn!.id, { text: secret, at: 1 }),
        store.noteWhereabouts(p, { ...message.where, channelName: secret }, 1),
      ].map((write) =>
        write.then(
          () => "written",
          (error: unknown) => error,
        ),
      ),
    );
    for (const failure of failures) {
      expect(failure).toMatchObject({ name: "PatchcordError", code: "database_readonly" });
      expect(JSON.stringify(failure) + String(failure)).not.toContain(secret);
    }
    await close();
  });

  it("gives up on a database that another program keeps locked", async () => {
    const path = newPath();
    const { db, mailbox, close } = sqliteBench(path);
    db.pragma("busy_timeout = 20");
    const other = new Database(path);
    other.exec("BEGIN IMMEDIATE");
    await expect(mailbox("a").add(message, true)).rejects.toMatchObject({ code: "database_busy" });
    other.exec("ROLLBACK");
    other.close();
    expect(await mailbox("a").add(message, true)).toMatchObject({ kind: "new" });
    await close();
  });

  it("rejects after it was closed", async () => {
    const { mailbox, store, close }: Opened = openSqlite({ path: ":memory:", log });
    await close();
    await expect(mailbox.add(message, true)).rejects.toMatchObject({ code: "database_failed" });
    await expect(store.takesPart(p, 9)).rejects.toMatchObject({ code: "database_failed" });
  });
});
