import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { PatchcordError } from "../../errors.ts";
import type { Row, Statement } from "../dialect.ts";

/** What the thread says to a statement. */
export type Answer = { readonly rows: readonly Row[] } | { readonly code: string; readonly message: string };

/**
 * Reads of a SQLite file on a thread of their own: a statement runs in one go, and what admins ask of a million turns may take a second, for which
 * nobody's message is to wait. Sees what was committed before it was asked. The thread begins with the first statement.
 */
export interface ReadingThread {
  /** One statement after the other. Rejects with the codes of `databaseError`. */
  readonly read: (statement: Statement) => Promise<readonly Row[]>;
  /** Does what no reader may be in the way of: after what was asked before, and before what is asked meanwhile. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  /** What is being read is broken off. Safe to call twice. */
  readonly close: () => Promise<void>;
}

export function readingThread(path: string): ReadingThread {
  let thread: Worker | undefined;
  let closed = false;
  let before: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = before.then(work);
    // Whether it failed is for who asked to know.
    before = mine.then(
      () => {},
      () => {},
    );
    return mine;
  };

  const begin = () => {
    const begun = new Worker(new URL(`./reading-thread${extname(import.meta.url)}`, import.meta.url), {
      workerData: path,
    });
    begun.on("exit", () => {
      if (thread === begun) thread = undefined;
    });
    return begun;
  };

  return {
    read: (statement) =>
      inTurn(async () => {
        if (closed) throw gone(path);
        thread ??= begin();
        const answer = await ask(thread, statement, path);
        if ("rows" in answer) return answer.rows;
        throw new PatchcordError(answer.code, answer.message);
      }),
    alone: inTurn,
    close: async () => {
      closed = true;
      await thread?.terminate();
    },
  };
}

function ask(thread: Worker, statement: Statement, path: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const failed = (cause: Error) => reject(gone(path, cause));
  const ended = () => reject(gone(path));
  thread.once("message", resolve).once("error", failed).once("exit", ended);
  // A thread that waits for nothing but the next statement does not keep the process from ending.
  thread.ref();
  thread.postMessage(statement);
  return promise.finally(() => {
    thread.off("message", resolve).off("error", failed).off("exit", ended);
    thread.unref();
  });
}

function gone(path: string, cause?: Error): PatchcordError {
  return new PatchcordError(
    "database_failed",
    `The database ${path} was closed while it was read.`,
    cause && { cause },
  );
}
