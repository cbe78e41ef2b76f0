import { Counter, Histogram, Registry } from "prom-client";
import type { Metrics } from "./bridge/metrics.ts";

/** What is measured, for Prometheus to read. */
export interface Measured extends Metrics {
  /** In the text format of `contentType`. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Seconds: from what nobody notices to what everybody complains of. */
const BUCKETS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60];

/** Everything is labelled by platform alone: workspaces, channels and people are too many, and nobody else's business. */
export function createMetrics(): Measured {
  const registry = new Registry();
  const labelled = (name: string, help: string) => ({
    name: `patchcord_${name}`,
    help,
    labelNames: ["platform"],
    registers: [registry],
  });
  const paints = new Counter(labelled("paints_total", "Posts and edits that were made."));
  const skipped = new Counter(
    labelled(
      "drafts_skipped_total",
      "States of replies that were overtaken by newer text before they were shown.",
    ),
  );
  const refused = new Counter(labelled("rate_limited_total", "Paints that the platform refused with 429."));
  const lag = new Histogram({
    ...labelled(
      "lag_seconds",
      "At each paint: the age of the oldest text that was not on screen until then.",
    ),
    buckets: BUCKETS,
  });
  const completion = new Histogram({
    ...labelled("completion_seconds", "From the model's end to the whole answer on screen."),
    buckets: BUCKETS,
  });
  return {
    painted: (platform) => paints.inc({ platform }),
    skipped: (platform, drafts) => skipped.inc({ platform }, drafts),
    rateLimited: (platform) => refused.inc({ platform }),
    lagged: (platform, ms) => lag.observe({ platform }, ms / 1_000),
    completed: (platform, ms) => completion.observe({ platform }, ms / 1_000),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
