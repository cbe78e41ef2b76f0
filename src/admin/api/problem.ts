import { asError, PatchcordError } from "../../errors.ts";
import { TelnyxError } from "../../telnyx/telnyx.ts";
import { type Problem as QueryProblem, QueryError } from "../query/error.ts";

/** Why a request is not answered: application/problem+json (RFC 9457). */
export interface Problem {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 422 | 429 | 500 | 502 | 503;
  readonly title: string;
  /** What happened and what to do. */
  readonly detail: string;
  /** One word, which stays the same. */
  readonly code: string;
  /** What is wrong with the request, each with its place in it. */
  readonly wrong?: readonly Wrong[];
  /** What is wrong with the query, each with its place in it: UTF-16 units from `from`, inclusive, to `to`, exclusive. */
  readonly problems?: readonly QueryProblem[];
}

/** A parameter, or a part of the body, that is not right. */
export interface Wrong {
  readonly in: "path" | "query" | "body";
  readonly name: string;
  readonly message: string;
}

/** A request that is not right, with everything that is wrong with it. */
export class RequestError extends PatchcordError {
  readonly wrong: readonly Wrong[];

  constructor(wrong: readonly Wrong[]) {
    super("request_invalid", wrong.map(({ name, message }) => `${name} ${message}`).join("\n"));
    this.wrong = wrong;
  }
}

const TITLES: Readonly<Record<Problem["status"], string>> = {
  400: "This cannot be read",
  401: "A token is needed",
  403: "Not yours to see or do",
  404: "Nothing here",
  405: "Not asked in this way",
  413: "Too much",
  415: "Not in this form",
  422: "This cannot be asked",
  429: "Too often",
  500: "Something went wrong here",
  502: "Telnyx did not do it",
  503: "Not now",
};

export function problem(status: Problem["status"], code: string, detail: string): Problem {
  return { status, title: TITLES[status], code, detail };
}

/** By the codes of what `Admin`, the store and the tokens throw. */
const STATUSES: Readonly<Record<string, Problem["status"]>> = {
  query_invalid: 422,
  request_invalid: 422,
  cursor_invalid: 422,
  link_invalid: 422,
  person_invalid: 422,
  token_invalid: 401,
  not_allowed: 403,
  not_found: 404,
  too_often: 429,
  not_recorded: 503,
  json_invalid: 400,
  too_large: 413,
  no_json: 415,
};

/** What whoever asked is told of an error. What is not for them is for the log alone: then the status is 500. */
export function problemOf(error: unknown): Problem {
  if (error instanceof QueryError) {
    const { problems } = error;
    return { ...problem(422, error.code, error.message), problems };
  }
  if (error instanceof RequestError)
    return { ...problem(422, error.code, error.message), wrong: error.wrong };
  if (error instanceof TelnyxError)
    return problem(502, error.code, "Telnyx could not be reached, or refused: the log of the bot says why.");
  if (!(error instanceof PatchcordError)) return broken("unexpected");
  if (error.code.startsWith("database_"))
    return problem(503, error.code, "The database cannot be asked now: the log of the bot says why.");
  const status = STATUSES[error.code];
  return status === undefined ? broken(error.code) : problem(status, error.code, asError(error).message);
}

function broken(code: string): Problem {
  return problem(
    500,
    code,
    "It is in the log of the bot. Try again in a moment, and tell who runs it if it stays so.",
  );
}
