import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Condition } from "../../../src/store/archive.ts";
import type { SumBy } from "../../../src/store/sums.ts";
import { conjuncts, plain } from "../../../src/store/search/condition.ts";
import {
  cellQuestion,
  type Cube,
  CUBE_NAMES,
  CUBES,
  cubeFor,
  piecesOf,
  startOf,
} from "../../../src/store/index/cube.ts";

const DAY = 86_400_000;
const day = (iso: string) => Date.parse(`${iso}T00:00:00Z`);
const at = (from?: number, below?: number): Condition => ({
  kind: "number",
  field: "at",
  ...(from !== undefined && { from }),
  ...(below !== undefined && { below }),
});
const word = (field: "kind" | "channelId" | "status" | "userId" | "threadId", value: string): Condition => ({
  kind: "word",
  field,
  values: [value],
});
const channel = (tense: "now" | "ever"): Condition => ({
  kind: "name",
  field: "channel",
  tense,
  match: "equals",
  value: "support",
});
const cube = (where: Condition, by?: SumBy): Cube | undefined => {
  const question = cellQuestion(conjuncts(plain(where)));
  return question && cubeFor(question, by);
};
const all = (...of: readonly Condition[]): Condition => ({ kind: "all", of });

describe("sums are put together", () => {
  it("of days alone where nothing but the time is asked", () => {
    expect(cube(all())).toBe("all");
    expect(cube(at(day("2026-01-05"), day("2026-02-01")), "week")).toBe("all");
    expect(cube(all(), "channel")).toBe("place");
    expect(cube(all(), "user")).toBe("person");
    expect(cube(all(), "model")).toBe("outcome");
  });

  it("of cells that know what is asked for", () => {
    expect(cube(all(at(day("2026-01-05")), word("kind", "public")), "day")).toBe("place");
    expect(cube({ kind: "not", of: { kind: "any", of: [channel("now"), word("channelId", "C1")] } })).toBe(
      "place",
    );
    expect(cube(word("status", "failed"), "month")).toBe("outcome");
  });

  it("not of cells where no cube knows all of it", () => {
    expect(cube(channel("ever"))).toBeUndefined();
    expect(cube(word("threadId", "t"))).toBeUndefined();
    expect(cube(word("userId", "U1"), "user")).toBeUndefined();
    expect(cube(word("kind", "public"), "user")).toBeUndefined();
    expect(cube(all(word("kind", "public"), word("status", "failed")))).toBeUndefined();
    expect(cube({ kind: "text", words: ["refund"], prefix: false })).toBeUndefined();
    expect(cube({ kind: "not", of: at(day("2026-01-05")) })).toBeUndefined();
  });

  it("not of cells where a time begins or ends within a day", () => {
    expect(cube(at(day("2026-01-05") + 1))).toBeUndefined();
    expect(cube(at(undefined, day("2026-01-05") - 1))).toBeUndefined();
    expect(cube(at(NaN))).toBeUndefined();
    expect(cube(all(at(day("2026-01-05") + 1), at(day("2026-01-06"))))).toBe("all");
  });
});

const times = fc
  .tuple(fc.integer({ min: -500, max: 21_000 }), fc.integer({ min: 0, max: 800 }))
  .map(([from, days]) => ({ from: from * DAY, below: (from + days) * DAY }));
const daysIn = (from: number, below: number) =>
  Array.from({ length: (below - from) / DAY }, (_, index) => from + index * DAY);
const bys: readonly (SumBy | undefined)[] = [undefined, "channel", "day", "week", "month"];

it("covers every day once, with spans that begin where spans begin and lie within what is told apart", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      times,
      fc.constantFrom(...CUBE_NAMES),
      fc.subarray([...bys], { minLength: 1 }),
      (range, of, by) => {
        let next = range.from;
        for (const { span, from, below } of piecesOf(of, by, range)) {
          expect(from).toBe(next);
          expect(below).toBeGreaterThan(from);
          expect([startOf(span, from), startOf(span, below)]).toEqual([from, below]);
          expect(CUBES[of].spans).toContain(span);
          const apart = by.filter((one) => one === "day" || one === "week" || one === "month");
          // No day is told as one of another week or month than it is in.
          const mixed = apart.filter((one) =>
            daysIn(from, below).some((at) => startOf(one, startOf(span, at)) !== startOf(one, at)),
          );
          expect(mixed, `${span} by ${by.join()}`).toEqual([]);
          seen.add(`${span} ${by.length === 1 ? String(by[0]) : ""}`);
          next = below;
        }
        expect(next).toBe(Math.max(range.from, range.below));
      },
    ),
  );
  for (const one of ["month month", "week week", "month channel", "week channel", "day day"])
    expect(seen).toContain(one);
});

it("takes no weeks where weeks and months are told apart", () => {
  const pieces = piecesOf("place", ["week", "month"], { from: day("2026-01-30"), below: day("2026-03-09") });
  expect(pieces.map(({ span }) => span)).toEqual(["day"]);
});

it("takes the longest spans that there are", () => {
  const of = (by: SumBy | undefined) =>
    piecesOf("place", [by], { from: day("2026-01-30"), below: Infinity }).map(({ span }) => span);
  expect(of("channel")).toEqual(["day", "month"]);
  expect(of("week")).toEqual(["day", "week"]);
  expect(of("day")).toEqual(["day"]);
  expect(piecesOf("place", ["channel"], { from: -Infinity, below: Infinity })).toEqual([
    { span: "month", from: -Infinity, below: Infinity },
  ]);
});

it("begins weeks on Mondays, and months on their first", () => {
  expect(startOf("week", day("2026-11-29") + 5)).toBe(day("2026-11-23"));
  expect(startOf("week", day("2026-11-30"))).toBe(day("2026-11-30"));
  expect(startOf("month", day("2026-11-30") + 7)).toBe(day("2026-11-01"));
  expect(startOf("day", -1)).toBe(-DAY);
});
