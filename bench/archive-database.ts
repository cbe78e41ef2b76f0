import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Database from "better-sqlite3";
import pg from "pg";
import { systemClock } from "../src/clock.ts";
import { createLog } from "../src/log.ts";
import { postgresArchive, sqliteArchive } from "../src/store/archive-dialect.ts";
import type { Archive } from "../src/store/archive.ts";
import { atOnce } from "../src/store/index/pace.ts";
import { isPostgres } from "../src/store/open.ts";
import { migratePostgres } from "../src/store/postgres/migrations.ts";
import { openPool } from "../src/store/postgres/postgres.ts";
import { createArchive } from "../src/store/search/sql-archive.ts";
import { openFile } from "../src/store/sqlite/file.ts";
import { sqliteAttempt, sqliteDialect } from "../src/store/sqlite/sqlite.ts";
import { startPostgres } from "../test/postgres/start.ts";
import { type Rows, rowsOf } from "./archive-fill.ts";
import { since, used } from "./archive-times.ts";

/** Turns that are taken into the index at once: nobody else waits for the database. */
const INDEXED = 400;

/** What is asked in the bench of the archive. */
export interface ArchiveDatabase {
  /** For `openDatabase`. */
  readonly url: string;
  /** Fills it with so many turns, if it is new, and takes them into the index. */
  readonly fill: (turns: number) => Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Takes away what was made for this run alone. */
  readonly close: () => Promise<void>;
}

/**
 * The database that `keep` names, which is used again if it was filled before: a SQLite file, or the address of an empty PostgreSQL database.
 * `postgres` is one that is made for this run, and so is a file where nothing is named.
 */
export async function archiveDatabase(keep: string | undefined): Promise<ArchiveDatabase> {
  if (keep === "postgres") {
    const folder = join(tmpdir(), `patchcord-archive-${process.pid}`);
    // What a server has that nobody has set anything of.
    const server = await startPostgres(folder, { durable: true, settings: ["shared_buffers=128MB"] });
    return { ...postgresAt(server.url), close: () => server.stop() };
  }
  if (keep !== undefined) return isPostgres(keep) ? postgresAt(keep) : sqliteAt(keep);
  const folder = mkdtempSync(join(tmpdir(), "patchcord-archive-"));
  return {
    ...sqliteAt(join(folder, "archive.db")),
    close: async () => rmSync(folder, { recursive: true }),
  };
}

function sqliteAt(path: string): ArchiveDatabase {
  return {
    url: path,
    fill: async (turns) => {
      if (statSync(path, { throwIfNoEntry: false })) return undefined;
      const { db, close } = openFile(path);
      // What is made here can be made again.
      db.pragma("synchronous = OFF");
      const attempt = sqliteAttempt(path);
      const dialect = sqliteArchive(db, sqliteDialect(db, systemClock, attempt), attempt);
      for (const rows of rowsOf(turns)) db.transaction(() => insert(db, rows))();
      const figures = await taken(createArchive(dialect, atOnce(INDEXED)), turns);
      close();
      return { ...figures, megabytes: Math.round(statSync(path).size / 1e6) };
    },
    close: async () => {},
  };
}

function insert(db: Database.Database, all: Rows): void {
  for (const [table, rows] of Object.entries(all)) {
    const columns = Object.keys(rows[0] ?? {});
    const values = columns.map((column) => `:${column}`);
    const statement = db.prepare(
      `INSERT INTO ${table} (${columns.map(quoted).join(", ")}) VALUES (${values.join(", ")})`,
    );
    for (const row of rows) statement.run(row);
  }
}

const quoted = (column: string) => `"${column}"`;

function postgresAt(url: string): ArchiveDatabase {
  return {
    url,
    fill: async (turns) => {
      const pool = openPool(url, createLog("error"));
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await migratePostgres(pool);
        const { rows: some } = await client.query("SELECT 1 FROM turn LIMIT 1");
        if (some.length > 0) return undefined;
        for (const rows of rowsOf(turns)) await insertInto(client, rows);
        const figures = await taken(createArchive(postgresArchive(pool), atOnce(INDEXED)), turns);
        // As the server leaves what is left alone for a minute.
        await client.query("VACUUM ANALYZE");
        const { rows } = await client.query<{ size: string }>(
          "SELECT pg_database_size(current_database()) AS size",
        );
        return { ...figures, megabytes: Math.round(Number(rows[0]?.size) / 1e6) };
      } finally {
        await client.end();
        await pool.close();
      }
    },
    close: async () => {},
  };
}

async function insertInto(client: pg.Client, all: Rows): Promise<void> {
  for (const [table, rows] of Object.entries(all)) {
    const columns = Object.keys(rows[0] ?? {})
      .map(quoted)
      .join(", ");
    await client.query(
      `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1)`,
      [JSON.stringify(rows)],
    );
  }
}

async function taken(archive: Archive, turns: number) {
  const began = used();
  await archive.refresh();
  const took = since(began);
  return {
    what: "filled",
    turns,
    indexedPerSecond: Math.round(turns / (took.wall / 1_000)),
    indexedPerCpuSecond: Math.round(turns / (took.cpu / 1_000)),
  };
}
