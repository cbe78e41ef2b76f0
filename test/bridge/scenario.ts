import fc from "fast-check";
import type { FailureReason } from "../../src/reply/event.ts";
import type { Failure } from "../contracts/platform-bench.ts";
import type { CallKind } from "../fakes/process.ts";
import { chunked, tidyMarkdown, wildMarkdown } from "../reply/arbitraries.ts";

/** What the model does with one question, however often it is asked. */
export interface Script {
  /** Before its first text. */
  readonly thinkMs: number;
  readonly deltas: readonly string[];
  /** Between two deltas. */
  readonly gapMs: number;
  readonly incomplete: string | undefined;
  /** How its first attempts fail. The next one succeeds. */
  readonly failures: readonly ScriptedFailure[];
}

export interface ScriptedFailure {
  readonly reason: FailureReason;
  readonly reached: "never" | "refused" | "unknown";
  /** After so many deltas. */
  readonly after: number;
  /** What Telnyx stored of it all the same. */
  readonly kept: "nothing" | "answer";
}

export type Step = { readonly after: number } & (
  | { readonly kind: "say"; readonly place: number; readonly as: "question" | "gossip" | "bot" }
  | { readonly kind: "again"; readonly message: number }
  | {
      readonly kind: "fail";
      readonly call: CallKind;
      readonly failure: Failure;
      readonly times: number;
    }
  /** With `inPost`, posts that are made meanwhile stand, but nobody hears of them. */
  | { readonly kind: "crash"; readonly inPost: boolean }
);

export interface Scenario {
  readonly persistence: "on_completion" | "input_first";
  readonly scripts: readonly Script[];
  readonly steps: readonly Step[];
}

export const PLACES = 3;

const failure: fc.Arbitrary<ScriptedFailure> = fc
  .tuple(
    fc.constantFrom(
      ["rate_limited", "refused"] as const,
      ["unavailable", "never"] as const,
      ["unavailable", "unknown"] as const,
      ["timeout", "unknown"] as const,
      ["cut", "unknown"] as const,
      ["model_error", "unknown"] as const,
      ["account", "refused"] as const,
    ),
    fc.nat(6),
    fc.constantFrom("nothing" as const, "answer" as const),
  )
  .map(([[reason, reached], after, kept]) => ({
    reason,
    reached,
    after: reached === "unknown" ? after : 0,
    kept: reached === "unknown" ? kept : "nothing",
  }));

const script: fc.Arbitrary<Script> = fc.record({
  thinkMs: fc.constantFrom(0, 0, 700, 3_000),
  deltas: chunked(fc.oneof(wildMarkdown, tidyMarkdown(14)).map((text) => text.toWellFormed())),
  gapMs: fc.constantFrom(0, 40, 250),
  incomplete: fc.option(fc.constantFrom("max_output_tokens", "content_filter"), { nil: undefined, freq: 8 }),
  failures: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(failure, { minLength: 1, maxLength: 3 }) },
  ),
});

const after = fc.constantFrom(0, 0, 0, 30, 300, 900, 2_500, 6_000);
const place = fc.nat(PLACES - 1);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("say" as const),
      after,
      place,
      as: fc.constantFrom("question", "question", "question", "gossip", "bot"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("again" as const), after, message: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("fail" as const),
      after,
      call: fc.constantFrom("post", "post", "edit", "history"),
      failure: fc.constantFrom("rate_limited", "unavailable", "swallow", "cut"),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("crash" as const), after, inPost: fc.boolean() }),
  },
);

/** A while of the bot's life: what people say, what the model answers, what breaks, when it is killed. */
export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  persistence: fc.constantFrom("on_completion", "input_first"),
  scripts: fc.array(script, { minLength: 1, maxLength: 4 }),
  steps: fc
    .array(step, { minLength: 1, maxLength: 14, size: "max" })
    // Five kills in one turn are where it is given up: another test's matter.
    .filter((steps) => steps.filter(({ kind }) => kind === "crash").length <= 4),
});
