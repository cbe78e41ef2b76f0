import { describe, expect, it } from "vitest";
import { createMetrics } from "../src/metrics.ts";

describe("the figures for Prometheus", () => {
  it("count and time what is shown, by platform and by nothing else", async () => {
    const metrics = createMetrics();
    metrics.painted("slack");
    metrics.painted("slack");
    metrics.painted("discord");
    metrics.skipped("slack", 12);
    metrics.rateLimited("discord");
    metrics.lagged("slack", 300);
    metrics.lagged("slack", 3_000);
    metrics.completed("slack", 90_000);
    const lines = (await metrics.text()).split("\n");
    for (const line of [
      'patchcord_paints_total{platform="slack"} 2',
      'patchcord_paints_total{platform="discord"} 1',
      'patchcord_drafts_skipped_total{platform="slack"} 12',
      'patchcord_rate_limited_total{platform="discord"} 1',
      'patchcord_lag_seconds_bucket{le="0.25",platform="slack"} 0',
      'patchcord_lag_seconds_bucket{le="0.5",platform="slack"} 1',
      'patchcord_lag_seconds_sum{platform="slack"} 3.3',
      'patchcord_completion_seconds_bucket{le="60",platform="slack"} 0',
      'patchcord_completion_seconds_count{platform="slack"} 1',
    ])
      expect(lines).toContain(line);
    const labels = new Set(lines.flatMap((line) => line.match(/\w+(?==")/g) ?? []));
    expect([...labels].sort()).toEqual(["le", "platform"]);
    expect(metrics.contentType).toMatch(/^text\/plain/);
  });

  it("are those of one process, whatever else ran in it before", async () => {
    createMetrics().painted("slack");
    expect(await createMetrics().text()).not.toContain("platform=");
  });
});
