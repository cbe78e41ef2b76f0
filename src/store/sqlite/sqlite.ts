import Database from "better-sqlite3";
import type { Clock } from "../../clock.ts";
import { asError, PatchcordError } from "../../errors.ts";
import type { Dialect, Row, Statement, Steps } from "../dialect.ts";

/** Runs work on the database, and makes what it throws a `PatchcordError` that says what to do. */
export type Attempt = <T>(work: () => T | PromiseLike<T>) => Promise<T>;

/** SQLite's part of the mailbox: transactions are one at a time and run in one go, so that no row needs a lock. */
export function sqliteDialect(db: Database.Database, clock: Clock, attempt: Attempt): Dialect {
  const prepared = new Map<string, Database.Statement>();

  const run = ({ sql, values }: Statement): readonly Row[] => {
    const statement = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, statement);
    const named = Object.fromEntries(values.map((value, index) => [String(index + 1), value]));
    if (statement.reader) return statement.all(named) as Row[];
    statement.run(named);
    return [];
  };

  const inOneGo = <T>(steps: Steps<T>): T => {
    let step = steps.next();
    while (!step.done) step = steps.next(run(step.value));
    return step.value;
  };

  // The wall clock may jump; a lease or a delay must not end early or late for that while the process lives.
  const start = clock.now() - clock.monotonic();
  db.function("patchcord_now", { deterministic: false }, () => Math.floor(start + clock.monotonic()));

  return {
    now: "CAST(patchcord_now() AS INTEGER)",
    lock: "",
    lockAll: "",
    skip: "",
    tx: (steps) => attempt(() => db.transaction(() => inOneGo(steps())).immediate()),
  };
}

type Trouble = readonly [prefix: string, code: string, advice: string];

const OTHER_TROUBLE: Trouble = ["", "database_failed", "failed"];
/** By SQLite's result codes, sqlite.org/rescode.html: what is wrong with the file, and what to do. */
const TROUBLE: readonly Trouble[] = [
  ["SQLITE_READONLY", "database_readonly", "cannot be written: give this process write access to it"],
  ["SQLITE_PERM", "database_readonly", "cannot be written: give this process write access to it"],
  ["SQLITE_FULL", "database_full", "cannot grow: its disk is full, free some space"],
  ["SQLITE_CORRUPT", "database_corrupt", "is damaged: put back a backup of it"],
  ["SQLITE_NOTADB", "database_corrupt", "is no SQLite database: name another file, or put back a backup"],
  [
    "SQLITE_CANTOPEN",
    "database_unreachable",
    "cannot be opened: check that its folder can be read and written",
  ],
  ["SQLITE_IOERR", "database_unreachable", "cannot be read or written: check its disk"],
  ["SQLITE_BUSY", "database_busy", "is locked by another program: close what has it open"],
];

/**
 * The error for `caught`, with a stable code. Of drizzle's errors only the cause is kept: their messages
 * quote the values, which hold what people wrote.
 */
export function databaseError(path: string, caught: unknown): PatchcordError {
  if (caught instanceof PatchcordError) return caught;
  let cause = asError(caught);
  while (!(cause instanceof Database.SqliteError) && cause.cause instanceof Error) cause = cause.cause;
  if (!(cause instanceof Database.SqliteError)) {
    return new PatchcordError("database_failed", `The database ${path} failed.`, { cause });
  }
  const { code: found, message } = cause;
  const [, code, advice] = TROUBLE.find(([prefix]) => found.startsWith(prefix)) ?? OTHER_TROUBLE;
  return new PatchcordError(code, `The database ${path} ${advice}. (${found}: ${message})`, { cause });
}

/** `Attempt` for the database at `path`: rejects with `databaseError`. */
export function sqliteAttempt(path: string): Attempt {
  return async (work) => {
    try {
      return await work();
    } catch (caught) {
      throw databaseError(path, caught);
    }
  };
}
