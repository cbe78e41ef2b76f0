import type { Clock } from "../clock.ts";
import { asError } from "../errors.ts";
import type { Log } from "../log.ts";
import { aborted } from "./errors.ts";
import { TelnyxError } from "./telnyx.ts";

export interface RetryDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1): spreads the waits, so that those who failed together do not come back together. */
  readonly random: () => number;
}

/** When a failed call is made again. Waits are in milliseconds. */
export interface RetryPolicy {
  readonly attempts: number;
  /** Longest wait that a server may ask for; a longer one ends the trying, so that the caller can say so. */
  readonly patienceMs: number;
  readonly repeatable: (error: TelnyxError) => boolean;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

/** Errors about an answer that would be the same again. */
const UNCHANGING: ReadonlySet<string> = new Set(["telnyx_unreadable", "telnyx_too_long"]);

/** For calls that are safe to repeat: whatever may pass by itself. */
export const PATIENT: RetryPolicy = {
  attempts: 4,
  patienceMs: 30_000,
  repeatable: ({ code, reason }) =>
    !UNCHANGING.has(code) && ["rate_limited", "unavailable", "timeout", "cut"].includes(reason),
};

/**
 * For the Responses call, which has no idempotency key and is paid for: only what cannot have reached the server, and a
 * 429 with a short wait (developers.telnyx.com, AI Gateway, Errors: "Do not automatically retry inference").
 */
export const CAREFUL: RetryPolicy = {
  attempts: 3,
  patienceMs: 5_000,
  repeatable: ({ reason, status, reached }) =>
    reached === "never"
      ? reason === "unavailable"
      : reached === "refused" && status === 429 && reason === "rate_limited",
};

/**
 * Makes the call, and again as `policy` allows; `attempt` is told how often it was made before. Waits as long as the
 * server asked for, else 0.5 s, 1 s, 2 s, … with half of it random. Throws the last error, or `aborted` when `signal`
 * ends a wait.
 */
export async function retry<T>(
  deps: RetryDeps,
  policy: RetryPolicy,
  attempt: (before: number) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  for (let before = 0; ; before += 1) {
    try {
      return await attempt(before);
    } catch (error) {
      if (!(error instanceof TelnyxError) || !policy.repeatable(error)) throw error;
      const wait = waitAfter(error, before, deps.random());
      if (before + 1 >= policy.attempts || wait > policy.patienceMs) throw error;
      const { code, status, message: why } = error;
      deps.log.warn({ code, status, why, wait, attempt: before + 1 }, "telnyx call failed, trying again");
      await pause(deps.clock, wait, error, signal);
    }
  }
}

function waitAfter(error: TelnyxError, before: number, random: number): number {
  const backoff = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** before);
  if (error.retryAfterMs === undefined) return Math.round(backoff / 2 + (backoff / 2) * random);
  // Never earlier than asked, and not all at the same moment.
  return error.retryAfterMs + Math.round((FIRST_WAIT_MS / 2) * random);
}

async function pause(clock: Clock, ms: number, error: TelnyxError, signal?: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (caught) {
    if (signal?.aborted) throw aborted(error.reached);
    throw asError(caught);
  }
}
