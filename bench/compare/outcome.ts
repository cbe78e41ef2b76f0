import { mean, overTime, quantile, type Showing } from "./figures.ts";
import { bestOf } from "./limit.ts";
import { nameOf, READING_MS, type Scenario, wayOf, waysOf } from "./scenarios.ts";
import type { Calls } from "./screen.ts";

/** One row of the table. Infinity: never in the time that was watched (null in JSON). What does not apply is left out. */
export interface Row {
  readonly platform: string;
  readonly scenario: string;
  readonly who: string;
  /** Median, and of contestants the 99th percentile. */
  readonly firstMs: readonly number[];
  /** Mean, and of contestants the 95th percentile, of limits what whoever does not know the end can promise. */
  readonly ageS: readonly number[];
  /** Median, and of contestants the 99th percentile. */
  readonly completeS: readonly number[];
  readonly done?: Done;
}

/** What only a contestant has. */
interface Done extends Calls {
  /** Characters that the model had said and that were not on screen, on average. */
  readonly behind: number;
  /** Mean age in each fifth of the model's time. */
  readonly overTimeS: readonly number[];
  /** Answers that were whole on screen in the time that was watched, and answers. */
  readonly whole: readonly [number, number];
  readonly lost: number;
  readonly doubled: number;
  /** Mean age over the best limit's, and over what can be promised without knowing the end, in the ways that it used. */
  readonly overLimit: readonly number[];
  /** The 99th percentile of the completions, in the time that one paint of every live reply takes at that limit. */
  readonly slots: number;
}

/** What is known of the model in every row. */
export interface Pace {
  /** From an answer's first token to its last, and from one answer's first to the next one's. In milliseconds. */
  readonly modelMs: number;
  readonly everyMs: number;
  readonly characters: number;
}

/** What one contestant did, beside the best of the platform's limits. */
export function rowOf(
  scenario: Scenario,
  who: string,
  seen: { readonly showings: readonly Showing[]; readonly calls: Calls; readonly pace: Pace },
): Row {
  const { showings, calls, pace } = seen;
  const ages = showings.flatMap((one) => one.ages);
  const complete = showings.map(({ completeMs }) => completeMs);
  const first = showings.map(({ firstMs }) => firstMs);
  const limits = limitsOf(scenario, pace);
  const best = limits.reduce((a, b) => (b.best.ageMs < a.best.ageMs ? b : a)).best;
  const own = limits.find(({ way }) => way === wayOf(calls))?.best ?? best;
  const sum = (of: (one: Showing) => number) => showings.reduce((all, one) => all + of(one), 0);
  return {
    platform: scenario.platform,
    scenario: nameOf(scenario),
    who,
    firstMs: [quantile(first, 0.5), quantile(first, 0.99)],
    ageS: [mean(ages) / 1_000, quantile(ages, 0.95) / 1_000],
    completeS: [quantile(complete, 0.5) / 1_000, quantile(complete, 0.99) / 1_000],
    done: {
      ...calls,
      overTimeS: overTime(showings, PARTS).map((ms) => ms / 1_000),
      behind: mean(showings.flatMap((one) => one.behind)),
      whole: [complete.filter(Number.isFinite).length, showings.length],
      lost: sum(({ lost }) => lost),
      doubled: sum(({ doubled }) => doubled),
      overLimit: [mean(ages) / best.ageMs, mean(ages) / own.unknownAgeMs],
      slots: quantile(complete, 0.99) / best.slotMs,
    },
  };
}

/** The rows of the limits themselves. */
export function limitRows(scenario: Scenario, pace: Pace): readonly Row[] {
  return limitsOf(scenario, pace).map(({ way, best }) => ({
    platform: scenario.platform,
    scenario: nameOf(scenario),
    who: `limit, ${way}`,
    firstMs: [best.firstMs],
    ageS: [best.ageMs / 1_000, best.unknownAgeMs / 1_000],
    completeS: [best.completeMs / 1_000],
  }));
}

function limitsOf(scenario: Scenario, { modelMs, everyMs, characters }: Pace) {
  // Discord's content limit (docs.discord.com, Create Message); a Slack message holds all of these answers.
  const further = scenario.platform === "discord" ? Math.ceil(characters / 2_000) - 1 : 0;
  const { live, rounds, roundMs = modelMs + READING_MS } = scenario;
  const load = { live, modelMs, everyMs, further, rounds, roundMs };
  return waysOf(scenario).map(([way, rules]) => ({ way, best: bestOf(rules, load) }));
}

/** A fifth of ten seconds is two. */
const PARTS = 5;

const HEAD = [
  "live",
  "who",
  "first text, ms: median, p99",
  "unseen text's age, s: mean, p95 (limits: end known, unknown)",
  "its mean in each fifth of the model's time",
  "characters behind",
  "whole after the end, s: median, p99",
  "whole",
  "paints",
  "429",
  "lost",
  "doubled",
  "age / limit: end known, unknown",
  "slots to whole (p99)",
];

/** The rows of one platform as a Markdown table. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ scenario, who, firstMs, ageS, completeS, done }) => [
    scenario,
    who,
    figures(firstMs, 0),
    figures(ageS, 2),
    done ? figures(done.overTimeS, 1) : "",
    done ? figures([done.behind], 0) : "",
    figures(completeS, 2),
    ...(done
      ? [
          done.whole.join("/"),
          ...[done.paints, done.refused, done.lost, done.doubled].map(String),
          figures(done.overLimit, 1),
          figures([done.slots], 2),
        ]
      : []),
  ]);
  return markdownTable([HEAD, ...cells]);
}

function figures(values: readonly number[], digits: number): string {
  return values.map((value) => (Number.isFinite(value) ? value.toFixed(digits) : "never")).join(", ");
}

/** The first line is the head. */
export function markdownTable(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? "").length)),
  );
  const drawn = lines.map(
    (line) => `| ${widths.map((width, i) => (line[i] ?? "").padEnd(width)).join(" | ")} |`,
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [drawn[0], rule, ...drawn.slice(1)].join("\n");
}
