import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import type { Place } from "../../../src/chat/place.ts";
import { createLog } from "../../../src/log.ts";
import { openSqlite } from "../../../src/store/open.ts";
import { openFile } from "../../../src/store/sqlite/file.ts";
import { messageIn } from "../../contracts/store-bench.ts";

const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
let files = 0;
const newPath = () => join(folder, `file ${(files += 1)}.db`);
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
});

describe("refusing to open", () => {
  /** A process that holds the database. Resolves when it does. */
  async function holder(path: string) {
    const script = fileURLToPath(new URL("../kill-child.ts", import.meta.url));
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
    await openSqlite({ path, log }).close();
  });

  it("refuses a file that is open in this process, under another name too", async () => {
    const path = newPath();
    const { close } = openSqlite({ path, log });
    const link = `${path}.link`;
    symlinkSync(path, link);
    for (const name of [path, link]) {
      expect(problem(() => openSqlite({ path: name, log }))).toMatchObject({ code: "database_in_use" });
    }
    await close();
    await openSqlite({ path: link, log }).close();
  });

  it("lets others read while it is open", async () => {
    const path = newPath();
    const { mailbox, close } = openSqlite({ path, log });
    await mailbox.add(messageIn(p, "1"), false);
    const reader = new Database(path, { readonly: true });
    expect(reader.prepare("SELECT count(*) FROM turn").pluck().get()).toBe(1);
    reader.close();
    await close();
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

  it("says what is wrong with a file that is no database, a damaged one, another program's, and a folder that cannot be", async () => {
    const text = newPath();
    writeFileSync(text, "this is no database, but a text that is long enough to have a header".repeat(20));
    expect(problem(() => openSqlite({ path: text, log }))).toMatchObject({ code: "database_corrupt" });

    const damaged = newPath();
    await openSqlite({ path: damaged, log }).close();
    writeFileSync(damaged, Buffer.alloc(64 * 1024, 0xab), { flag: "r+" });
    expect(problem(() => openSqlite({ path: damaged, log }))).toMatchObject({ code: "database_corrupt" });

    const beneathFile = join(text, "patchcord.db");
    expect(problem(() => openSqlite({ path: beneathFile, log }))).toMatchObject({
      code: "database_unreachable",
      message: expect.stringContaining(beneathFile),
    });

    const foreign = newPath();
    const other = new Database(foreign);
    other.exec("CREATE TABLE turn (id)");
    other.close();
    expect(problem(() => openSqlite({ path: foreign, log }))).toMatchObject({
      code: "database_failed",
      message: expect.stringContaining("table `turn` already exists"),
    });

    const directory = newPath();
    mkdirSync(directory);
    expect(problem(() => openSqlite({ path: directory, log }))).toMatchObject({
      code: "database_unreachable",
    });
  });
});
