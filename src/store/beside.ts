import { systemClock } from "../clock.ts";
import { postgresArchive, sqliteArchive } from "./archive-dialect.ts";
import type { Archive } from "./archive.ts";
import type { Audit } from "./audit.ts";
import type { Erasure } from "./erasure.ts";
import { steady } from "./index/pace.ts";
import { isPostgres, type PostgresDeps } from "./open.ts";
import { expectPostgres } from "./postgres/migrations.ts";
import { openPool } from "./postgres/postgres.ts";
import { postgresStore, sqliteStore } from "./query-kit.ts";
import { createArchive } from "./search/sql-archive.ts";
import { createAudit } from "./sql-audit.ts";
import { createErasure } from "./sql-erasure.ts";
import { createStore } from "./sql-store.ts";
import { createTokens } from "./sql-tokens.ts";
import { openFileBeside } from "./sqlite/file.ts";
import { databaseError, sqliteAttempt, sqliteDialect } from "./sqlite/sqlite.ts";
import type { Store } from "./store.ts";
import type { Tokens } from "./tokens.ts";

/** The database as a command has it beside a running bot: what is waiting and what is claimed is the bot's alone. */
export interface Beside {
  readonly archive: Archive;
  readonly audit: Audit;
  readonly erasure: Erasure;
  readonly tokens: Tokens;
  readonly store: Store;
  /** Ends all access. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/** How long a command that indexes rests between two batches, so that the bot finds the SQLite file free: as long as a batch takes. */
const REST_MS = 10;

/**
 * Opens what `DATABASE_URL` names while a bot may run on it. It makes no database, migrates none, and frees no claims. Rejects with
 * `PatchcordError`: `database_missing`, `database_older` and `database_newer` where another version of the bot wrote it, and the codes of
 * `databaseError` and `postgresError`.
 */
export async function openBeside(deps: Omit<PostgresDeps, "owner">): Promise<Beside> {
  return isPostgres(deps.url) ? openPostgresBeside(deps) : openSqliteBeside(deps);
}

function openSqliteBeside({ url: path, clock = systemClock }: PostgresDeps): Beside {
  const { db, orm, close } = openFileBeside(path);
  try {
    const attempt = sqliteAttempt(path);
    const dialect = sqliteDialect(db, clock, attempt);
    const reading = sqliteArchive(db, dialect, attempt);
    return {
      archive: createArchive(reading, steady(clock, REST_MS)),
      audit: createAudit(reading, clock),
      erasure: createErasure(reading, clock),
      tokens: createTokens(reading, clock),
      store: createStore({ ...sqliteStore(orm, attempt), clock }),
      close: async () => close(),
    };
  } catch (caught) {
    close();
    throw databaseError(path, caught);
  }
}

async function openPostgresBeside({ url, log, clock = systemClock }: PostgresDeps): Promise<Beside> {
  const pool = openPool(url, log);
  try {
    await expectPostgres(pool);
  } catch (caught) {
    await pool.close();
    throw caught;
  }
  const reading = postgresArchive(pool);
  return {
    archive: createArchive(reading),
    audit: createAudit(reading, clock),
    erasure: createErasure(reading, clock),
    tokens: createTokens(reading, clock),
    store: createStore({ ...postgresStore(pool), clock }),
    close: () => pool.close(),
  };
}
