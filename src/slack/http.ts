import type { Clock } from "../clock.ts";
import { asError } from "../errors.ts";
import type { Log } from "../log.ts";
import { record, text } from "./json.ts";
import type { Intake } from "./receiver.ts";
import { isFromSlack } from "./signature.ts";

/** Slack's largest events, long messages with their blocks, are far below it. */
const MOST_BYTES = 1024 * 1024;

/** Anybody can send requests to a public address: the log is not theirs to fill. */
const WARN_EVERY_MS = 60_000;

export interface HttpDeps {
  readonly signingSecret: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Undefined while the adapter is not started. */
  readonly intake: () => Intake | undefined;
}

/**
 * Answers Slack's signed requests (docs.slack.dev, Events API over HTTP): 200 after the message was received, and anything but that
 * where it was not, so that Slack sends it again. Retries are requests as any other: whether a message came before is the bridge's to know.
 */
export function createHttpHandler(deps: HttpDeps): (request: Request) => Promise<Response> {
  let warnAgainAt = 0;
  const warnOfStranger = () => {
    const now = deps.clock.monotonic();
    if (now < warnAgainAt) return;
    warnAgainAt = now + WARN_EVERY_MS;
    deps.log.warn(
      "requests come to the Slack endpoint that Slack did not sign; is SLACK_SIGNING_SECRET this app's?",
    );
  };
  return async (request) => {
    const body = await readBody(request);
    if (!body) return answer(413, "too large");
    // Slack's check of the certificate has no signature, and nothing happens on it (docs.slack.dev, Slash commands).
    if (isSslCheck(request, body)) return answer(200, "");
    const signed = {
      body,
      signature: request.headers.get("x-slack-signature"),
      timestamp: request.headers.get("x-slack-request-timestamp"),
    };
    if (!isFromSlack(signed, deps.signingSecret, deps.clock.now())) {
      warnOfStranger();
      return answer(401, "not signed by Slack");
    }
    const parsed = parseBody(request, body);
    if (parsed === undefined) return answer(400, "not JSON");
    const { type, challenge } = record(parsed);
    if (type === "url_verification") return answer(200, text(challenge) ?? "");
    return deliver(deps, parsed, request.headers);
  };
}

async function deliver({ intake, log }: HttpDeps, body: unknown, headers: Headers): Promise<Response> {
  const open = intake();
  if (!open) return answer(503, "not started");
  let acknowledged: Response | undefined;
  const retryNum = Number(headers.get("x-slack-retry-num") ?? Number.NaN);
  const retryReason = headers.get("x-slack-retry-reason");
  try {
    await open.deliver({
      body,
      ack: async (response) => {
        acknowledged =
          typeof response === "object" && response !== null ? Response.json(response) : answer(200, "");
      },
      ...(Number.isInteger(retryNum) ? { retryNum } : {}),
      ...(retryReason === null ? {} : { retryReason }),
    });
  } catch (error) {
    log.warn({ err: asError(error) }, "a delivery of Slack was not taken; Slack will send it again");
    return answer(500, "not taken");
  }
  return acknowledged ?? answer(404, "nobody listens to this");
}

function answer(status: number, message: string): Response {
  return new Response(message, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}

/** Undefined when there is more than Slack would send. */
async function readBody(request: Request): Promise<Buffer | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > MOST_BYTES) return undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isSslCheck(request: Request, body: Buffer): boolean {
  return formOf(request, body)?.get("ssl_check") === "1";
}

/** Undefined: it is no form. */
function formOf(request: Request, body: Buffer): URLSearchParams | undefined {
  const type = request.headers.get("content-type") ?? "";
  const isForm = type.startsWith("application/x-www-form-urlencoded");
  return isForm ? new URLSearchParams(body.toString()) : undefined;
}

/** Events come as JSON, interactions as a form with JSON in it, commands as a form (docs.slack.dev, Handling user interaction; Slash commands). */
function parseBody(request: Request, body: Buffer): unknown {
  const form = formOf(request, body);
  if (form?.has("command")) return Object.fromEntries(form);
  try {
    return JSON.parse(form ? (form.get("payload") ?? "") : body.toString()) as unknown;
  } catch {
    return undefined;
  }
}
