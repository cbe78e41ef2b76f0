export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** No answer makes anybody wait longer than this: what says more is wrong, or no use to a person in a chat. */
const LONGEST_MS = 3_600_000;

/** Above this, a number of seconds is a date: Telnyx's pages show both "seconds until" and an epoch for x-ratelimit-reset. */
const EPOCH_S = 1e9;
const EPOCH_MS = 1e12;

/** An HTTP date or ISO 8601. `Date.parse` alone takes almost any word with a number for a date. */
const DATE = /^(?:[A-Z][a-z]+, |\d{4}-\d\d-\d\d)/;

/**
 * How long a 429 or 503 asks us to wait, in milliseconds from now, clamped to an hour; undefined when it does not say.
 * Read in this order: `retry-after-ms`, `retry-after` (seconds or a date; RFC 9110, 10.2.3), `x-ratelimit-reset` (seconds
 * from now, or an epoch; developers.telnyx.com, Rate limiting). Dates are held against the answer's own `date`, so that
 * a wrong clock on either side does no harm. `now` is the wall clock in milliseconds.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const base = defined(Date.parse(one(headers["date"]) ?? "")) ?? now;
  const ms = number(one(headers["retry-after-ms"]));
  const wait =
    (ms !== undefined && ms >= 0 ? ms : undefined) ??
    until(one(headers["retry-after"]), base) ??
    until(one(headers["x-ratelimit-reset"]), base);
  return wait === undefined ? undefined : Math.min(LONGEST_MS, Math.max(0, Math.ceil(wait)));
}

function one(value: string | readonly string[] | undefined): string | undefined {
  return (typeof value === "string" ? value : value?.[0])?.trim();
}

function defined(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^[+-]?\d+(?:\.\d*)?$/.test(text) ? Number(text) : undefined;
}

function until(text: string | undefined, base: number): number | undefined {
  const value = number(text);
  if (value === undefined)
    return text !== undefined && DATE.test(text) ? defined(Date.parse(text) - base) : undefined;
  if (value < 0) return undefined;
  if (value >= EPOCH_MS) return value - base;
  return value >= EPOCH_S ? value * 1000 - base : value * 1000;
}
