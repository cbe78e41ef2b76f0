import type { Fault, FaultEffect } from "../server.ts";

/** Matches calls of one Web API method. */
export function onMethod(method: string): Fault["matches"] {
  return (request) => request.path === `/api/${method}`;
}

/** Answers with one of Slack's error codes, without doing anything. */
export function slackError(error: string): FaultEffect {
  return answer(200, JSON.stringify({ ok: false, error }));
}

/** Answers 429, without doing anything. `retryAfter` in whole seconds. */
export function tooManyRequests(retryAfter: number): FaultEffect {
  const body = JSON.stringify({ ok: false, error: "ratelimited" });
  return answer(429, body, { "retry-after": String(retryAfter) });
}

function answer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): FaultEffect {
  return { kind: "answer", status, body, headers: { "content-type": "application/json", ...headers } };
}
