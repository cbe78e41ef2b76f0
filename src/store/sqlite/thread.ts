import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { PatchcordError } from "../../errors.ts";
import type { Aside, Work } from "../aside.ts";
import type { Row, Statement } from "../dialect.ts";

/** What the thread is asked: one thing after the other. A job is begun, and its pieces are asked for one by one until there are no more. */
export type Question =
  | { readonly kind: "read"; readonly statement: Statement }
  | { readonly kind: "begin"; readonly job: number; readonly module: string; readonly input: unknown }
  | { readonly kind: "next" | "end"; readonly job: number };

/** What the thread says to it. */
export type Answer =
  | { readonly kind: "rows"; readonly rows: readonly Row[] }
  | { readonly kind: "piece"; readonly piece: unknown }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly code: string; readonly message: string; readonly cause?: Error };

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
  const { answered, there, close } = threadOver(path);
  let jobs = 0;
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

  return {
    read: (statement) =>
      inTurn(async () => {
        const answer = await answered({ kind: "read", statement });
        return answer.kind === "rows" ? answer.rows : [];
      }),
    run: <Input, Piece>({ module }: Work<Input, Piece>, input: Input) => {
      const job = (jobs += 1);
      return pieces<Piece>({
        begin: () => inTurn(() => answered({ kind: "begin", job, module: module.href, input })),
        next: () => inTurn(() => answered({ kind: "next", job })),
        end: () =>
          inTurn(async () => {
            // With its thread the job is gone as well.
            if (there()) await answered({ kind: "end", job });
          }),
      });
    },
    alone: inTurn,
    close,
  };
}

/** The thread itself, which is begun with the first question, and once more should it have ended. */
function threadOver(path: string) {
  let thread: Worker | undefined;
  let closed = false;
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
    answered: async (question: Question) => {
      if (closed) throw gone(path);
      thread ??= begin();
      return told(await ask(thread, question, path));
    },
    there: () => !closed && thread !== undefined,
    close: async () => {
      closed = true;
      await thread?.terminate();
    },
  };
}

interface Job {
  readonly begin: () => Promise<Answer>;
  readonly next: () => Promise<Answer>;
  readonly end: () => Promise<void>;
}

/** A job's pieces, of which one is made ahead. */
async function* pieces<Piece>({ begin, next, end }: Job): AsyncGenerator<Piece> {
  let coming = begin();
  try {
    for (let answer = await coming; answer.kind === "piece"; answer = await coming) {
      coming = next();
      // Whoever ends before it is there does not want to know.
      coming.catch(() => {});
      // What a work yields is told by its module alone: `Work` ties the two together.
      yield answer.piece as Piece;
    }
  } finally {
    await end();
  }
}

/** The answer, if it is one. */
function told(answer: Answer): Answer {
  if (answer.kind !== "failed") return answer;
  const { code, message, cause } = answer;
  throw new PatchcordError(code, message, cause && { cause });
}

function ask(thread: Worker, question: Question, path: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const failed = (cause: Error) => reject(gone(path, cause));
  const ended = () => reject(gone(path));
  thread.postMessage(question);
  thread.once("message", resolve).once("error", failed).once("exit", ended);
  // A thread that waits for nothing but the next question does not keep the process from ending.
  thread.ref();
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
