import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import { createLog } from "../../src/log.ts";
import { openSqlite, type Opened } from "../../src/store/open.ts";
import { openFile } from "../../src/store/sqlite-file.ts";
import { addTaking, messageIn } from "../contracts/store-bench.ts";
import { fakeClock } from "../fakes/clock.ts";
import { sqliteBench } from "./bench.ts";

const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
let files = 0;
const newPath = () => join(folder, `open ${(files += 1)}.db`);
const log = createLog("silent");
afterAll(() => rmSync(folder, { recursive: true }));

const p = "p" as Place;

function problem(open: () => unknown): unknown {
  try {
    open();
  } catch (error) {
    return error;
  }
  throw new Error("it opened");
}

describe("opening", () => {
  it("makes the folder and the file, and stores every commit for good", () => {
    const path = join(folder, "not", "there", "yet.db");
    const { db, migrated, close } = openFile(path);
    expect(migrated).toBeGreaterThan(0);
    expect(db.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(db.pragma("synchronous", { simple: true }), "2 is FULL").toBe(2);
    expect(db.pragma("foreign_keys", { simple: true })).toBe(1);
    close();
  });

  it("finds again what was stored, and migrates once", async () => {
    const path = newPath();
    const first = openSqlite({ path, log });
    await first.mailbox.add(messageIn(p, "1"), false);
    first.close();
    first.close();
    const { db, migrated, close } = openFile(path);
    expect(migrated).toBe(0);
    expect(db.prepare("SELECT message_key FROM turn").pluck().all()).toEqual([messageIn(p, "1").key]);
    close();
  });

  it("gives each :memory: database to itself", async () => {
    const [one, two] = [openSqlite({ path: ":memory:", log }), openSqlite({ path: ":memory:", log })];
    await one.mailbox.add(messageIn(p, "1"), false);
    expect(await two.store.takesPart(p)).toBe(false);
    one.close();
    two.close();
  });

  it("frees what a process that died had claimed, and shuts its claims out", async () => {
    const path = newPath();
    const clock = fakeClock();
    const died = openSqlite({ path, log, clock });
    const claim = await addTaking(died.mailbox, p, "1");
    const turn = await died.mailbox.next(claim);
    died.close();

    const { mailbox, close } = openSqlite({ path, log, clock });
    expect(await mailbox.next(claim)).toBeUndefined();
    const [taken] = await mailbox.sweep(9);
    expect(await mailbox.next(taken!)).toMatchObject({ id: turn!.id, tries: 1 });
    close();
  });

  it("runs what waits at once, also when the clock was set back in the meantime", async () => {
    const path = newPath();
    const before = openSqlite({ path, log, clock: fakeClock(5_000_000) });
    const claim = await addTaking(before.mailbox, p, "1");
    const turn = await before.mailbox.next(claim);
    await before.mailbox.next(claim, { turn: turn!.id, kind: "retry", delayMs: 60_000, error: "busy" });
    before.close();

    const { mailbox, close } = openSqlite({ path, log, clock: fakeClock(1_000_000) });
    const [taken] = await mailbox.sweep(9);
    expect(await mailbox.next(taken!)).toMatchObject({ id: turn!.id });
    close();
  });
});

describe("refusing to open", () => {
  /** A process that holds the database. Resolves when it does. */
  async function holder(path: string) {
    const script = fileURLToPath(new URL("kill-child.ts", import.meta.url));
    const child = spawn(process.execPath, [script, path, "0"], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    return child;
  }

  it("refuses a file that another process has, says what to do, and opens it when that one is dead", async () => {
    const path = newPath();
    const child = await holder(path);
    const refused = problem(() => openSqlite({ path, log }));
    child.kill("SIGKILL");
    await once(child, "close");
    expect(refused).toMatchObject({
      name: "PatchcordError",
      code: "database_in_use",
      message: expect.stringMatching(/stop that one, or set DATABASE_URL/),
    });
    openSqlite({ path, log }).close();
  });

  it("refuses a file that is open in this process, under another name too", () => {
    const path = newPath();
    const { close } = openSqlite({ path, log });
    const link = `${path}.link`;
    symlinkSync(path, link);
    for (const name of [path, link]) {
      expect(problem(() => openSqlite({ path: name, log }))).toMatchObject({ code: "database_in_use" });
    }
    close();
    openSqlite({ path: link, log }).close();
  });

  it("lets others read while it is open", async () => {
    const path = newPath();
    const { mailbox, close } = openSqlite({ path, log });
    await mailbox.add(messageIn(p, "1"), false);
    const reader = new Database(path, { readonly: true });
    expect(reader.prepare("SELECT count(*) FROM turn").pluck().get()).toBe(1);
    reader.close();
    close();
  });

  it("refuses a database that a newer version wrote, and leaves it as it is", () => {
    const path = newPath();
    const { db, close } = openFile(path);
    const newest = db.prepare("SELECT max(created_at) FROM __drizzle_migrations").pluck().get() as number;
    db.prepare("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('new', ?)").run(newest + 1);
    close();
    for (let again = 0; again < 2; again += 1) {
      expect(problem(() => openSqlite({ path, log }))).toMatchObject({
        code: "database_newer",
        message: expect.stringContaining("newer patchcord"),
      });
    }
  });

  it("says what is wrong with a file that is no database, a damaged one, and a folder that cannot be", () => {
    const text = newPath();
    writeFileSync(text, "this is no database, but a text that is long enough to have a header".repeat(20));
    expect(problem(() => openSqlite({ path: text, log }))).toMatchObject({ code: "database_corrupt" });

    const damaged = newPath();
    openSqlite({ path: damaged, log }).close();
    writeFileSync(damaged, Buffer.alloc(64 * 1024, 0xab), { flag: "r+" });
    expect(problem(() => openSqlite({ path: damaged, log }))).toMatchObject({ code: "database_corrupt" });

    const beneathFile = join(text, "patchcord.db");
    expect(problem(() => openSqlite({ path: beneathFile, log }))).toMatchObject({
      code: "database_unreachable",
      message: expect.stringContaining(beneathFile),
    });

    const directory = newPath();
    mkdirSync(directory);
    expect(problem(() => openSqlite({ path: directory, log }))).toMatchObject({
      code: "database_unreachable",
    });
  });
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
    expect(await store.takesPart(p)).toBe(false);
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
    close();
    await expect(mailbox.add(message, true)).rejects.toMatchObject({ code: "database_failed" });
    await expect(store.takesPart(p)).rejects.toMatchObject({ code: "database_failed" });
  });
});
