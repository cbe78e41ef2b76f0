import { workerData } from "node:worker_threads";
import { createLog } from "../../log.ts";
import { postgresArchive } from "../archive-dialect.ts";
import { createArchive } from "../search/sql-archive.ts";
import { answerQuestions } from "../thread/answering.ts";
import { postgresError } from "./error.ts";
import { openPool } from "./postgres.ts";
import { WORKING } from "./thread.ts";

/* The thread of `workingThread`: connects with the first question. */

const url = String(workerData);
// What becomes of a statement is told to who asked for it.
const pool = openPool(url, createLog("silent"), { connections: WORKING });

answerQuestions({
  open: () => {
    const dialect = postgresArchive(pool);
    return { read: dialect.read, archive: createArchive(dialect) };
  },
  failure: (caught) => postgresError(pool.name, caught),
});
