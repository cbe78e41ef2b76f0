import fc from "fast-check";
import type { Condition, NameField, WordField } from "../../src/store/archive.ts";
import { fold } from "../../src/store/words.ts";
import { CHANNELS, USERS, WORDS } from "./archive-world.ts";

/* What archives are asked in their contract: whatever may be said, of the worlds of archive-world.ts. */

const name: fc.Arbitrary<Condition> = fc.record({
  kind: fc.constant("name" as const),
  field: fc.constantFrom<NameField>("user", "channel", "topic", "workspace", "thread"),
  tense: fc.constantFrom("then" as const, "now" as const, "ever" as const),
  match: fc.constantFrom("equals" as const, "prefix" as const, "contains" as const),
  value: fc.constantFrom(...[...USERS, ...CHANNELS, "a", "ali", "sup", "on ", "%", "_", "two", ""].map(fold)),
});
const word: fc.Arbitrary<Condition> = fc
  .constantFrom<[WordField, readonly string[]]>(
    ["platform", ["chat", "other"]],
    ["workspaceId", ["W0", "W1"]],
    ["channelId", ["C0", "C1", "C2"]],
    ["kind", ["public", "private"]],
    ["threadId", ["t0", "t1", "t2"]],
    ["userId", ["U0", "U1", "U2", "' OR 1 = 1 --"]],
    ["model", ["glm", "kimi"]],
    ["status", ["done", "failed", "open", "stopped", "postponed"]],
    ["error", ["timeout", "Broke"]],
    ["place", ["chat:P0", "chat:P1"]],
    ["telnyxId", ["T0-1", "T1-2"]],
    ["turn", ["1", "2", "5", "x", "999999999999999999999"]],
    ["heardId", ["U0", "U3", "U9"]],
  )
  .chain(([field, values]) =>
    fc.subarray([...values]).map((some) => ({ kind: "word" as const, field, values: some })),
  );
const part: fc.Arbitrary<Condition> = fc.record({
  kind: fc.constant("part" as const),
  field: fc.constantFrom("model" as const, "error" as const),
  match: fc.constantFrom("prefix" as const, "contains" as const),
  value: fc.constantFrom("g", "lm", "glm", "%", "bro", "out", ""),
});
const number: fc.Arbitrary<Condition> = fc
  .record({
    field: fc.constantFrom("tokens", "cost", "firstText", "complete", "generation", "inputTokens" as const),
    from: fc.option(fc.constantFrom(-Infinity, 0, 0.5, 2, 14, 40, 1e300), { nil: undefined }),
    below: fc.option(fc.constantFrom(Infinity, 0, 1.5, 3, 20.5, 90), { nil: undefined }),
  })
  .map(({ field, from, below }) => ({
    kind: "number" as const,
    field,
    ...(from !== undefined && { from }),
    ...(below !== undefined && { below }),
  }));
const text: fc.Arbitrary<Condition> = fc.record({
  kind: fc.constant("text" as const),
  words: fc.array(fc.constantFrom(...WORDS), { minLength: 0, maxLength: 3 }),
  prefix: fc.boolean(),
});
export const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    name,
    word,
    part,
    number,
    text,
    fc.record({
      kind: fc.constantFrom("all" as const, "any" as const),
      of: fc.array(tie("condition"), { maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant("not" as const), of: tie("condition") }),
  ),
}));
const said = (...words: string[]): Condition => ({ kind: "text", words, prefix: false });
const isnt = (of: Condition): Condition => ({ kind: "not", of });
const failed: Condition = { kind: "word", field: "status", values: ["failed", "stopped"] };
const here: Condition = { kind: "word", field: "place", values: ["chat:P0", "chat:P3"] };
const there: Condition = { kind: "name", field: "channel", tense: "ever", match: "prefix", value: "sup" };
const begun = (word: string): Condition => ({ kind: "text", words: [word], prefix: true });
const named = (field: NameField, value: string): Condition => ({
  kind: "name",
  field,
  tense: "ever",
  match: "prefix",
  value,
});
/** What is found in ways of its own, and seldom made by chance. */
export const hard: readonly Condition[] = [
  // What has to hold of one turn, and does of two.
  ...["U0", "U1", "U2"].flatMap((user) =>
    [failed, isnt(failed), said("refund"), { kind: "word", field: "model", values: ["glm"] } as const].map(
      (other) => ({
        kind: "all" as const,
        of: [{ kind: "word" as const, field: "userId" as const, values: [user] }, other],
      }),
    ),
  ),
  said("refund"),
  isnt(said("a")),
  { kind: "all", of: [said("refund"), said("please"), said("the", "refund")] },
  { kind: "all", of: [said("a"), isnt(said("x1")), there] },
  { kind: "any", of: [said("uber"), { kind: "all", of: [said("refund"), here] }] },
  { kind: "any", of: [here, failed] },
  // Any of several values, and none of several: beginnings of words, longer ones, phrases and words apart and together.
  ...[
    [said("refund"), said("the", "refund"), said("x1")],
    [begun("re"), begun("pl"), begun("refun"), said("uber"), said("please", "refund")],
    [begun("x"), begun("dr"), said("nowhere")],
    [there, named("channel", "ops"), named("channel", "support"), named("user", "ali"), named("user", "bo")],
  ].flatMap((of): Condition[] => [
    { kind: "any", of },
    { kind: "all", of: [{ kind: "any", of }, isnt(failed)] },
    { kind: "all", of: [{ kind: "any", of }, said("a")] },
    { kind: "all", of: of.map(isnt) },
    { kind: "any", of: [...of.map(isnt), failed] },
  ]),
  { kind: "any", of: [there, said("x1")] },
  { kind: "all", of: [{ kind: "any", of: [here, said("drop")] }, isnt(failed)] },
  isnt({ kind: "word", field: "model", values: ["glm"] }),
  isnt({ kind: "part", field: "model", match: "contains", value: "m" }),
  { kind: "part", field: "model", match: "prefix", value: "k" },
  isnt({ kind: "word", field: "status", values: ["done", "open", "postponed"] }),
  { kind: "number", field: "cost", from: 15, below: 60 },
  { kind: "number", field: "tokens", below: 40 },
  { kind: "number", field: "at", below: 6_000_000 },
  { kind: "number", field: "at", from: 5_000_000 },
  // Between the turns of some conversations, with turns of others in it.
  ...[
    [2, 16],
    [4, 25],
    [8, 40],
  ].map(([from = 0, below = 0]) => ({
    kind: "number" as const,
    field: "at" as const,
    from: from * 1_000_000,
    below: below * 1_000_000,
  })),
  isnt({
    kind: "any",
    of: [
      { kind: "word", field: "status", values: ["done", "open"] },
      { kind: "word", field: "status", values: ["failed"] },
    ],
  }),
  { kind: "all", of: [failed, isnt({ kind: "word", field: "status", values: ["stopped"] }), there] },
  {
    kind: "all",
    of: [
      isnt({ kind: "part", field: "model", match: "prefix", value: "g" }),
      isnt({ kind: "word", field: "model", values: ["kimi"] }),
    ],
  },
  {
    kind: "all",
    of: [
      { kind: "part", field: "model", match: "contains", value: "m" },
      isnt({ kind: "part", field: "model", match: "prefix", value: "g" }),
    ],
  },
  { kind: "all", of: [{ kind: "number", field: "at", below: 7_000_000 }, failed] },
  { kind: "all", of: [{ kind: "number", field: "at", from: 3_000_000 }, here] },
  { kind: "text", words: ["re"], prefix: true },
  { kind: "all", of: [{ kind: "text", words: ["a"], prefix: true }, failed] },
  { kind: "all", of: [there, { kind: "text", words: ["the", "r"], prefix: true }] },
  { kind: "all", of: [said("refund"), { kind: "text", words: ["pl"], prefix: true }] },
  {
    kind: "all",
    of: [
      { kind: "text", words: ["re"], prefix: true },
      { kind: "text", words: ["refun"], prefix: true },
    ],
  },
  { kind: "all", of: [{ kind: "number", field: "at", from: 2_000_000, below: 9_000_000 }, isnt(failed)] },
  { kind: "any", of: [{ kind: "number", field: "at", from: 9_000_000 }, here] },
  { kind: "all", of: [here, { kind: "number", field: "complete", from: 6 }] },
  { kind: "all", of: [{ kind: "word", field: "kind", values: ["public"] }, isnt(failed)] },
];

/** Some that hardly any way but their own finds: each world is asked for them. */
export const always: readonly Condition[] = ["x1", "drop", "uber"].map((what) => ({
  kind: "any",
  of: [here, said(what)],
}));
