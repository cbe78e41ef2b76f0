import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Align, inColumns } from "../../src/discord/columns.ts";
import { widthOf } from "../../src/discord/width.ts";

const left = (count: number): Align[] => Array.from({ length: count }, () => "left");

describe("columns", () => {
  test("line up, a rule below the head", () => {
    const rows = [
      ["a", "price", "b"],
      ["x", "1", "y"],
      ["long", "22", ""],
    ];
    expect(inColumns(rows, ["left", "right", "center"], 40)).toEqual([
      "a    | price | b",
      "-----+-------+--",
      "x    |     1 | y",
      "long |    22 |",
    ]);
  });

  test("the widest give way first, and a cell goes on below, moved to the right", () => {
    const rows = [
      ["no", "what to do"],
      ["1", "read the whole manual"],
      ["2", "sleep"],
    ];
    expect(inColumns(rows, left(2), 16)).toEqual([
      "no | what to do",
      "---+------------",
      "1  | read the",
      "   |  whole",
      "   |  manual",
      "2  | sleep",
    ]);
  });

  test("take no more room than their words need", () => {
    const rows = [["hello", "aa bb"]];
    expect(inColumns(rows, left(2), 11)).toEqual(["hello | aa", "      |  bb", "------+----"]);
    expect(inColumns(rows, left(2), 10)).toBeUndefined();
  });

  test("a line ends with the last word that fits, whatever is behind it", () => {
    expect(inColumns([["aaa bbb cc"]], left(1), 7)).toEqual(["aaa bbb", " cc", "-------"]);
  });

  test("what is in the middle is nearer to the left, where it cannot be quite in the middle", () => {
    expect(inColumns([["hello"], ["ab"]], ["center"], 9)).toEqual(["hello", "-----", " ab"]);
  });

  test("words from right to left stay in their column", () => {
    const marked = "\u200Eשלום\u200E";
    expect(inColumns([["שלום", "x"]], left(2), 20)).toEqual([`${marked} | x`, "-----+--"]);
  });

  test("no word is broken: rather there are none", () => {
    expect(inColumns([["a"], ["incomprehensible"]], left(1), 12)).toBeUndefined();
  });

  test("a script without spaces is broken between its signs, never before a closing mark or behind an opening one", () => {
    expect(inColumns([["説明"], ["私物の端末を（社内）に、接続。"]], left(1), 10)).toEqual([
      "説明",
      "----------",
      "私物の端末",
      " を（社",
      " 内）に、",
      " 接続。",
    ]);
  });
});

const word = fc.oneof(
  fc.stringMatching(/^[a-z]{1,9}$/u),
  fc.constantFrom("東京タワー", "（注）", "👩‍👩‍👧", "é", "שלום", "can't", "—", "don’t,"),
);
const cell = fc.array(word, { maxLength: 8 }).map((words) => words.join(" "));
const grid = fc.integer({ min: 1, max: 4 }).chain((columns) =>
  fc.record({
    rows: fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), {
      minLength: 1,
      maxLength: 6,
    }),
    aligns: fc.array(fc.constantFrom<Align>("left", "right", "center"), {
      minLength: columns,
      maxLength: columns,
    }),
    room: fc.integer({ min: 4, max: 72 }),
  }),
);

describe("columns of anything", () => {
  test("fit their room and hold every word, in its column and in its order", () => {
    const reached = { whole: 0, wrapped: 0, impossible: 0 };
    fc.assert(
      fc.property(grid, ({ rows, aligns, room }) => {
        const lines = inColumns(rows, aligns, room);
        if (!lines) {
          reached.impossible += 1;
          return;
        }
        reached[lines.length === rows.length + 1 ? "whole" : "wrapped"] += 1;
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(room);
        const rule = lines.findIndex((line) => /^-[-+]*$/.test(line));
        const shown = aligns.map((_, column) =>
          lines.toSpliced(rule, 1).map((line) => line.split(" | ")[column] ?? ""),
        );
        const said = aligns.map((_, column) => rows.map((row) => row[column] ?? ""));
        const bare = (texts: readonly string[]) => texts.join("").replaceAll(/[\s\u200E|]/gu, "");
        expect(shown.map(bare)).toEqual(said.map(bare));
      }),
      { numRuns: 300 },
    );
    for (const times of Object.values(reached)) expect(times).toBeGreaterThan(20);
  });
});
