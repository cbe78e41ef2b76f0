import { randomUUID } from "node:crypto";
import type Database from "better-sqlite3";
import { systemClock, type Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { alone } from "./alone.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Replicas } from "./replicas.ts";
import { createMailbox } from "./sql-mailbox.ts";
import { createStore } from "./sql-store.ts";
import { openFile } from "./sqlite-file.ts";
import { databaseError, sqliteAttempt, sqliteDialect } from "./sqlite.ts";
import type { Store } from "./store.ts";

export interface OpenDeps {
  /** The file; its folder is made. `:memory:` for a database that is gone when it is closed. */
  readonly path: string;
  readonly log: Log;
  readonly clock?: Clock;
  /** Names this process in the claims it holds. A random name if left out. */
  readonly owner?: string;
}

export interface Opened {
  readonly mailbox: Mailbox;
  readonly store: Store;
  readonly replicas: Replicas;
  /** Ends all access. What is still claimed is free at the next start. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the SQLite database, brings it up to date, and frees what a process that died left claimed. Throws
 * `PatchcordError`: `database_in_use` while another process has it, `database_newer` when a newer version of this
 * program wrote it, and the codes of `databaseError`.
 */
export function openSqlite({ path, log, clock = systemClock, owner = randomUUID() }: OpenDeps): Opened {
  const { db, orm, migrated, close } = openFile(path);
  try {
    const attempt = sqliteAttempt(path);
    const mailbox = createMailbox(sqliteDialect(db, clock, attempt), { owner, clock });
    const store = createStore({ db: orm, clock, attempt });
    const interrupted = recover(db, clock.now());
    log.info({ path, migrated, interrupted }, "database open");
    return { mailbox, store, replicas: alone(), close: async () => close() };
  } catch (caught) {
    close();
    throw databaseError(path, caught);
  }
}

/**
 * Nobody else has the file, so whoever is named as an owner is dead: what waits may run at once. Delays are cut short
 * too, since they go by a clock that may have been set back in the meantime. Returns how many places were interrupted.
 */
function recover(db: Database.Database, now: number): number {
  return db
    .transaction(() => {
      db.prepare("UPDATE turn SET run_at = ? WHERE settled_at IS NULL AND run_at > ?").run(now, now);
      db.prepare("UPDATE mailbox SET due = ? WHERE due > ?").run(now, now);
      return db
        .prepare("UPDATE mailbox SET owner = NULL, lease = 0, epoch = epoch + 1 WHERE owner IS NOT NULL")
        .run().changes;
    })
    .immediate();
}
