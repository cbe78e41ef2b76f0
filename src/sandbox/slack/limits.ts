import type { Clock } from "../../clock.ts";

/** How a method is limited. `message` has its own rule. */
export type Limit = "tier1" | "tier2" | "tier3" | "tier4" | "message" | "auth" | "status" | "reading";

/** `internal`: made for one's own workspace, as this app is meant to be. `commercial`: sold outside of Slack's Marketplace. */
export type Distribution = "internal" | "commercial";

/** Messages that one call of conversations.history or conversations.replies gives (docs.slack.dev, Rate limits). */
const MOST_READ: Readonly<Record<Distribution, number>> = { internal: 1000, commercial: 15 };

/** At most `calls` in any `windowMs`. */
interface Window {
  readonly calls: number;
  readonly windowMs: number;
}

const MINUTE = 60_000;

/**
 * docs.slack.dev, Rate limits: tiers 1 to 4 are 1, 20, 50 and 100 calls a minute, a method, a workspace. Slack calls them
 * minima and tolerates bursts; the twin grants exactly them. auth.test: "hundreds of requests per minute".
 * assistant.threads.setStatus is "special" without a number: the twin counts it as tier 4.
 */
const TIERS: Record<Exclude<Limit, "message" | "reading">, Window> = {
  tier1: { calls: 1, windowMs: MINUTE },
  tier2: { calls: 20, windowMs: MINUTE },
  tier3: { calls: 50, windowMs: MINUTE },
  tier4: { calls: 100, windowMs: MINUTE },
  auth: { calls: 300, windowMs: MINUTE },
  status: { calls: 100, windowMs: MINUTE },
};

/**
 * docs.slack.dev, Rate limits, "Posting messages": about one a second and channel with short bursts above it, and several
 * hundred a minute in the workspace. The burst's length is not published; the twin allows five seconds' worth.
 */
const POSTS_PER_CHANNEL: Window = { calls: 5, windowMs: 5_000 };
const POSTS_PER_WORKSPACE: Window = { calls: 300, windowMs: MINUTE };

export interface RateLimits {
  /** Counts a call. 0: it may go on. Otherwise it is refused, and this is Retry-After in whole seconds. */
  take(method: string, limit: Limit, channel: string | undefined): number;
}

/** Rolling windows. A refused call does not count. */
export function createRateLimits(clock: Clock, distribution: Distribution = "internal"): RateLimits {
  // docs.slack.dev, Rate limits: conversations.history and conversations.replies are tier 3, or one call a minute.
  const reading = distribution === "internal" ? TIERS.tier3 : TIERS.tier1;
  const taken = new Map<string, number[]>();

  const waitFor = (key: string, { calls, windowMs }: Window): number => {
    const now = clock.monotonic();
    const recent = (taken.get(key) ?? []).filter((at) => at > now - windowMs);
    taken.set(key, recent);
    const oldest = recent.at(-calls);
    return oldest === undefined ? 0 : Math.ceil((oldest + windowMs - now) / 1000);
  };

  return {
    take: (method, limit, channel) => {
      const windows: [string, Window][] =
        limit === "message"
          ? [
              [`${method} ${channel ?? ""}`, POSTS_PER_CHANNEL],
              [method, POSTS_PER_WORKSPACE],
            ]
          : [[method, limit === "reading" ? reading : TIERS[limit]]];
      const wait = Math.max(...windows.map(([key, window]) => waitFor(key, window)));
      if (wait === 0) for (const [key] of windows) taken.get(key)?.push(clock.monotonic());
      return wait;
    },
  };
}

/** How often and how much an app may call. */
export function allowanceOf(options: {
  readonly limits?: "documented" | "off";
  readonly distribution?: Distribution;
  readonly clock: Clock;
}): { readonly limits: RateLimits; readonly mostRead: number } {
  const { clock, distribution = "internal" } = options;
  return {
    limits: options.limits === "off" ? noRateLimits : createRateLimits(clock, distribution),
    mostRead: MOST_READ[distribution],
  };
}

const noRateLimits: RateLimits = { take: () => 0 };
