import { workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { systemClock } from "../../clock.ts";
import { sqliteArchive } from "../archive-dialect.ts";
import { createArchive } from "../search/sql-archive.ts";
import { answerQuestions } from "../thread/answering.ts";
import { databaseError, sqliteAttempt, sqliteDialect } from "./sqlite.ts";

/* The thread of `readingThread`: opens the file with the first question, and answers one after the other. */

const path = String(workerData);

answerQuestions({
  open: () => {
    const db = new Database(path, { readonly: true, fileMustExist: true });
    const attempt = sqliteAttempt(path);
    const { read, ...dialect } = sqliteArchive(db, sqliteDialect(db, systemClock, attempt), attempt);
    return { read, archive: createArchive({ ...dialect, read }) };
  },
  failure: (caught) => databaseError(path, caught),
});
