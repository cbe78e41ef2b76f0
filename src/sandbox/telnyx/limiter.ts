import type { Clock } from "../../clock.ts";
import { Refused, type Answer } from "./answers.ts";
import { rateLimitHeaders, refusalAnswer } from "./refusal.ts";
import type { Switches } from "./switches.ts";

const MINUTE_MS = 60_000;

/**
 * Counts an organization's Responses requests in windows of a minute; refuses with 429 above `requestsPerMinute`.
 * Returns the headers that the answer carries. Telnyx publishes the headers (Rate limiting) but no figures.
 */
export function createLimiter(deps: {
  clock: Clock;
  switches: Switches;
}): (organization: string) => Record<string, string> {
  const windows = new Map<string, { start: number; used: number }>();
  return (organization) => {
    const limit = deps.switches.requestsPerMinute;
    if (limit === Infinity) return {};
    const now = deps.clock.now();
    let window = windows.get(organization);
    if (!window || now - window.start >= MINUTE_MS) {
      window = { start: now, used: 0 };
      windows.set(organization, window);
    }
    const refused = window.used >= limit;
    if (!refused) window.used += 1;
    const headers = rateLimitHeaders(deps.switches.rateLimitHeaders, {
      limit,
      remaining: limit - window.used,
      resetMs: window.start + MINUTE_MS - now,
      now,
    });
    if (!refused) return withoutRetry(headers);
    const answer: Answer = refusalAnswer("rate_limited");
    throw new Refused({ ...answer, headers });
  };
}

/** `Retry-After` belongs to a refusal. */
function withoutRetry(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "retry-after"));
}
