import fc from "fast-check";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { openFence } from "../../src/reply/fences.ts";
import { cutPages, paginate } from "../../src/reply/paginate.ts";
import { PATIENCE_MS } from "../eventually.ts";
import { tidyMarkdown, wildMarkdown } from "./arbitraries.ts";
import { joinPages } from "./join.ts";

const markdown = fc.oneof(wildMarkdown, tidyMarkdown(14));
const limit = fc.integer({ min: 100, max: 260 });
const often = { numRuns: 250 };

/** How many of `cases` are so: the guard that a property is tried on what it is about. */
function share<T>(cases: readonly T[], isSo: (one: T) => boolean): number {
  return cases.filter(isSo).length / cases.length;
}

/** All code blocks of a text, as a Markdown parser sees them, without white space. */
function codeOf(text: string): string {
  const visit = (node: Nodes): string =>
    node.type === "code" ? node.value : "children" in node ? node.children.map(visit).join("") : "";
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  return visit(tree).replaceAll(/\s/g, "");
}

describe("paginate", () => {
  test("its cases have many pages, and break fences, lines of code and astral text", () => {
    const cases = fc
      .sample(fc.tuple(markdown, limit), 400)
      .map(([text, room]) => cutPages(text, { pageLength: room }));
    expect(share(cases, (cuts) => cuts.length >= 3)).toBeGreaterThan(0.6);
    expect(share(cases, (cuts) => cuts.some(({ head }) => head !== ""))).toBeGreaterThan(0.4);
    expect(
      share(cases, (cuts) => cuts.some(({ head, tail }) => head && tail.startsWith("\n"))),
    ).toBeGreaterThan(0.2);
    expect(share(cases, (cuts) => cuts.some(({ head }) => head.startsWith(">")))).toBeGreaterThan(0.05);
    expect(share(cases, (cuts) => cuts.some(({ body }) => /[\uDC00-\uDFFF]$/.test(body)))).toBeGreaterThan(
      0.1,
    );
  });

  test("no page is over the limit", () => {
    fc.assert(
      fc.property(markdown, limit, (text, room) => {
        for (const page of paginate(text, { pageLength: room }))
          expect(page.length).toBeLessThanOrEqual(room);
      }),
      often,
    );
  });

  test("the pages joined are the text: nothing lost, nothing twice, nothing added but fence lines", () => {
    fc.assert(
      fc.property(markdown, limit, (text, room) => {
        const cuts = cutPages(text, { pageLength: room });
        expect(cuts.map(({ body }) => body).join("")).toBe(text);
        for (const { head, tail } of cuts) {
          expect(head).toMatch(
            /^(?:(?:> )* *[`~]{3,10}[\w+#.-]*\n(?:> )*|(?:> ){0,4}|[ \t]*\|.*\n[ \t]*\|.*\n)$/,
          );
          expect(tail).toMatch(/^(?:\n?(?:> )* *[`~]{3,10})?$/);
        }
        expect(joinPages(paginate(text, { pageLength: room }), text)).toBe(text);
      }),
      often,
    );
  });

  test("all pages but the last stay as they are whatever is added to the text", () => {
    fc.assert(
      fc.property(
        markdown,
        fc.nat(1_000).map((part) => part / 1_000),
        limit,
        (text, part, room) => {
          const before = paginate(text.slice(0, Math.floor(text.length * part)), { pageLength: room });
          const after = paginate(text, { pageLength: room });
          expect(after.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1));
          expect(after.length).toBeGreaterThanOrEqual(before.length);
        },
      ),
      often,
    );
  });

  test("no code point is split", () => {
    fc.assert(
      fc.property(markdown, limit, (text, room) => {
        for (const page of paginate(text.toWellFormed(), { pageLength: room }))
          expect(page.isWellFormed()).toBe(true);
      }),
      often,
    );
  });

  test("every page closes the fences it opens, and begins with one where the page before had to close one", () => {
    fc.assert(
      fc.property(markdown, limit, (text, room) => {
        const cuts = cutPages(text, { pageLength: room });
        for (const { head, body, tail } of cuts) expect(openFence(head + body + tail)).toBeUndefined();
        for (const [index, { tail }] of cuts.slice(0, -1).entries())
          expect(cuts[index + 1]?.head === "").toBe(tail === "");
      }),
      often,
    );
  });

  test("a Markdown parser finds the same code on the pages as in the text", () => {
    let reopened = 0;
    fc.assert(
      fc.property(tidyMarkdown(6), limit, (text, room) => {
        const pages = paginate(text, { pageLength: room });
        reopened += Number(cutPages(text, { pageLength: room }).some(({ head }) => head !== ""));
        expect(pages.map(codeOf).join("")).toBe(codeOf(text));
      }),
      { numRuns: 120 },
    );
    expect(reopened).toBeGreaterThan(8);
  });

  test("a page taken alone is one page", () => {
    fc.assert(
      fc.property(markdown, limit, (text, room) => {
        for (const page of paginate(text, { pageLength: room }))
          expect(paginate(page, { pageLength: room + 100 })).toEqual([page]);
      }),
      often,
    );
  });

  test("an emoji of several code points, a flag and a combining mark stay whole", () => {
    for (const character of ["👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "e\u0301", "🏴󠁧󠁢󠁷󠁬󠁳󠁿"]) {
      for (const start of ["", "a", "ab", "abc"]) {
        const pages = paginate(start + character.repeat(100), { pageLength: 100 });
        expect(pages.length).toBeGreaterThan(2);
        for (const page of pages) expect(page.replace(start, "").replaceAll(character, "")).toBe("");
      }
    }
  });

  test("takes time linear in the text", { timeout: PATIENCE_MS }, () => {
    const evil = [
      "word ",
      "a\n",
      "*a ",
      "[",
      "`a ``b ",
      "| a |\n",
      "\u0301",
      "```\n",
      "[a](",
      "**b** `c` [d](e). ",
    ];
    for (const piece of evil) {
      const text = piece.repeat(Math.ceil(100_000 / piece.length));
      // Some tens of milliseconds; what is quadratic in the text runs into its time limit.
      expect(paginate(text, { pageLength: 2_000 }).length).toBeGreaterThan(50);
    }
  });

  test("a limit without room for text is a mistake of the caller", () => {
    expect(() => paginate("a", { pageLength: 99 })).toThrow(RangeError);
  });
});
