import { PatchcordError } from "../../errors.ts";

/** A part of the text, in UTF-16 units: from `from`, inclusive, to `to`, exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is wrong with a query, in one or two sentences for whoever wrote it, and where. */
export interface Problem extends Span {
  readonly message: string;
  /** What could stand there in its place. */
  readonly instead?: string;
}

/** A query that is not right. Every problem that was found, in the order of the text. */
export class QueryError extends PatchcordError {
  readonly text: string;
  readonly problems: readonly Problem[];

  constructor(text: string, problems: readonly Problem[]) {
    super("query_invalid", problems.map(inWords).join("\n"));
    this.text = text;
    this.problems = problems;
  }
}

function inWords({ from, message, instead }: Problem): string {
  const better = instead === undefined ? "" : ` Did you mean ${instead}?`;
  return `At character ${from + 1}: ${message}${better}`;
}
