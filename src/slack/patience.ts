import type { Clock } from "../clock.ts";
import { PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Json } from "./json.ts";
import type { SlackWeb } from "./web.ts";

/** Of one method. Reading is tier 3, 50 and more a minute (docs.slack.dev, Rate limits): that leaves some to others. */
const MOST_A_MINUTE = 45;
const MINUTE_MS = 60_000;
const REPEAT_AFTER_MS = 1_000;

interface PatientDeps {
  readonly web: SlackWeb;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** How one method is called. All times are of the monotonic clock. */
interface Pace {
  readonly method: string;
  /** When its calls of the last minute were made. */
  starts: readonly number[];
  pausedUntil: number;
  /** Slack has refused a call for coming too fast: from then on each waits for the one before it. */
  isNarrow: boolean;
  /** Resolves when the next may be made. */
  next: Promise<void>;
}

/**
 * The Web API for reading that nobody waits for: it goes on at the pace that Slack allows, however slow that is, and tries once more what had
 * no answer. An app that is sold outside of Slack's Marketplace may read once a minute (docs.slack.dev, Rate limits). Throws the signal's
 * reason when it aborts.
 */
export function createPatientWeb(deps: PatientDeps): SlackWeb {
  const { clock, signal } = deps;
  const paces = new Map<string, Pace>();
  const paceOf = (method: string): Pace => {
    const known = paces.get(method);
    if (known) return known;
    const pace = { method, starts: [], pausedUntil: 0, isNarrow: false, next: Promise.resolve() };
    paces.set(method, pace);
    return pace;
  };
  const inTurn = async (pace: Pace, args: Json | undefined): Promise<Json> => {
    const mayStart = pace.next;
    const { promise, resolve: letNext } = Promise.withResolvers<void>();
    pace.next = promise;
    try {
      await mayStart;
      return await untilTaken(deps, pace, { args, letNext });
    } finally {
      letNext();
    }
  };
  return {
    call: async (method, args) => {
      signal.throwIfAborted();
      const pace = paceOf(method);
      try {
        return await inTurn(pace, args);
      } catch (caught) {
        if (!(caught instanceof PlatformRefusal) || caught.kind !== "unavailable") throw caught;
        await clock.sleep(REPEAT_AFTER_MS, signal);
        return inTurn(pace, args);
      }
    },
  };
}

/** Calls until Slack does not say that it was too early. */
async function untilTaken(
  deps: PatientDeps,
  pace: Pace,
  call: { readonly args: Json | undefined; readonly letNext: () => void },
): Promise<Json> {
  const { web, clock, log, signal } = deps;
  const { method } = pace;
  await admitted(deps, pace);
  if (!pace.isNarrow) call.letNext();
  try {
    return await unlessAborted(web.call(method, call.args), signal);
  } catch (caught) {
    if (!(caught instanceof PlatformRefusal) || caught.kind !== "rate_limited") throw caught;
    const { retryAfterMs = 0 } = caught;
    if (!pace.isNarrow)
      log.info({ method, retryAfterMs }, "what was missed is read as slowly as Slack wants");
    pace.isNarrow = true;
    pace.pausedUntil = Math.max(pace.pausedUntil, clock.monotonic() + retryAfterMs);
    return untilTaken(deps, pace, call);
  }
}

/** Waits until another call is within what Slack allows, and counts it. */
async function admitted({ clock, signal }: PatientDeps, pace: Pace): Promise<void> {
  for (;;) {
    const now = clock.monotonic();
    pace.starts = pace.starts.filter((start) => start > now - MINUTE_MS);
    const [oldest = now] = pace.starts;
    const full = pace.starts.length < MOST_A_MINUTE ? 0 : oldest + MINUTE_MS - now;
    const wait = Math.max(full, pace.pausedUntil - now);
    if (wait <= 0) break;
    await clock.sleep(wait, signal);
  }
  pace.starts = [...pace.starts, clock.monotonic()];
}

/** Nothing else will be read either. A place that is gone, or a kind that the token has no scope for, says nothing of the others. */
export function endsAll({ kind }: PlatformRefusal): boolean {
  return kind === "unauthorized" || kind === "unavailable";
}

/** Does not wait for what nobody wants any more. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
