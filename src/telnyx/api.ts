import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { FailureReason } from "../reply/event.ts";
import { readComplaint, refused, type Complaint } from "./errors.ts";
import type { Pace } from "./guard.ts";
import { given, parseJson } from "./json.ts";
import { PATIENT, retry } from "./retry.ts";
import { TelnyxError } from "./telnyx.ts";
import { readText, type Answer, type Call, type Transport } from "./transport.ts";

/** Longest JSON answer, in bytes: a hundred messages, or the longest reply with its reasoning, are far from it. */
export const LONGEST_ANSWER = 64 * 1024 * 1024;
/** Of an error body, in bytes. Telnyx's are below 1 kB. */
const LONGEST_COMPLAINT = 1024 * 1024;

export interface ApiDeps {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  /** Limits of an ordinary call, from start to end. */
  readonly pace: Pace;
}

/** A call that is safe to repeat: a read, PUT, DELETE, or a POST with an idempotency key. */
export interface RepeatableCall extends Omit<Call, "pace"> {
  /** What a 404 means for it. */
  readonly notFound?: FailureReason;
  /** A 404 after the first attempt shows that an earlier one did its work. */
  readonly goneIsDone?: boolean;
}

export interface Api {
  /** The answer's JSON; undefined when its body is none. Repeats what may pass by itself. Throws `TelnyxError`. */
  call(call: RepeatableCall): Promise<unknown>;
}

export function createApi(deps: ApiDeps): Api {
  const { transport, clock, pace } = deps;
  const once = async (call: RepeatableCall, before: number): Promise<unknown> => {
    const answer = await transport.send({ ...call, pace });
    const name = nameOf(call);
    if (isSuccess(answer)) return parseJson(await readText(answer, name, LONGEST_ANSWER));
    const { status, headers } = answer;
    const complaint = await readComplaintOf(answer, name);
    if (status === 404 && call.goneIsDone && before > 0) return undefined;
    const { notFound } = call;
    throw refused({ call: name, status, headers, complaint, now: clock.now(), ...given({ notFound }) });
  };
  return { call: (call) => retry(deps, PATIENT, (before) => once(call, before), call.signal) };
}

export function isSuccess(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** The error body. One that cannot be read says nothing; the status stands all the same. Throws only when the call is aborted. */
export async function readComplaintOf(answer: Answer, call: string): Promise<Complaint> {
  try {
    return readComplaint(await readText(answer, call, LONGEST_COMPLAINT));
  } catch (error) {
    if (!(error instanceof TelnyxError) || error.reason === "aborted") throw error;
    return { codes: [], message: "" };
  }
}

/** `POST /ai/conversations`: for messages. Queries stay out, they may name people. */
export function nameOf({ method, path }: Pick<Call, "method" | "path">): string {
  return `${method} ${path.split("?", 1)[0]}`;
}
