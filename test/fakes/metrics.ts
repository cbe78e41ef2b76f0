import type { Metrics } from "../../src/bridge/metrics.ts";

/** What was measured, in the order of time. */
export interface FakeMetrics extends Metrics {
  readonly paints: string[];
  readonly refusals: string[];
  readonly skips: number[];
  readonly lags: number[];
  readonly completions: number[];
}

export function createFakeMetrics(): FakeMetrics {
  const [paints, refusals]: [string[], string[]] = [[], []];
  const [skips, lags, completions]: [number[], number[], number[]] = [[], [], []];
  return {
    paints,
    refusals,
    skips,
    lags,
    completions,
    painted: (platform) => void paints.push(platform),
    rateLimited: (platform) => void refusals.push(platform),
    skipped: (_, drafts) => void skips.push(drafts),
    lagged: (_, ms) => void lags.push(ms),
    completed: (_, ms) => void completions.push(ms),
  };
}
