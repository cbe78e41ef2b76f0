import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import { createLog } from "../../src/log.ts";
import type { Search } from "../../src/store/archive.ts";
import { openBeside } from "../../src/store/beside.ts";
import { openSqlite } from "../../src/store/open.ts";
import { addTaking, messageIn, p } from "../contracts/store-bench.ts";

const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
let files = 0;
const newPath = () => join(folder, `beside ${(files += 1)}.db`);
const log = createLog("silent");
afterAll(() => rmSync(folder, { recursive: true }));

const ALL: Search = {
  where: { kind: "all", of: [] },
  sort: { by: "started", direction: "asc" },
  limit: 9,
};

/** A database of this version, in which something was asked. */
async function madeDatabase(): Promise<string> {
  const path = newPath();
  const { mailbox, close } = openSqlite({ path, log });
  await mailbox.add(messageIn(p, "1"), false);
  await close();
  return path;
}

function change(path: string, sql: string): void {
  const db = new Database(path);
  db.exec(sql);
  db.close();
}

describe("the database beside a running bot", () => {
  it("is read while the bot has it, and what the bot holds stays the bot's", async () => {
    const path = newPath();
    const bot = openSqlite({ path, log });
    const claim = await addTaking(bot.mailbox, p, "1");
    const turn = await bot.mailbox.next(claim);
    const beside = await openBeside({ url: path, log });
    expect(await beside.archive.refresh()).toBe(1);
    expect((await beside.archive.turns(ALL)).rows).toMatchObject([{ id: turn?.id, status: "open" }]);
    await beside.close();
    await beside.close();
    await bot.store.markAnswered(claim, turn!.id, { text: "An answer.", at: 1 });
    expect(await bot.mailbox.next(claim, { turn: turn!.id, kind: "done" })).toBeUndefined();
    await bot.close();
  });

  it("takes in a long backlog while the bot stores on", async () => {
    const path = newPath();
    const bot = openSqlite({ path, log });
    for (let n = 0; n < 250; n += 1) await bot.mailbox.add(messageIn(p, String(n)), false);
    const beside = await openBeside({ url: path, log });
    const indexing = beside.archive.refresh();
    await bot.mailbox.add(messageIn(p, "late"), false);
    expect(await indexing).toBeGreaterThanOrEqual(250);
    await beside.close();
    await bot.close();
  });

  it.each([["nothing.db"], [":memory:"]])("is not made: %s is told to be missing", async (name) => {
    const path = name.startsWith(":") ? name : join(folder, "no folder", name);
    await expect(openBeside({ url: path, log })).rejects.toMatchObject({
      code: "database_missing",
      message: expect.stringMatching(/start the bot once, or set DATABASE_URL/),
    });
    expect(existsSync(path)).toBe(false);
  });

  it("is not another program's file", async () => {
    const path = newPath();
    change(path, "CREATE TABLE other (id)");
    await expect(openBeside({ url: path, log })).rejects.toMatchObject({ code: "database_missing" });
  });

  it("is left as it is where another version wrote it", async () => {
    const newer = await madeDatabase();
    change(
      newer,
      "INSERT INTO __drizzle_migrations (hash, created_at) SELECT 'new', max(created_at) + 1 FROM __drizzle_migrations",
    );
    await expect(openBeside({ url: newer, log })).rejects.toMatchObject({ code: "database_newer" });

    const older = await madeDatabase();
    change(
      older,
      "DELETE FROM __drizzle_migrations WHERE created_at = (SELECT max(created_at) FROM __drizzle_migrations)",
    );
    for (let again = 0; again < 2; again += 1)
      await expect(openBeside({ url: older, log })).rejects.toMatchObject({
        code: "database_older",
        message: expect.stringMatching(/start the bot with this version/),
      });
  });

  it("is told to be damaged where it is", async () => {
    const path = newPath();
    writeFileSync(path, "this is no database, but a text that is long enough to have a header".repeat(20));
    await expect(openBeside({ url: path, log })).rejects.toMatchObject({ code: "database_corrupt" });
  });
});
