import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sizeOf } from "../../src/reply/measure.ts";
import { outdented } from "../../src/reply/outdent.ts";
import { cutPages, paginate } from "../../src/reply/paginate.ts";
import { tidyMarkdown, wildMarkdown } from "./arbitraries.ts";

const often = { numRuns: 200 };
const prose = (words: number) => "lorem ipsum dolor sit amet ".repeat(Math.ceil(words / 5)).trim();
const pad = fc.nat(60).map(prose);
const letters = (count: number) => "abcdefghij".repeat(10).slice(0, count);

/** Pieces that are never torn, each of which fits on a page of 300. */
const piece = fc
  .tuple(fc.constantFrom("link", "image", "auto", "bare", "code", "ticks"), fc.integer({ min: 4, max: 100 }))
  .map(([kind, length]) => {
    const text = letters(length);
    const spaced = text.replaceAll("e", " ").trim();
    switch (kind) {
      case "link":
        return `[${spaced}](https://example.com/${text})`;
      case "image":
        return `![${spaced}](https://example.com/${text}.png "a title")`;
      case "auto":
        return `<https://example.com/${text}${text}>`;
      case "bare":
        return `https://example.com/${text}_${text}`;
      case "code":
        return `\`${spaced} ${spaced}\``;
      default:
        return `\`\`${spaced} \` ${spaced}\`\``;
    }
  });

describe("what fits on a page", () => {
  test("a link, an image, an address or inline code is never torn", () => {
    let moved = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(pad, piece), { minLength: 1, maxLength: 14 }), (parts) => {
        const text = parts.map(([before, one]) => `${before} ${one}`).join(" ");
        const bodies = cutPages(text, { pageLength: 300 }).map(({ body }) => body);
        moved += Number(bodies.slice(0, -1).some((body) => body.length < 120));
        let at = 0;
        for (const [, one] of parts) {
          at = text.indexOf(one, at) + one.length;
          expect(
            bodies.some((body) => body.includes(one)),
            one,
          ).toBe(true);
        }
      }),
      often,
    );
    expect(moved).toBeGreaterThan(15);
  });

  test("a row of a table is never torn, and a page that goes on with a table begins with its head", () => {
    const cell = fc.nat(100).map((length) => letters(length));
    const row = fc.tuple(cell, cell).map(([a, b]) => `| ${a} | ${b} |`);
    const table = fc
      .array(row, { minLength: 1, maxLength: 14 })
      .map((rows) => ["| K | V |", "| - | -: |", ...rows]);
    let repeated = 0;
    fc.assert(
      fc.property(pad, fc.array(table, { minLength: 1, maxLength: 3 }), (before, tables) => {
        const text = `${before}\n\n${tables.map((rows) => rows.join("\n")).join(`\n\n${prose(5)}\n\n`)}`;
        const cuts = cutPages(text, { pageLength: 300 });
        const rows = new Set(tables.flat());
        for (const [index, { head, body, tail }] of cuts.entries()) {
          expect(tail).toBe("");
          const lines = body.split("\n").filter((line) => line.startsWith("|"));
          for (const line of lines) expect(rows.has(line), line).toBe(true);
          if (head !== "") expect(head).toBe("| K | V |\n| - | -: |\n");
          const [first = ""] = body.split("\n");
          expect(index > 0 && first.startsWith("|") && first !== "| K | V |").toBe(head !== "");
          repeated += Number(head !== "");
        }
      }),
      often,
    );
    expect(repeated).toBeGreaterThan(200);
  });

  test("a table's head that would fill much of the page is not repeated", () => {
    const head = `| ${letters(60)} | b |\n| - | - |\n`;
    const text = head + "| 1 | 2 |\n".repeat(60);
    expect(paginate(text, { pageLength: 200 })[1]).toMatch(/^\| 1 \| 2 \|\n/);
    expect(paginate(text, { pageLength: 400 })[1]).toMatch(/^\| abc/);
  });

  test("a row longer than a page is torn, and the table goes on behind it", () => {
    const text = `| a | b |\n| - | - |\n| ${prose(80)} | x |\n${"| 1 | 2 |\n".repeat(40)}`;
    const pages = paginate(text, { pageLength: 200 });
    expect(pages.at(-1)).toMatch(/^\| a \| b \|\n\| - \| - \|\n\| 1 \| 2 \|\n/);
  });
});

describe("what goes on", () => {
  test("a quotation that breaks in a line goes on as one", () => {
    const pages = paginate(`> ${prose(60)}\n> > ${prose(60)}`, { pageLength: 200 });
    expect(pages.length).toBeGreaterThan(3);
    for (const page of pages) expect(page).toMatch(/^> /);
    expect(pages.at(-1)).toMatch(/^> > /);
  });

  test("a page that begins deep in a list is moved to the left, with all that belongs there", () => {
    const item = (depth: number) => `${"    ".repeat(depth)}- ${prose(8)}\n`;
    const text = [0, 1, 2, 2, 2, 1, 2, 0, 1].map(item).join("");
    const pages = paginate(text, { pageLength: 190 });
    const indents = (page: string) =>
      page
        .trimEnd()
        .split("\n")
        .map((line) => line.search(/\S/));
    expect(pages.map(indents)).toEqual([[0, 4], [0, 0], [0, 0], [0, 0], [0]]);
    for (const page of pages) expect(page).toMatch(/^- /);
  });

  test("what stands deeper than the page's first line keeps its distance, until the list comes back to less", () => {
    expect(outdented("    - a\n        - b\n    - c\n  - d\n    - e\n- f\n    - g", false)).toBe(
      "- a\n    - b\n- c\n- d\n  - e\n- f\n    - g",
    );
    expect(outdented("rest of it\n\t- a\n\t\t- b", true)).toBe("rest of it\n- a\n    - b");
  });

  test("code inside of an item stays code on the next page", () => {
    const text = `1. So:\n\n     \`\`\`ts\n${"     let x = 1;\n".repeat(20)}     \`\`\`\n\n2. Then`;
    const pages = paginate(text, { pageLength: 200 });
    expect(pages[1]).toMatch(/^```ts\nlet x = 1;\n/);
    expect(pages.at(-1)).toMatch(/\nlet x = 1;\n```\n\n2\. Then$/);
  });

  test("code inside of an item is closed there, whatever its own indents", () => {
    const text = `- So:\n\n    ~~~\n${"code at the margin\n".repeat(15)}    ~~~\n\n- Then`;
    expect(paginate(text, { pageLength: 200 }).at(-1)).toMatch(
      /^~~~\ncode at the margin\n[^]*\n~~~\n\n- Then$/,
    );
  });

  test("code that is indented outside of any list keeps its indent", () => {
    const text = `Text\n\n${`    indented ${prose(5)}\n`.repeat(20)}`;
    for (const page of paginate(text, { pageLength: 200 }).slice(1)) expect(page).toMatch(/^ {4}indented/);
  });
});

describe("what a platform counts", () => {
  test.each(["utf16", "code points", "utf8"] as const)("no page is longer in %s than the limit", (unit) => {
    const size = {
      utf16: (t: string) => t.length,
      "code points": (t: string) => Array.from(t).length,
      utf8: (t: string) => Buffer.byteLength(t),
    }[unit];
    let full = 0;
    fc.assert(
      fc.property(
        fc.oneof(wildMarkdown, tidyMarkdown(10)),
        fc.integer({ min: 100, max: 300 }),
        (text, pageLength) => {
          const pages = paginate(text, { pageLength, unit });
          for (const page of pages) {
            expect(size(page)).toBeLessThanOrEqual(pageLength);
            expect(sizeOf(page, unit)).toBe(size(page));
          }
          full += Number(pages.some((page) => size(page) > pageLength * 0.8 && size(page) !== page.length));
        },
      ),
      often,
    );
    if (unit !== "utf16") expect(full).toBeGreaterThan(20);
  });

  test("a page does not hold the line that makes it unfit, however the text comes", () => {
    const suits = (page: string) => page.split("\n").filter((line) => line.startsWith("| 1")).length <= 3;
    const text = `${prose(10)}\n\n| a | b |\n| - | - |\n${"| 1 | 2 |\n".repeat(10)}`;
    const limits = { pageLength: 200, suits };
    const pages = paginate(text, limits);
    expect(pages.length).toBe(5);
    for (const page of pages) expect(suits(page)).toBe(true);
    for (let length = 0; length < text.length; length += 1) {
      const before = paginate(text.slice(0, length), limits);
      expect(pages.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1));
    }
  });
});

describe("characters", () => {
  const characters = (text: string) =>
    Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  const grapheme = fc.constantFrom(
    "👨‍👩‍👧‍👦",
    "🇩🇪",
    "👍🏽",
    "e\u0301",
    " \u0301",
    "नि",
    "각",
    "\r\n",
    "ก\u0E33",
    "a",
    " ",
    ". ",
    "。\uFE0F",
    "\n",
  );

  test("no character as people see it is split", () => {
    fc.assert(
      fc.property(fc.array(grapheme, { minLength: 200, maxLength: 400 }), (all) => {
        const text = all.join("");
        const bodies = cutPages(text, { pageLength: 120 }).map(({ body }) => body);
        expect(bodies.flatMap(characters)).toEqual(characters(text));
      }),
      { numRuns: 100 },
    );
  });
});
