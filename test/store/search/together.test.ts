import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Condition } from "../../../src/store/archive.ts";
import { plain, type Plain } from "../../../src/store/search/condition.ts";
import { listsIn, together } from "../../../src/store/search/together.ts";

const name = (field: "channel" | "user", value: string): Condition => ({
  kind: "name",
  field,
  tense: "ever",
  match: "equals",
  value,
});
const status = (...values: string[]): Condition => ({ kind: "word", field: "status", values });
const said = (word: string, prefix = false): Condition => ({ kind: "text", words: [word], prefix });
const tokens = (from: number): Condition => ({ kind: "number", field: "tokens", from });
const not = (of: Condition): Condition => ({ kind: "not", of });
const any = (...of: Condition[]): Condition => ({ kind: "any", of });
const all = (...of: Condition[]): Condition => ({ kind: "all", of });
const isApart = ({ words, prefix }: { readonly words: readonly string[]; readonly prefix: boolean }) =>
  prefix && (words[0] ?? "").length < 3;
const made = (where: Condition) => together(plain(where), isApart);

describe("what is said of one field", () => {
  it("is one list where any of it will do, and where none of it may hold", () => {
    const list = { kind: "name", field: "channel", tense: "ever", match: "equals", values: ["a", "b"] };
    expect(made(any(name("channel", "a"), name("channel", "b"), name("channel", "a")))).toEqual({
      kind: "is",
      atom: list,
    });
    expect(made(all(not(name("channel", "a")), not(name("channel", "b"))))).toEqual({
      kind: "isnt",
      atom: list,
    });
    expect(made(not(any(name("channel", "a"), name("channel", "b"))))).toMatchObject({
      kind: "isnt",
      atom: list,
    });
  });

  it("is no list where all of it has to hold, or where it is said of another or in another way", () => {
    for (const where of [
      all(name("channel", "a"), name("channel", "b")),
      any(not(name("channel", "a")), not(name("channel", "b"))),
      any(name("channel", "a"), name("user", "a")),
      any(name("channel", "a"), not(name("channel", "b"))),
      any(name("channel", "a"), { ...name("channel", "b"), match: "prefix" } as Condition),
      any(name("channel", "a"), { ...name("channel", "b"), tense: "now" } as Condition),
      any(tokens(1), tokens(2)),
    ])
      expect(listsIn(made(where))).toBe(2);
  });

  it("is a list of its own where an index finds it apart", () => {
    const apart = made(any(said("word"), said("be", true), said("begin", true), said("bu", true)));
    expect(apart).toMatchObject({
      kind: "any",
      of: [
        { atom: { phrases: [{ words: ["word"] }, { words: ["begin"] }] } },
        { atom: { phrases: [{ words: ["be"] }, { words: ["bu"] }] } },
      ],
    });
  });

  it("counts what has to be said together once", () => {
    const words = Array.from({ length: 9 }, (_, index) => said(`w${index}`));
    expect(listsIn(made(all(...words, tokens(1), tokens(2))))).toBe(3);
    expect(listsIn(made(any(...words.map(not))))).toBe(9);
    expect(listsIn(made(any(...words)))).toBe(1);
  });
});

/** What a row is: the values that hold of it. */
type Holding = ReadonlySet<string>;

function holds(condition: Plain, row: Holding): boolean {
  if ("of" in condition) {
    const each = condition.of.map((part) => holds(part, row));
    return condition.kind === "all" ? each.every(Boolean) : each.some(Boolean);
  }
  const { kind, atom } = condition;
  return valuesOf(atom).some((value) => row.has(value)) === (kind === "is");
}

function valuesOf(atom: Extract<Plain, { readonly atom: unknown }>["atom"]): readonly string[] {
  if (atom.kind === "text")
    return atom.phrases.map(({ words, prefix }) => `${words.join(" ")}${prefix ? "*" : ""}`);
  if ("values" in atom) return atom.values.map((value) => `${atom.field}:${value}`);
  return atom.kind === "number" ? [`${atom.field}:${atom.from}`] : [];
}

const leaf = fc.oneof(
  fc.constantFrom("a", "b", "c").map((value) => name("channel", value)),
  fc.constantFrom("a", "b").map((value) => name("user", value)),
  fc.subarray(["open", "done", "failed"]).map((values) => status(...values)),
  fc.tuple(fc.constantFrom("be", "begin", "word"), fc.boolean()).map(([word, prefix]) => said(word, prefix)),
  fc.constantFrom(1, 2).map(tokens),
);
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    { arbitrary: leaf, weight: 1 },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom("all" as const, "any" as const),
        of: fc.array(tie("condition"), { minLength: 1, maxLength: 6 }),
      }),
    },
    { weight: 1, arbitrary: tie("condition").map(not) },
  ),
}));
const ROW = [
  "channel:a",
  "channel:b",
  "user:a",
  "status:open",
  "status:done",
  "be",
  "be*",
  "begin*",
  "word",
  "tokens:1",
];

it("means the same as before, and never asks for more", () => {
  let fewer = 0;
  fc.assert(
    fc.property(condition, fc.subarray(ROW), (where, row) => {
      const [before, after] = [plain(where), made(where)];
      expect(holds(after, new Set(row))).toBe(holds(before, new Set(row)));
      expect(listsIn(after)).toBeLessThanOrEqual(listsIn(before));
      if (listsIn(after) < listsIn(before)) fewer += 1;
    }),
    { numRuns: 500 },
  );
  expect(fewer).toBeGreaterThan(100);
});
