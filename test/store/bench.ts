import type Database from "better-sqlite3";
import { sqliteArchive } from "../../src/store/archive-dialect.ts";
import type { Bounds } from "../../src/store/search/find.ts";
import { atOnce } from "../../src/store/index/pace.ts";
import { createArchive } from "../../src/store/search/sql-archive.ts";
import { createAudit } from "../../src/store/sql-audit.ts";
import { createErasure } from "../../src/store/sql-erasure.ts";
import { createMailbox } from "../../src/store/sql-mailbox.ts";
import { createSessions } from "../../src/store/sql-sessions.ts";
import { createStore } from "../../src/store/sql-store.ts";
import { createTokens } from "../../src/store/sql-tokens.ts";
import { sqliteStore } from "../../src/store/query-kit.ts";
import { openFile } from "../../src/store/sqlite/file.ts";
import { sqliteAttempt, sqliteDialect } from "../../src/store/sqlite/sqlite.ts";
import type { AtomicBench } from "../contracts/mailbox-atomic.ts";
import { fakeClock, wallClock } from "../fakes/clock.ts";
import { MIGRATED, migratedAt } from "./migrated.ts";

export interface SqliteBench extends AtomicBench {
  readonly db: Database.Database;
}

/** With so few rows as tests have, every way to find a page is gone. */
export const SMALL: Bounds = {
  few: 2,
  many: [3, 6],
  stretch: { turn: 6, conversation: 3 },
  met: 9,
  farther: 2,
  listed: 1,
  kept: 2,
  asking: 1,
};

/** A SQLite database with as many owners on it as a test wants, on a clock that stands still, at `at` if that is given. */
export function sqliteBench(path = ":memory:", at?: number): SqliteBench {
  const clock = fakeClock(at);
  const wall = wallClock(clock);
  const { db, orm, close } = openFile(migratedAt(path), MIGRATED);
  const attempt = sqliteAttempt(path);
  const dialect = sqliteDialect(db, wall, attempt);
  const reading = sqliteArchive(db, dialect, attempt);
  return {
    db,
    dialect,
    now: () => clock.now(),
    pass: (ms) => clock.advance(ms),
    setClock: wall.set,
    mailbox: (owner) => createMailbox(dialect, { owner, clock: wall }),
    store: createStore({ ...sqliteStore(orm, attempt), clock: wall }),
    archive: createArchive(reading, atOnce(7), SMALL),
    audit: createAudit(reading, wall),
    erasure: createErasure(reading, wall),
    tokens: createTokens(reading, wall),
    sessions: createSessions(reading, wall),
    query: async (sql) => {
      const statement = db.prepare(sql);
      if (statement.reader) return statement.all() as Record<string, unknown>[];
      statement.run();
      return [];
    },
    tables: async () =>
      (db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[]).map(
        ({ name }) => name,
      ),
    close: async () => close(),
  };
}
