import { asError } from "../errors.ts";
import type { ReplyEvent } from "../reply/event.ts";
import { isSuccess, LONGEST_ANSWER, readComplaintOf, type Api } from "./api.ts";
import { diagnose } from "./diagnose.ts";
import { aborted, failedOf, refused } from "./errors.ts";
import { createEventReader } from "./events.ts";
import { createFrames } from "./frames.ts";
import type { Pace } from "./guard.ts";
import { asString, parseJson } from "./json.ts";
import { CAREFUL, retry, type RetryDeps } from "./retry.ts";
import type { Scope } from "./scope.ts";
import { TelnyxError, type ResponseRequest } from "./telnyx.ts";
import { readText, type Answer, type Transport } from "./transport.ts";

const PATH = "/ai/openai/responses";
const CALL = `POST ${PATH}`;

/**
 * How long the body may go on after its last event. It is read to its end, because a server may store the turn only
 * after it sent everything, and take a closed connection for a turn that nobody wants; and the next turn of the
 * conversation, which the caller starts when the iteration ends, needs this one to be stored.
 */
const DRAIN_MS = 2_000;

export interface RespondDeps extends RetryDeps {
  readonly transport: Transport;
  readonly api: Api;
  readonly pace: Pace;
  readonly scope: Pick<Scope, "enter">;
}

/**
 * The port's `respond`. The iteration ends a moment after the terminal event: when the body has ended, too. What it does for each piece is done
 * here, in one generator: each function between would cost a promise and turns of the event loop for each of the model's tokens.
 */
export async function* respond(
  deps: RespondDeps,
  request: ResponseRequest,
  outer?: AbortSignal,
): AsyncGenerator<ReplyEvent> {
  const { signal, leave } = deps.scope.enter(outer);
  let answer: Answer | undefined;
  let over = false;
  try {
    answer = await retry(deps, CAREFUL, () => open(deps, request, signal), signal);
    const read = isWhole(answer) ? undefined : createReader(answer);
    while (!over) {
      for (const event of read ? read(await answer.bytes.next()) : await readWhole(answer)) {
        // What was read before the stop is not wanted any more either.
        const wanted = signal.aborted ? failedOf(aborted("unknown")) : event;
        over = wanted.kind === "done" || wanted.kind === "failed";
        yield wanted;
        if (over) break;
      }
    }
  } catch (error) {
    over = true;
    yield failedOf(answer && signal.aborted ? aborted("unknown") : asTelnyxError(error));
  } finally {
    if (over) await answer?.drain(DRAIN_MS);
    else answer?.release();
    leave();
  }
}

/** Sends it once. Throws `TelnyxError` for anything but a 2xx, and says which of the conversation and the model is gone. */
async function open(deps: RespondDeps, request: ResponseRequest, signal?: AbortSignal): Promise<Answer> {
  const { model, input, conversation, instructions, stream = true } = request;
  const { pace } = deps;
  const answer = await deps.transport.send({
    method: "POST",
    path: PATH,
    body: JSON.stringify({ model, input, conversation, instructions, stream }),
    accept: stream ? "text/event-stream" : "application/json",
    // Without a stream the headers come when the whole answer is written.
    pace: stream ? pace : { ...pace, headersMs: pace.totalMs },
    signal,
  });
  if (isSuccess(answer)) return answer;
  const { status, headers } = answer;
  const complaint = await readComplaintOf(answer, CALL);
  const error = refused({ call: CALL, status, headers, complaint, now: deps.clock.now() });
  throw await diagnose(deps.api, error, { request, complaint }, signal);
}

/** Goes by what came, not by what was asked for. */
function isWhole({ headers }: Answer): boolean {
  return asString(headers["content-type"])?.includes("json") ?? false;
}

/** A terminal event is the last. */
async function readWhole(answer: Answer): Promise<readonly ReplyEvent[]> {
  return createEventReader().readWhole(parseJson(await readText(answer, CALL, LONGEST_ANSWER)));
}

/** Tells of each piece of a stream which events it completes; a terminal event is the last. */
function createReader(answer: Answer): (piece: IteratorResult<Uint8Array>) => readonly ReplyEvent[] {
  const reader = createEventReader();
  const frames = createFrames();
  return (piece) => {
    const complete = piece.done ? frames.end() : frames.feed(piece.value);
    const events = complete.flatMap((frame) => reader.read(frame));
    const overflow = frames.overflow();
    if (overflow !== undefined) answer.release();
    return piece.done || overflow !== undefined ? [...events, ...reader.end(overflow)] : events;
  };
}

/** A stream never throws: a defect of ours ends it as a failure, too. */
function asTelnyxError(error: unknown): TelnyxError {
  if (error instanceof TelnyxError) return error;
  const { message, stack } = asError(error);
  return new TelnyxError(`the client failed: ${stack ?? message}`, {
    code: "telnyx_defect",
    reason: "unavailable",
    reached: "unknown",
    cause: error,
  });
}
