import { parentPort } from "node:worker_threads";
import { asError, type PatchcordError } from "../../errors.ts";
import type { Readable, Workshop } from "../aside.ts";
import type { ArchiveDialect } from "../archive-dialect.ts";
import type { Answer, Answered, Asked, Question } from "./question.ts";

/** What a thread reads from. */
interface Source extends Pick<ArchiveDialect, "read"> {
  readonly archive: Readable;
}

export interface Reading {
  /** Called with the first question, and with each one after it until it succeeds. */
  readonly open: () => Source;
  readonly failure: (caught: unknown) => PatchcordError;
}

/** Answers what this thread is asked, each question as soon as it can be. */
export function answerQuestions(reading: Reading): void {
  const answered = answering(reading);
  const say = (said: Answered) => parentPort?.postMessage(said, moved(said.answer));
  parentPort?.on("message", ({ number, question }: Asked) => {
    void answered(question).then((answer) => say({ number, answer }));
  });
}

function answering({ open, failure }: Reading): (question: Question) => Promise<Answer> {
  let source: Source | undefined;
  const jobs = new Map<number, AsyncIterator<unknown>>();

  const next = async (job: number, pieces: AsyncIterator<unknown>): Promise<Answer> => {
    const piece = await pieces.next();
    if (piece.done !== true) return { kind: "piece", piece: piece.value };
    jobs.delete(job);
    return { kind: "done" };
  };

  const answer = async (question: Question): Promise<Answer> => {
    source ??= open();
    if (question.kind === "read") return { kind: "rows", rows: await source.read(question.statement) };
    const { job } = question;
    if (question.kind === "begin") {
      const { work } = (await import(question.module)) as Workshop<unknown, unknown>;
      jobs.set(job, work(source.archive, question.input)[Symbol.asyncIterator]());
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
      const { code, message, cause } = failure(caught);
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
