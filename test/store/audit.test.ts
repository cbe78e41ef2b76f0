import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { sqliteArchive } from "../../src/store/archive-dialect.ts";
import { createAudit } from "../../src/store/sql-audit.ts";
import { sqliteAttempt, sqliteDialect } from "../../src/store/sqlite/sqlite.ts";
import { auditContract } from "../contracts/audit.ts";
import { fakeClock } from "../fakes/clock.ts";
import { sqliteBench } from "./bench.ts";

auditContract(
  "SQLite",
  async () => {
    const bench = sqliteBench();
    const unguard = async () => {
      for (const name of ["audit_next", "audit_kept", "audit_unchanged"])
        bench.db.exec(`DROP TRIGGER ${name}`);
    };
    return { ...bench, unguard };
  },
  250,
);

it("SQLite: an entry is not replaced by another of its number", async () => {
  const { audit, db, close } = sqliteBench();
  await audit.append({ who: "cli:ada", via: "cli", what: "turns", content: "a" });
  const replace =
    "INSERT OR REPLACE INTO audit SELECT seq, at, 'x', via, what, about, rows, commitment, previous, hash, salt, content FROM audit";
  expect(() => db.exec(replace)).toThrow(/nothing but its next entry/);
  await close();
});

it("SQLite: two connections to one file append to one chain", async () => {
  const folder = mkdtempSync(join(tmpdir(), "patchcord-audit-"));
  try {
    const path = join(folder, "a.db");
    const bot = sqliteBench(path);
    const beside = new Database(path);
    const attempt = sqliteAttempt(path);
    const clock = fakeClock();
    const command = createAudit(sqliteArchive(beside, sqliteDialect(beside, clock, attempt), attempt), clock);
    const entry = { who: "cli:ada", via: "cli", what: "turns", content: "a" };
    await Promise.all(
      Array.from({ length: 10 }, () => [bot.audit.append(entry), command.append(entry)]).flat(),
    );
    expect(await command.verify()).toMatchObject({ kind: "whole", entries: 20 });
    beside.close();
    await bot.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
