import { setImmediate } from "node:timers/promises";
import type Database from "better-sqlite3";
import { PatchcordError } from "../../errors.ts";
import type { Attempt } from "./sqlite.ts";

/** So many pages of the index of words are merged in one transaction: in a process that answers people, nothing else runs meanwhile. About ten milliseconds. */
const PAGES = 200;

/**
 * Has the file let go of what was deleted. A row that is deleted from the words leaves them in the index, marked as void, until its parts are
 * merged into one (sqlite.org/fts5.html, The merge Command); and what was written over is in the write-ahead log until that is emptied.
 * Rejects with `database_busy` where another program keeps it from that.
 */
export async function cleanFile(db: Database.Database, attempt: Attempt): Promise<void> {
  const changes = db.prepare("SELECT total_changes()").pluck();
  for (const table of ["turn_words", "turn_beginnings"]) {
    const merge = db.prepare(`INSERT INTO ${table} (${table}, rank) VALUES ('merge', ?)`);
    // A negative number begins a merge of all parts, a positive one goes on with it; less than two changes say that there is nothing left to do.
    for (let pages = -PAGES; ; pages = PAGES) {
      const done = await attempt(() => {
        const before = Number(changes.get());
        merge.run(pages);
        return Number(changes.get()) - before;
      });
      if (done < 2) break;
      await setImmediate();
    }
  }
  const [log] = await attempt(() => db.pragma("wal_checkpoint(TRUNCATE)") as { readonly busy: number }[]);
  if (log?.busy === 1)
    throw new PatchcordError(
      "database_busy",
      "The database's log cannot be emptied now: another program is reading it.",
    );
}
