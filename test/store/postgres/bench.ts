import { createLog } from "../../../src/log.ts";
import { postgresArchive } from "../../../src/store/archive-dialect.ts";
import { atOnce } from "../../../src/store/index/pace.ts";
import { createArchive } from "../../../src/store/search/sql-archive.ts";
import { createAudit } from "../../../src/store/sql-audit.ts";
import { createErasure } from "../../../src/store/sql-erasure.ts";
import { migratePostgres } from "../../../src/store/postgres/migrations.ts";
import { openPool, postgresDialect, type PostgresPool } from "../../../src/store/postgres/postgres.ts";
import { postgresStore } from "../../../src/store/query-kit.ts";
import { createMailbox } from "../../../src/store/sql-mailbox.ts";
import { createSessions } from "../../../src/store/sql-sessions.ts";
import { createStore } from "../../../src/store/sql-store.ts";
import { createTokens } from "../../../src/store/sql-tokens.ts";
import type { AtomicBench } from "../../contracts/mailbox-atomic.ts";
import { fakeClock, wallClock } from "../../fakes/clock.ts";
import { SMALL } from "../bench.ts";
import { newDatabase, type TestDatabase } from "../../postgres/database.ts";

export interface PostgresBench extends AtomicBench {
  readonly pool: PostgresPool;
}

export interface PostgresHouse {
  /** The database, emptied, with as many owners on it as a test wants, its clock standing still. */
  readonly open: () => Promise<PostgresBench>;
  readonly database: TestDatabase;
  readonly close: () => Promise<void>;
}

/** SQL: the clock of a house, which stands still. */
export const TEST_NOW = "(SELECT now FROM test_clock)";

/** Those that refer to others stand before them. */
const TABLES = `page, heard, turn, conversation, mailbox, whereabouts, listened, replica, lease, tally,
  name_facts, person_facts, person_name, conversation_facts, conversation_name, turn_facts, turn_words, place_scope, outcome_scope, sum_cell, api_token, session, cookie_key, forgetting, legal_hold`;

/** SQL: every table without a row, and every id from 1. Of small tables the rows are gone in a hundredth of the time that TRUNCATE takes. */
const EMPTY = [
  ...TABLES.split(/,\s+/u).map((table) => `DELETE FROM ${table}`),
  "ALTER TABLE audit DISABLE TRIGGER audit_kept",
  "DELETE FROM audit",
  "ALTER TABLE audit ENABLE TRIGGER audit_kept",
  "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences WHERE schemaname = 'public'",
].join("; ");

/** A database for a test file. Its benches are one after the other. */
export async function postgresHouse(): Promise<PostgresHouse> {
  const database = await newDatabase();
  const pool = openPool(database.url, createLog("silent"));
  await migratePostgres(pool);
  await database.query("CREATE TABLE test_clock (now bigint)");
  const dialect = postgresDialect(pool, TEST_NOW);
  const clock = fakeClock();
  const setClock = () => database.query("UPDATE test_clock SET now = $1", [clock.now()]);
  await database.query("INSERT INTO test_clock VALUES (0)");

  return {
    database,
    open: async () => {
      await database.query(EMPTY);
      await setClock();
      const wall = wallClock(clock);
      return {
        pool,
        dialect,
        now: () => clock.now(),
        pass: async (ms) => {
          await clock.advance(ms);
          await setClock();
        },
        setClock: wall.set,
        mailbox: (owner) => createMailbox(dialect, { owner, clock: wall }),
        store: createStore({ ...postgresStore(pool), clock: wall }),
        archive: createArchive(postgresArchive(pool), atOnce(7), SMALL),
        audit: createAudit(postgresArchive(pool), wall),
        erasure: createErasure(postgresArchive(pool), wall),
        tokens: createTokens(postgresArchive(pool), wall),
        sessions: createSessions(postgresArchive(pool), wall),
        query: (sql) => database.query(sql),
        tables: async () =>
          (await database.query("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")).map(
            ({ name }) => String(name),
          ),
        close: async () => {},
      };
    },
    close: async () => {
      await pool.close();
      await database.drop();
    },
  };
}
