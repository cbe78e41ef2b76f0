import type { Worker } from "node:worker_threads";
import { PatchcordError } from "../../errors.ts";
import type { Aside, Work } from "../aside.ts";
import type { Answer, Answered, Asked, Question } from "./question.ts";

/** A thread that reads for this one. It begins with the first question, and once more should it have ended. */
export interface Thread {
  /** Rejects with what it failed with, or with why there is no thread any more. */
  readonly answered: (question: Question) => Promise<Answer>;
  readonly there: () => boolean;
  /** What is being read is broken off. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/** What every question waits for before it is asked, or nothing. */
export type Queue = <T>(work: () => Promise<T>) => Promise<T>;

/** `gone`: what is said when the thread ended before it answered. */
export function threadOver(start: () => Worker, gone: (cause: Error | undefined) => PatchcordError): Thread {
  let thread: ReturnType<typeof asking> | undefined;
  let closed = false;
  const begin = () => {
    const begun = asking(start(), (cause) => {
      if (thread === begun) thread = undefined;
      return gone(cause);
    });
    return begun;
  };
  return {
    answered: async (question) => {
      if (closed) throw gone(undefined);
      thread ??= begin();
      return told(await thread.ask(question));
    },
    there: () => !closed && thread !== undefined,
    close: async () => {
      closed = true;
      await thread?.end();
    },
  };
}

/** A thread that runs. `ended`: makes the error for those who still wait. */
function asking(thread: Worker, ended: (cause: Error | undefined) => PatchcordError) {
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  let questions = 0;
  let cause: Error | undefined;
  const rest = () => {
    // A thread that waits for nothing but the next question does not keep the process from ending.
    if (waiting.size === 0) thread.unref();
  };
  thread.on("message", ({ number, answer }: Answered) => {
    waiting.get(number)?.resolve(answer);
    waiting.delete(number);
    rest();
  });
  thread.on("error", (error: Error) => {
    cause = error;
  });
  thread.on("exit", () => {
    const error = ended(cause);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  return {
    ask: (question: Question): Promise<Answer> => {
      const number = (questions += 1);
      const answer = Promise.withResolvers<Answer>();
      waiting.set(number, answer);
      thread.ref();
      const asked: Asked = { number, question };
      // Nothing is moved.
      thread.postMessage(asked, []);
      return answer.promise;
    },
    end: () => thread.terminate(),
  };
}

/** Work on the thread, whose pieces are asked for as the queue says. */
export function asideOn({ answered, there }: Thread, queue: Queue): Aside {
  let jobs = 0;
  return {
    run: <Input, Piece>({ module }: Work<Input, Piece>, input: Input) => {
      const job = (jobs += 1);
      return pieces<Piece>({
        begin: () => queue(() => answered({ kind: "begin", job, module: module.href, input })),
        next: () => queue(() => answered({ kind: "next", job })),
        end: () =>
          queue(async () => {
            // With its thread the job is gone as well.
            if (there()) await answered({ kind: "end", job });
          }),
      });
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
