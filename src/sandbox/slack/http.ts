import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { Outcome, Transport } from "./delivery.ts";
import { signatureHeaders } from "./signing.ts";
import type { SlackBlock } from "./types.ts";

export interface HttpDeps {
  readonly clock: Clock;
  readonly signingSecret: string;
  readonly ackTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** Events by signed POST requests (docs.slack.dev, Events API over HTTP). Redirects count as errors. */
export function createHttpTransport(deps: HttpDeps, url: string): Transport {
  return {
    via: "http",
    send: async ({ payload, number, reason }) => {
      const retry =
        number === 0 ? {} : { "x-slack-retry-num": String(number), "x-slack-retry-reason": reason };
      return postSigned(deps, url, payload, retry).then(outcomeOf, failureOf);
    },
  };
}

/** Slack's question whether the address is the app's. Throws when the answer is not the challenge. */
export async function verifyUrl(deps: HttpDeps, url: string): Promise<void> {
  const challenge = randomUUID();
  const body = { token: "twin-verification-token", challenge, type: "url_verification" };
  const response = await postSigned(deps, url, body, {});
  const text = await response.text();
  if (!response.ok || !text.includes(challenge)) {
    throw new Error(`${url} did not answer the url_verification challenge: ${response.status} ${text}`);
  }
}

function postSigned(
  deps: HttpDeps,
  url: string,
  payload: SlackBlock,
  extra: Readonly<Record<string, string>>,
): Promise<Response> {
  const form = formOf(payload);
  const body = form?.toString() ?? JSON.stringify(payload);
  const seconds = Math.floor(deps.clock.now() / 1000);
  return fetch(url, {
    method: "POST",
    body,
    redirect: "manual",
    headers: {
      "content-type": form ? "application/x-www-form-urlencoded" : "application/json",
      "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
      ...signatureHeaders(deps.signingSecret, body, seconds),
      ...extra,
    },
    signal: AbortSignal.any([deps.signal, AbortSignal.timeout(deps.ackTimeoutMs)]),
  });
}

/** Interactions come as a form with one field, commands as a form (docs.slack.dev, Handling user interaction; Slash commands). */
function formOf(payload: SlackBlock): URLSearchParams | undefined {
  if (payload["type"] === "block_actions") return new URLSearchParams({ payload: JSON.stringify(payload) });
  if (payload["command"] === undefined) return undefined;
  return new URLSearchParams(
    Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value)])),
  );
}

async function outcomeOf(response: Response): Promise<Outcome> {
  await response.body?.cancel();
  if (response.ok) return { kind: "acknowledged" };
  if (response.headers.get("x-slack-no-retry") === "1") return { kind: "refused" };
  return { kind: "failed", reason: "http_error" };
}

function failureOf(error: unknown): Outcome {
  const timedOut = error instanceof Error && error.name === "TimeoutError";
  return { kind: "failed", reason: timedOut ? "http_timeout" : "connection_failed" };
}
