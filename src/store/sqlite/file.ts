import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import { asError, PatchcordError } from "../../errors.ts";
import { migrate, overSqlite, readMigrationFiles } from "../drizzle.ts";
import { databaseError } from "./sqlite.ts";
import { expectSame, missing, refuseNewer } from "../version.ts";

/** From `src/store` and from `dist/store` alike. */
const MIGRATIONS = {
  migrationsFolder: fileURLToPath(new URL("../../../migrations/sqlite", import.meta.url)),
};

/** How long a statement waits for another program that has locked the file. Slack waits 3 s for the answer to an event (docs.slack.dev, Events API). */
const BUSY_MS = 2_000;
/** A command has nobody who waits for it: the bot may write as long as it has to. */
const BESIDE_BUSY_MS = 10_000;

export interface SqliteFile {
  readonly db: Database.Database;
  readonly orm: BetterSQLite3Database;
  /** How many migrations this opening ran. */
  readonly migrated: number;
  /** Safe to call twice. */
  readonly close: () => void;
}

/**
 * Opens a database file for this process alone, makes it if there is none, and migrates it. `:memory:` is a database
 * of its own, which begins as a copy of `begin` (a database's bytes) if that is given. Throws `PatchcordError`: `database_in_use`,
 * `database_newer`, and the codes of `databaseError`.
 */
export function openFile(path: string, begin?: Buffer): SqliteFile {
  const connections: Database.Database[] = [];
  const close = () => {
    for (const connection of connections.splice(0).reverse()) connection.close();
  };
  const connect = (file: string | Buffer, timeout: number) => {
    const connection = new Database(file, { timeout });
    connections.push(connection);
    return connection;
  };
  try {
    const file = path === ":memory:" ? path : locate(path);
    if (file !== ":memory:") lock(connect(`${file}.lock`, 0), path);
    const db = connect(file === ":memory:" ? (begin ?? file) : file, BUSY_MS);
    const orm = overSqlite(db);
    return { db, orm, migrated: bringUpToDate(db, orm, path), close };
  } catch (caught) {
    close();
    throw databaseError(path, caught);
  }
}

/**
 * Opens a database file that another process may have: it is neither made nor migrated. Throws `PatchcordError`: `database_missing`,
 * `database_older`, `database_newer`, and the codes of `databaseError`.
 */
export function openFileBeside(path: string): Omit<SqliteFile, "migrated"> {
  // A database in memory is its process's alone.
  if (path === ":memory:" || !existsSync(path)) throw missing(path);
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { timeout: BESIDE_BUSY_MS, fileMustExist: true });
    keepForGood(db);
    db.pragma("foreign_keys = ON");
    expectSame(path, { last: lastMigration(db), known: newest(readMigrationFiles(MIGRATIONS)) });
    const opened = db;
    return { db, orm: overSqlite(db), close: () => void opened.close() };
  } catch (caught) {
    db?.close();
    throw databaseError(path, caught);
  }
}

/** The file's real place, so that two names of one file share one lock. */
function locate(path: string): string {
  const file = resolve(path);
  try {
    mkdirSync(dirname(file), { recursive: true });
    return existsSync(file) ? realpathSync(file) : file;
  } catch (caught) {
    throw new PatchcordError(
      "database_unreachable",
      `The folder of the database ${path} cannot be made: ${asError(caught).message}`,
      { cause: caught },
    );
  }
}

/**
 * A lock on a file at the database's side, which the kernel frees however the process ends. The database itself stays
 * open to readers: backups, and admins' queries.
 */
function lock(connection: Database.Database, path: string): void {
  try {
    connection.exec("BEGIN EXCLUSIVE");
  } catch (caught) {
    if (!(caught instanceof Database.SqliteError) || !caught.code.startsWith("SQLITE_BUSY")) throw caught;
    throw new PatchcordError(
      "database_in_use",
      `Another patchcord runs on the database ${path}: stop that one, or set DATABASE_URL to a file of its own.`,
      { cause: caught },
    );
  }
}

/** Sets the connection up and runs the migrations that the file has not had. Returns how many. */
function bringUpToDate(db: Database.Database, orm: BetterSQLite3Database, path: string): number {
  db.pragma("journal_mode = WAL");
  keepForGood(db);
  const migrations = readMigrationFiles(MIGRATIONS);
  const last = lastMigration(db);
  refuseNewer(path, { last, known: newest(migrations) });
  // SQLite changes a table by making a new one and dropping the old, which foreign keys would forbid; and within a
  // migration's transaction they cannot be switched off.
  db.pragma("foreign_keys = OFF");
  migrate(orm, MIGRATIONS);
  db.pragma("foreign_keys = ON");
  return migrations.filter((migration) => migration.folderMillis > last).length;
}

function keepForGood(db: Database.Database): void {
  // better-sqlite3 is built with NORMAL for WAL, which may lose the last commits when the power goes.
  db.pragma("synchronous = FULL");
  // What is deleted is overwritten: what was forgotten is in no free part of the file.
  db.pragma("secure_delete = ON");
}

const newest = (migrations: readonly { readonly folderMillis: number }[]) =>
  migrations.at(-1)?.folderMillis ?? 0;

/** When the newest migration that the file has had was made, or 0. */
function lastMigration(db: Database.Database): number {
  const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = '__drizzle_migrations'").get();
  if (!table) return 0;
  return Number(db.prepare("SELECT max(created_at) FROM __drizzle_migrations").pluck().get() ?? 0);
}
