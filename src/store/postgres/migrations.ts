import { fileURLToPath } from "node:url";
import { PatchcordError } from "../../errors.ts";
import type { Statement, Steps, Value } from "../dialect.ts";
import { readMigrationFiles } from "../drizzle.ts";
import type { PostgresPool } from "./postgres.ts";
import { expectSame, refuseNewer } from "../version.ts";

/** From `src/store` and from `dist/store` alike. */
const MIGRATIONS = {
  migrationsFolder: fileURLToPath(new URL("../../../migrations/postgres", import.meta.url)),
};
/** Any number, the same for ever: several replicas start at once, and one of them migrates. */
const MIGRATION_LOCK = 1_885_434_979;

const say = (sql: string, ...values: Value[]): Statement => ({ sql, values });

const TABLE = say("SELECT to_regclass('__drizzle_migrations')::text AS name");
const NEWEST = say("SELECT coalesce(max(created_at), 0) AS at FROM __drizzle_migrations");

/** Checks that this version wrote the database, and changes nothing. Throws `PatchcordError`: `database_missing`, `database_older`, `database_newer`. */
export async function expectPostgres(pool: PostgresPool): Promise<void> {
  const known = readMigrationFiles(MIGRATIONS).at(-1)?.folderMillis ?? 0;
  function* read(): Steps<number> {
    const [table] = yield TABLE;
    if (table?.["name"] === null) return 0;
    const [newest] = yield NEWEST;
    return Number(newest?.["at"]);
  }
  expectSame(pool.name, { last: await pool.tx(read), known });
}

/**
 * Runs the migrations that the database has not had, and returns how many. Waits while another process does the same. `begun`: called
 * before those of an older version's database, with how many there are: they may take minutes, for a pool that waits so long.
 * Each is a transaction of its own: processes of the older version go on meanwhile, and wait for the tables of one migration and not for those of all before it.
 * Should it end in between, the next start goes on. The lock is the transaction's, since drizzle's takes none, and a lock of a session would be lost in
 * a connection pooler.
 * Throws `PatchcordError`: `database_newer`, `database_readonly`, `database_failed` for an encoding that cannot hold every text.
 */
export async function migratePostgres(
  pool: PostgresPool,
  begun?: (migrations: number) => void,
): Promise<number> {
  const migrations = readMigrationFiles(MIGRATIONS);
  const known = migrations.at(-1)?.folderMillis ?? 0;

  const missing = (last: number) => migrations.filter(({ folderMillis }) => folderMillis > last);
  let told = false;

  /** Runs the next one, and returns whether there was one. */
  function* run(): Steps<boolean> {
    const [server] = yield say(
      "SELECT pg_is_in_recovery() AS standby, current_setting('server_encoding') AS encoding",
    );
    check(pool.name, server?.["standby"] === true, String(server?.["encoding"]));
    yield say("SELECT pg_advisory_xact_lock($1)", MIGRATION_LOCK);
    const [table] = yield TABLE;
    if (table?.["name"] === null) {
      yield say(
        "CREATE TABLE __drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)",
      );
    }
    const [newest] = yield NEWEST;
    const last = Number(newest?.["at"]);
    refuseNewer(pool.name, { last, known });
    const [next, ...others] = missing(last);
    if (!next) return false;
    if (last > 0 && !told) begun?.(1 + others.length);
    told = true;
    for (const statement of next.sql) yield say(statement);
    yield say(
      "INSERT INTO __drizzle_migrations (hash, created_at) VALUES ($1, $2)",
      next.hash,
      next.folderMillis,
    );
    return true;
  }

  let ran = 0;
  while (await pool.tx(run)) ran += 1;
  return ran;
}

function check(name: string, standby: boolean, encoding: string): void {
  if (standby) {
    throw new PatchcordError(
      "database_readonly",
      `The database ${name} is a standby, which cannot be written: name the primary in DATABASE_URL.`,
    );
  }
  if (encoding !== "UTF8") {
    throw new PatchcordError(
      "database_failed",
      `The database ${name} has the encoding ${encoding}, which cannot hold every text: create one with ENCODING 'UTF8'.`,
    );
  }
}
