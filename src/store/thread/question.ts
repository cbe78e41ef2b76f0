import type { Row, Statement } from "../dialect.ts";

/** What is asked of a thread that reads. A job's pieces are asked for one after the other. */
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

/** Several may be asked before the first is answered: an answer has its question's number. */
export interface Asked {
  readonly number: number;
  readonly question: Question;
}
export interface Answered {
  readonly number: number;
  readonly answer: Answer;
}
