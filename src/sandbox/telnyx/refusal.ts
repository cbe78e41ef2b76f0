import type { FaultEffect } from "../server.ts";
import { telnyxError, type Answer } from "./answers.ts";
import type { RateLimitHeaders } from "./switches.ts";

/** Telnyx's refusals by name, for `inject` and for the `x-twin-fault` request header. */
export type RefusalName = keyof typeof REFUSALS;

const REFUSALS = {
  bad_request: telnyxError(400, { code: "10015", title: "Bad request" }),
  unauthorized: telnyxError(401, {
    code: "10009",
    title: "Authentication failed",
    detail: "Could not understand the provided credentials.",
  }),
  forbidden: telnyxError(403, { code: "10010", title: "Authorization failed" }),
  /** What an empty balance looks like. */
  disabled: telnyxError(403, {
    code: "10010",
    title: "Authorization failed",
    detail: "Account is disabled D17",
  }),
  inactive: telnyxError(403, {
    code: "20012",
    title: "Account inactive",
    detail: "The account may be out of funds.",
  }),
  not_found: telnyxError(404, { code: "10005", title: "Resource not found" }),
  timeout: telnyxError(408, { code: "10008", title: "Request timeout" }),
  conflict: telnyxError(409, {
    code: "10027",
    title: "Conflict",
    detail: "A request with this idempotency key is in progress.",
  }),
  unprocessable: telnyxError(422, { code: "10027", title: "Unprocessable entity" }),
  rate_limited: telnyxError(429, {
    code: "10011",
    title: "Too many requests",
    detail: "You have exceeded the maximum number of allowed requests.",
  }),
  server_error: telnyxError(500, { code: "10007", title: "Unexpected error" }),
  /** From an edge proxy. */
  bad_gateway: {
    status: 502,
    text: "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502 Bad Gateway</body>\r\n</html>\r\n",
    headers: { "content-type": "text/html" },
  },
  unavailable: telnyxError(503, { code: "10037", title: "Service unavailable" }),
  /** An empty body. */
  gateway_timeout: { status: 504 },
} satisfies Record<string, Answer>;

export function isRefusalName(name: string): name is RefusalName {
  return Object.hasOwn(REFUSALS, name);
}

export function refusalAnswer(name: RefusalName): Answer {
  return REFUSALS[name];
}

/** A refusal as a fault's effect: `twin.inject({ matches, times: 1, effect: refusal("disabled") })`. */
export function refusal(name: RefusalName, headers: Readonly<Record<string, string>> = {}): FaultEffect {
  const answer: Answer = REFUSALS[name];
  return {
    kind: "answer",
    status: answer.status,
    headers: { ...headersOf(answer), ...headers },
    body: bodyOf(answer),
  };
}

export function bodyOf(answer: Answer): string {
  return answer.text ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
}

export function headersOf(answer: Answer): Record<string, string> {
  return {
    ...(answer.body === undefined ? {} : { "content-type": "application/json" }),
    ...answer.headers,
  };
}

/**
 * The headers that tell of a rate limit, in the forms that Telnyx's pages show: `x-ratelimit-reset` as seconds until
 * the reset (the rate limiting page) or as an epoch second (the request and response page), `Retry-After`, or both.
 */
export function rateLimitHeaders(
  form: RateLimitHeaders,
  limit: { limit: number; remaining: number; resetMs: number; now: number },
): Record<string, string> {
  const seconds = String(Math.ceil(limit.resetMs / 1000));
  const counts = {
    "x-ratelimit-limit": String(limit.limit),
    "x-ratelimit-remaining": String(limit.remaining),
  };
  const at = limit.now + limit.resetMs;
  const forms: Readonly<Record<RateLimitHeaders, Record<string, string>>> = {
    delta: { ...counts, "x-ratelimit-reset": seconds },
    epoch: { ...counts, "x-ratelimit-reset": String(Math.ceil(at / 1000)) },
    retry_after: { "retry-after": seconds },
    // A date has whole seconds: the next one, so that it is never too early.
    retry_after_date: { "retry-after": new Date(Math.ceil(at / 1000) * 1000).toUTCString() },
    both: { ...counts, "x-ratelimit-reset": seconds, "retry-after": seconds },
    none: {},
  };
  return forms[form];
}
