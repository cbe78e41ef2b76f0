import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import type { Statement } from "../dialect.ts";
import type { Answer } from "./thread.ts";
import { databaseError } from "./sqlite.ts";

/* The thread of `readingThread`: opens the file when the first statement comes, and answers one statement after the other. */

function answering(path: string): (statement: Statement) => Answer {
  let opened: Database.Database | undefined;
  return ({ sql, values }) => {
    try {
      opened ??= new Database(path, { readonly: true, fileMustExist: true });
      const named = Object.fromEntries(values.map((value, index) => [String(index + 1), value]));
      return { rows: opened.prepare(sql).all(named) as Extract<Answer, { rows: unknown }>["rows"] };
    } catch (caught) {
      const { code, message } = databaseError(path, caught);
      return { code, message };
    }
  };
}

const answer = answering(String(workerData));
parentPort?.on("message", (statement: Statement) => parentPort?.postMessage(answer(statement)));
