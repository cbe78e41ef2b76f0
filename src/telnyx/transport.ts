import { Agent, buildConnector, type Dispatcher } from "undici";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { aborted } from "./errors.ts";
import { createGuard, type Guard, type Pace } from "./guard.ts";
import type { Headers } from "./rate-limit.ts";
import { withoutRawHeaders } from "./raw-headers.ts";
import { TelnyxError } from "./telnyx.ts";

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** After the base URL, with the query: `/ai/conversations?limit=1`. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
  readonly idempotencyKey?: string;
  readonly accept?: string;
  readonly pace: Pace;
  readonly signal?: AbortSignal | undefined;
}

/** An answer, of any status. Its owner reads `bytes` to the end or calls `release`. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Throws `TelnyxError` when the connection breaks, a limit passes or the call is aborted. Frees the socket when left early. */
  readonly bytes: AsyncIterableIterator<Uint8Array>;
  /** Reads the rest and throws it away, for `ms` at the most. Never throws. */
  drain(ms: number): Promise<void>;
  /** Frees the socket, unless the body was read to its end. */
  release(): void;
}

export interface Transport {
  /** One request, never repeated. Throws `TelnyxError` when no answer came; any status is an answer. */
  send(call: Call): Promise<Answer>;
  /** Breaks off whatever still runs. */
  close(): Promise<void>;
}

export interface TransportDeps {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly connectMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

export function createTransport(deps: TransportDeps): Transport {
  const { clock, log, apiKey } = deps;
  const base = new URL(deps.baseUrl);
  const prefix = base.pathname.replace(/\/+$/, "");
  const { agent, neverSent } = createAgent(deps.connectMs);

  const send = async (call: Call): Promise<Answer> => {
    if (call.signal?.aborted) throw aborted("never");
    const guard = createGuard(clock, call.pace, call.signal);
    const started = clock.monotonic();
    const { method } = call;
    try {
      const response = await agent.request({
        origin: base.origin,
        path: prefix + call.path,
        method,
        headers: headersOf(call, apiKey),
        body: call.body === undefined ? null : bytesOf(call.body),
        signal: guard.signal,
        // The guard keeps the limits.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      guard.answered();
      const path = call.path.split("?", 1)[0];
      const status = response.statusCode;
      const ms = Math.round(clock.monotonic() - started);
      log.debug({ method, path, status, ms, request: response.headers["x-request-id"] }, "telnyx answered");
      return answerOf(response, guard);
    } catch (error) {
      guard.release();
      throw sendFailure(error, neverSent);
    }
  };

  return { send, close: () => agent.destroy() };
}

/**
 * One pool for the one upstream; no limit on connections, because each live reply holds one. HTTP/2 stays off: one lost
 * connection would cut up to a hundred replies at once, and nobody has seen Telnyx's answer to it. Pipelining of 1 means
 * none: a reply must not wait behind another.
 */
function createAgent(connectMs: number): { agent: Dispatcher; neverSent: WeakSet<object> } {
  const neverSent = new WeakSet<object>();
  const connect = buildConnector({ allowH2: false, timeout: connectMs });
  const agent = new Agent({
    allowH2: false,
    pipelining: 1,
    // What fails while connecting was not sent, whatever its code: the same ECONNRESET means something else later on.
    connect: (options, done) =>
      connect(options, (...outcome) => {
        if (outcome[0]) neverSent.add(outcome[0]);
        done(...outcome);
      }),
  });
  return { agent: agent.compose(withoutRawHeaders), neverSent };
}

function headersOf(call: Call, apiKey: string): Record<string, string> {
  return {
    authorization: `Bearer ${apiKey}`,
    accept: call.accept ?? "application/json",
    "user-agent": "patchcord",
    ...(call.body === undefined ? {} : { "content-type": "application/json" }),
    ...(call.idempotencyKey === undefined ? {} : { "idempotency-key": call.idempotencyKey }),
  };
}

/**
 * The library keeps a body for as long as the answer is read. It would make a buffer of a text, out of Node's pool, and a few hundred bytes
 * would hold on to 64 kB of that for each live reply.
 */
const bytesOf = (body: string) => new TextEncoder().encode(body);

function answerOf(response: Dispatcher.ResponseData, guard: Guard): Answer {
  const { body } = response;
  // Whoever reads gets the error; without a reader it must not end the process.
  body.on("error", () => {});
  const release = () => {
    guard.release();
    body.destroy();
  };
  const pieces: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  // By hand: a generator would be one more promise and two more turns for each piece, and a reply has thousands.
  const bytes: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => bytes,
    next: async () => {
      guard.waiting();
      try {
        const piece = await pieces.next();
        if (piece.done) release();
        return piece;
      } catch (error) {
        release();
        throw guard.signal.aborted ? (guard.signal.reason as TelnyxError) : cut(error);
      } finally {
        guard.heard();
      }
    },
    return: async () => {
      release();
      return { done: true, value: undefined };
    },
  };
  const drain = async (ms: number) => {
    guard.hurry(ms);
    try {
      while (!(await bytes.next()).done);
    } catch {
      // Nobody is interested in the rest any more.
    } finally {
      release();
    }
  };
  return { status: response.statusCode, headers: response.headers, bytes, drain, release };
}

function sendFailure(error: unknown, neverSent: WeakSet<object>): TelnyxError {
  if (error instanceof TelnyxError) return error;
  if ((error as { code?: string }).code === "UND_ERR_INVALID_ARG") {
    return new TelnyxError(`the request cannot be sent: ${wordsOf(error)}`, {
      code: "telnyx_rejected",
      reason: "rejected",
      reached: "never",
      cause: error,
    });
  }
  if (typeof error === "object" && error !== null && neverSent.has(error)) {
    return new TelnyxError(`cannot connect to Telnyx: ${wordsOf(error)}`, {
      code: "telnyx_unreachable",
      reason: "unavailable",
      reached: "never",
      cause: error,
    });
  }
  return cut(error);
}

function cut(error: unknown): TelnyxError {
  return new TelnyxError(`the connection broke: ${wordsOf(error)}`, {
    code: "telnyx_cut",
    reason: "cut",
    reached: "unknown",
    cause: error,
  });
}

/** The message, after the code if it leaves that out: that of a host with several addresses is empty. */
function wordsOf(error: unknown): string {
  const { code = "", message } = error as { code?: string; message: string };
  return message.includes(code) ? message : `${code} ${message}`.trim();
}

/** The body as text. Throws `TelnyxError`, also when it is longer than `limit` bytes. */
export async function readText(answer: Answer, call: string, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const piece of answer.bytes) {
    length += piece.byteLength;
    if (length > limit) {
      throw new TelnyxError(`${call} was answered with more than ${limit} bytes`, {
        code: "telnyx_too_long",
        reason: "cut",
        reached: "unknown",
      });
    }
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}
