import { createHash } from "node:crypto";
import type { Settings } from "../core.ts";
import type { Json } from "../json/people.ts";
import type { Rate, Rates } from "../options.ts";

/** Too many requests: answered with 429. */
export class TooFast extends Error {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;

  constructor(
    retryMs: number,
    of: { global?: boolean; scope?: "user" | "shared"; code?: number; text?: string },
  ) {
    super("You are being rate limited.");
    const { global = false, scope = "user" } = of;
    this.headers = {
      // Whole seconds, as Discord sends it; the body has the fraction.
      "retry-after": String(Math.ceil(retryMs / 1000)),
      "x-ratelimit-scope": global ? "global" : scope,
      ...(global ? { "x-ratelimit-global": "true" } : {}),
    };
    this.body = {
      message: of.text ?? "You are being rate limited.",
      retry_after: Math.ceil(retryMs) / 1000,
      global,
      ...(of.code === undefined ? {} : { code: of.code }),
    };
  }
}

export interface Limits {
  /** Counts one request of all the bot's. Throws `TooFast`. */
  global(): void;
  /** Counts one request of a bucket, and says what its headers are. */
  take(bucket: { name: string; major: string; rate: keyof Rates }): Taken;
  /** Counts against a limit that no header tells of. Throws `TooFast`. */
  hidden(rate: "oldEdit" | "rename", major: string): void;
}

interface Taken {
  readonly headers: Readonly<Record<string, string>>;
  readonly refusal?: TooFast;
}

interface Window {
  left: number;
  /** On the monotonic clock. */
  endsAt: number;
}

/** Windows of fixed length that begin with their first request. Nothing is limited, and no header sent, when limits are off. */
export function createLimits(settings: Settings): Limits {
  const { clock, rates, limited } = settings;
  const windows = new Map<string, Window>();

  const count = (key: string, rate: Rate): { left: number; waitMs: number; over: boolean } => {
    const now = clock.monotonic();
    const found = windows.get(key);
    const window = found && found.endsAt > now ? found : { left: rate.count, endsAt: now + rate.windowMs };
    windows.set(key, window);
    const over = window.left === 0;
    if (!over) window.left -= 1;
    return { left: window.left, waitMs: window.endsAt - now, over };
  };

  return {
    global: () => {
      if (!limited) return;
      const { over, waitMs } = count("global", rates.global);
      if (over) throw new TooFast(waitMs, { global: true });
    },
    take: ({ name, major, rate }) => {
      if (!limited) return { headers: {} };
      const { left, waitMs, over } = count(`${name}:${major}`, rates[rate]);
      const headers = {
        "x-ratelimit-limit": String(rates[rate].count),
        "x-ratelimit-remaining": String(left),
        "x-ratelimit-reset": (Math.ceil(clock.now() + waitMs) / 1000).toFixed(3),
        "x-ratelimit-reset-after": (Math.ceil(waitMs) / 1000).toFixed(3),
        "x-ratelimit-bucket": createHash("md5").update(name).digest("hex"),
      };
      return over ? { headers, refusal: new TooFast(waitMs, {}) } : { headers };
    },
    hidden: (rate, major) => {
      if (!limited) return;
      const { over, waitMs } = count(`${rate}:${major}`, rates[rate]);
      if (!over) return;
      throw rate === "oldEdit"
        ? new TooFast(waitMs, {
            scope: "shared",
            code: 30046,
            text: "Maximum number of edits to messages older than 1 hour reached. Try again later",
          })
        : new TooFast(waitMs, {});
    },
  };
}
