import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { systemClock } from "../../clock.ts";
import { asError } from "../../errors.ts";
import { sqliteArchive } from "../archive-dialect.ts";
import type { Workshop } from "../aside.ts";
import { createArchive } from "../search/sql-archive.ts";
import { databaseError, sqliteAttempt, sqliteDialect } from "./sqlite.ts";
import type { Answer, Question } from "./thread.ts";

/* The thread of `readingThread`: opens the file with the first question, and answers one after the other. */

function open(path: string) {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  const attempt = sqliteAttempt(path);
  const { read, ...dialect } = sqliteArchive(db, sqliteDialect(db, systemClock, attempt), attempt);
  return { read, archive: createArchive({ ...dialect, read }) };
}

function answering(path: string): (question: Question) => Promise<Answer> {
  let opened: ReturnType<typeof open> | undefined;
  const jobs = new Map<number, AsyncIterator<unknown>>();

  const next = async (job: number, pieces: AsyncIterator<unknown>): Promise<Answer> => {
    const piece = await pieces.next();
    if (piece.done !== true) return { kind: "piece", piece: piece.value };
    jobs.delete(job);
    return { kind: "done" };
  };

  const answer = async (question: Question): Promise<Answer> => {
    opened ??= open(path);
    if (question.kind === "read") return { kind: "rows", rows: await opened.read(question.statement) };
    const { job } = question;
    if (question.kind === "begin") {
      const { work } = (await import(question.module)) as Workshop<unknown, unknown>;
      jobs.set(job, work(opened.archive, question.input)[Symbol.asyncIterator]());
    }
    const pieces = jobs.get(job);
    if (question.kind !== "end") {
      if (!pieces) throw new Error("its work is on a thread that ended");
      return next(job, pieces);
    }
    jobs.delete(job);
    await pieces?.return?.();
    return { kind: "done" };
  };

  return async (question) => {
    try {
      return await answer(question);
    } catch (caught) {
      if ("job" in question) jobs.delete(question.job);
      const { code, message, cause } = databaseError(path, caught);
      return { kind: "failed", code, message, ...(cause !== undefined && { cause: plainError(cause) }) };
    }
  };
}

/** An error of a class does not come whole to another thread. */
function plainError(caught: unknown): Error {
  const { message, stack = message } = asError(caught);
  return Object.assign(new Error(message), { stack });
}

/** The buffers of bytes in a piece: nobody has a use for them here any more. */
function moved(answer: Answer): ArrayBuffer[] {
  if (answer.kind !== "piece" || typeof answer.piece !== "object" || answer.piece === null) return [];
  const members: readonly unknown[] = Object.values(answer.piece);
  return members.flatMap((one) =>
    one instanceof Uint8Array && one.buffer instanceof ArrayBuffer ? [one.buffer] : [],
  );
}

const answered = answering(String(workerData));
const say = (answer: Answer) => parentPort?.postMessage(answer, moved(answer));
parentPort?.on("message", (question: Question) => void answered(question).then(say));
