import type { Scope } from "../../src/bridge/budget.ts";
import { createHealth } from "../../src/bridge/health.ts";
import type { Budget } from "../../src/chat/budget.ts";
import { createLog } from "../../src/log.ts";

/** So many paints of every kind in a window of the channel. */
export const rule = (paints: number, windowMs: number, extra: Partial<Budget> = {}): Budget => ({
  covers: ["post", "edit"],
  per: "channel",
  paints,
  windowMs,
  ...extra,
});

/** A reply in a thread of the channel. */
export const scope = (budgets: readonly Budget[], channel = "C1"): Scope => ({
  platform: "fake",
  workspace: "W1",
  channel,
  place: `${channel}/t`,
  budgets,
});

export const health = createHealth(createLog("silent"));
/** Of a wait that nobody breaks off. */
export const never = new AbortController().signal;
