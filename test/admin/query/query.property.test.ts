import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QueryError } from "../../../src/admin/query/error.ts";
import { LONGEST_QUERY } from "../../../src/admin/query/lex.ts";
import { parse } from "../../../src/admin/query/parse.ts";
import { print } from "../../../src/admin/query/print.ts";
import { parseQuery, printQuery } from "../../../src/admin/query/query.ts";
import { complete } from "../../../src/admin/query/complete.ts";
import { termsOf, type Tree } from "../../../src/admin/query/tree.ts";
import { bare, hardText, tree } from "./trees.ts";

const NOW = Date.UTC(2026, 10, 28, 1, 30);
const short = tree.filter((node) => print(node).length <= LONGEST_QUERY);
/** What people may type: pieces of right queries, put together anyhow. */
const typed = fc.oneof(
  hardText,
  fc.string({ unit: "binary", maxLength: 60 }),
  fc
    .array(
      fc.oneof(
        hardText,
        fc.constantFrom(
          "channel:",
          "-",
          "(",
          ")",
          "OR ",
          "status:failed ",
          "at:",
          "cost:>",
          "sort:",
          "by:channel ",
          "user@now:",
          "~",
          "*",
          '"',
          ",",
          "..",
          "7d",
          " ",
        ),
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);

function depth(node: Tree): number {
  if (node.kind === "term") return 0;
  return 1 + Math.max(0, ...(node.kind === "not" ? [depth(node.of)] : node.of.map(depth)));
}

describe("a query", () => {
  it("that was printed is read as the same", () => {
    fc.assert(
      fc.property(short, (node) => {
        const again = parse(print(node));
        expect(again.problems).toEqual([]);
        expect(bare(again.tree)).toEqual(bare(node));
      }),
      { numRuns: 500 },
    );
  });

  it("that was read and printed is printed the same again, and asks for the same", () => {
    let right = 0;
    fc.assert(
      fc.property(fc.oneof(short.map(print), typed), (text) => {
        const query = outcome(text);
        if (query instanceof QueryError) return;
        right += 1;
        const printed = printQuery(query);
        const again = parseQuery(printed, NOW);
        expect(printQuery(again)).toBe(printed);
        expect(again.where).toEqual(query.where);
        expect([again.sort, again.by]).toEqual([query.sort, query.by]);
      }),
      { numRuns: 500 },
    );
    expect(right).toBeGreaterThan(150);
  });

  it("is right or answered with a QueryError whose places lie in the text, whatever was typed", () => {
    let wrong = 0;
    fc.assert(
      fc.property(typed, (text) => {
        const query = outcome(text);
        if (!(query instanceof QueryError)) return;
        wrong += 1;
        expect(query.problems.length).toBeGreaterThan(0);
        for (const { from, to, message } of query.problems) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(text.length + 1);
          expect(message).toMatch(/^\S.*[.]$/s);
        }
      }),
      { numRuns: 500 },
    );
    expect(wrong).toBeGreaterThan(100);
  });

  it("is completed at any cursor, in place of what stands before it", async () => {
    await fc.assert(
      fc.asyncProperty(typed, fc.nat(80), async (text, cursor) => {
        const { from, to, items } = await complete(text, cursor, (_, prefix) =>
          Promise.resolve([`${prefix}x`]),
        );
        expect(from).toBeLessThanOrEqual(to);
        expect(to).toBe(Math.min(cursor, text.length));
        expect(items.length).toBeLessThanOrEqual(40);
      }),
    );
  });

  it("is tried with deep trees, all kinds of parts, and quotations", () => {
    const samples = fc.sample(short, 300);
    expect(samples.filter((node) => depth(node) >= 3).length).toBeGreaterThan(60);
    expect(samples.filter((node) => /-\((?!-)/.test(print(node))).length).toBeGreaterThan(15);
    expect(samples.filter((node) => print(node).includes(String.raw`\"`)).length).toBeGreaterThan(40);
    expect(
      samples.filter((node) =>
        termsOf(node).some(({ values }) => values.some(({ match }) => match === "contains")),
      ).length,
    ).toBeGreaterThan(60);
  });
});

function outcome(text: string) {
  try {
    return parseQuery(text, NOW);
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
}
