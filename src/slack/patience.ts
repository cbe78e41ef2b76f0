import type { Clock } from "../clock.ts";
import { PlatformRefusal } from "../errors.ts";
import type { Json } from "./json.ts";
import type { SlackWeb } from "./web.ts";

/** Of one method. Reading is tier 3, 50 and more a minute (docs.slack.dev, Rate limits): that leaves some to others. */
const MOST_CALLS = 45;
/**
 * For one method, whatever Slack asks for: messages that come meanwhile wait for it. An app that is sold outside of Slack's Marketplace
 * may read once a minute (docs.slack.dev, Rate limits): it gets one call, and does not wait for the next.
 */
const MOST_WAITED_MS = 20_000;
const REPEAT_AFTER_MS = 1_000;

interface Spent {
  calls: number;
  waitedMs: number;
  /** By the monotonic clock. */
  pausedUntil: number;
  over?: PlatformRefusal;
}

export interface PatientWeb extends SlackWeb {
  /** Why nothing more was read, by method. */
  over(): readonly PlatformRefusal[];
}

/**
 * The Web API for a bounded piece of reading: it waits where Slack asks for it, and tries once more what had no answer. What is beyond its
 * bounds it refuses as `rate_limited`, and that method from then on. Throws the signal's reason when it aborts.
 */
export function createPatientWeb(deps: { web: SlackWeb; clock: Clock; signal: AbortSignal }): PatientWeb {
  const { web, clock, signal } = deps;
  const methods = new Map<string, Spent>();

  const attempt = async (method: string, args: Json | undefined, spent: Spent): Promise<Json> => {
    const pause = spent.pausedUntil - clock.monotonic();
    if (pause > 0) await clock.sleep(pause, signal);
    if (spent.over) throw spent.over;
    if (spent.calls >= MOST_CALLS)
      throw (spent.over = overOf(method, `${MOST_CALLS} calls are the most at once`));
    spent.calls += 1;
    try {
      return await unlessAborted(web.call(method, args), signal);
    } catch (caught) {
      if (!(caught instanceof PlatformRefusal) || caught.kind !== "rate_limited") throw caught;
      const until = clock.monotonic() + (caught.retryAfterMs ?? 0);
      spent.waitedMs += Math.max(0, until - Math.max(spent.pausedUntil, clock.monotonic()));
      if (spent.waitedMs > MOST_WAITED_MS) throw (spent.over = overOf(method, tooLong(caught)));
      spent.pausedUntil = Math.max(spent.pausedUntil, until);
      return attempt(method, args, spent);
    }
  };

  return {
    call: async (method, args) => {
      signal.throwIfAborted();
      const spent = methods.get(method) ?? { calls: 0, waitedMs: 0, pausedUntil: 0 };
      methods.set(method, spent);
      try {
        return await attempt(method, args, spent);
      } catch (caught) {
        if (!(caught instanceof PlatformRefusal) || caught.kind !== "unavailable") throw caught;
        await clock.sleep(REPEAT_AFTER_MS, signal);
        return attempt(method, args, spent);
      }
    },
    over: () => [...methods.values()].flatMap(({ over }) => over ?? []),
  };
}

/** Nothing else will be read either. A place that is gone, or a kind that the token has no scope for, says nothing of the others. */
export function endsAll({ kind }: PlatformRefusal): boolean {
  return kind === "unauthorized" || kind === "unavailable";
}

function tooLong({ retryAfterMs = 0 }: PlatformRefusal): string {
  const seconds = Math.ceil(retryAfterMs / 1000);
  return `Slack asks to wait ${seconds} s (an app that is sold outside of its Marketplace may read once a minute)`;
}

function overOf(method: string, why: string): PlatformRefusal {
  return new PlatformRefusal("rate_limited", "slack_enough_read", `${method}: no more is read now: ${why}`);
}

/** Does not wait for what nobody wants any more. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
