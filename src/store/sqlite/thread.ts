import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { PatchcordError } from "../../errors.ts";
import type { Aside } from "../aside.ts";
import type { Row, Statement } from "../dialect.ts";
import { asideOn, type Queue, threadOver } from "../thread/thread.ts";

/**
 * Reads of a SQLite file on a thread of their own: a statement runs in one go, and what admins ask of a million turns may take a second, for which
 * nobody's message is to wait. Sees what was committed before it was asked. The thread begins with the first question.
 */
export interface ReadingThread extends Aside {
  /** One statement after the other. Rejects with the codes of `databaseError`. */
  readonly read: (statement: Statement) => Promise<readonly Row[]>;
  /** Does what no reader may be in the way of: after what was asked before, and before what is asked meanwhile. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  /** What is being read is broken off. Safe to call twice. */
  readonly close: () => Promise<void>;
}

export function readingThread(path: string): ReadingThread {
  const module = new URL(`./reading-thread${extname(import.meta.url)}`, import.meta.url);
  const thread = threadOver(
    () => new Worker(module, { workerData: path }),
    (cause) => gone(path, cause),
  );
  let before: Promise<unknown> = Promise.resolve();

  const inTurn: Queue = (work) => {
    const mine = before.then(work);
    // Whether it failed is for who asked to know.
    before = mine.then(
      () => {},
      () => {},
    );
    return mine;
  };

  return {
    ...asideOn(thread, inTurn),
    read: (statement) =>
      inTurn(async () => {
        const answer = await thread.answered({ kind: "read", statement });
        return answer.kind === "rows" ? answer.rows : [];
      }),
    alone: inTurn,
    close: thread.close,
  };
}

function gone(path: string, cause: Error | undefined): PatchcordError {
  return new PatchcordError(
    "database_failed",
    `The database ${path} was closed while it was read.`,
    cause && { cause },
  );
}
