import { failpointsIn } from "./failpoints.ts";
import { countTroubles } from "./journal.ts";
import type { Verdict } from "./run-kit.ts";

/** What is counted as which of the four promises. */
const PROMISES = {
  lost: ["lost", "unsettled", "unfinished", "wrong text", "failed for no reason"],
  doubled: ["doubled", "asked too often", "stored too often"],
  "out of order": ["out of order", "interleaved"],
  unasked: ["unasked"],
  orphaned: ["orphaned", "page without its post"],
  overdrawn: ["overdrawn"],
  "not fenced": ["not fenced"],
};

/** What came of a run, for a person. */
export function report({ evidence, violations, crashes, stories, folder }: Verdict, ms: number): string {
  const { asks, turns, calls, posts, troubles } = evidence;
  const told = turns.filter(({ state }) => state !== "done").length;
  const hit = failpointsIn(evidence.steps);
  const sums = Object.entries(PROMISES).map(([promise, faults]) => {
    const found = violations.filter(({ fault }) => faults.includes(fault)).length;
    return `${promise} ${found}`;
  });
  const counts = [...countTroubles(troubles)].map(([kind, count]) => `${kind} ${count}`);
  return [
    `${asks.length} questions, ${turns.length - told} answered, ${told} told why not; ${posts.length} pages, ${calls.length} model calls; ${(ms / 1000).toFixed(1)} s`,
    `troubles: ${counts.join(", ") || "none"}`,
    ...(crashes.length > 0 ? [`ends that nobody asked for: ${crashes.join("; ")}`] : []),
    ...(hit.size > 0
      ? [`killed at: ${[...hit].map(([point, count]) => `${point} ${count}`).join(", ")}`]
      : []),
    sums.join(", "),
    ...(violations.length > 0
      ? [`${violations.length} violations; logs and database are kept in ${folder}`]
      : []),
    ...stories.map((story) => `\n${story}`),
  ].join("\n");
}
