import { describe, expect, test } from "vitest";
import type { Page } from "../../src/chat/platform.ts";
import { format, PAGE_LENGTH, suits } from "../../src/discord/format.ts";
import { openFence } from "../../src/reply/fences.ts";
import { type PageLimits, sizeOf } from "../../src/reply/measure.ts";
import { createPager, pagesOf } from "../../src/reply/pages.ts";
import { cutPages, textOf } from "../../src/reply/paginate.ts";
import { advance, newReply } from "../../src/reply/reply.ts";
import { isBlank } from "../../src/reply/text.ts";
import { formatPage, LIMITS } from "../../src/slack/format.ts";

/** Text of so many UTF-16 units, of one piece over and over. */
const long = (piece: string, length: number) =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

const inputs: readonly [string, string][] = [
  ["nothing", ""],
  ["white space", " \n\t\u00A0\u200B\n\n   "],
  ["white space over many pages", long(" \n", 20_000)],
  ["one token of 200,000 characters", "x".repeat(200_000)],
  ["a fence that is never closed", `\`\`\`ts\n${long("let x = 1;\n", 40_000)}`],
  ["a fence around one endless line", `~~~\n${"x".repeat(50_000)}`],
  ["ten thousand fences", long("```js\nx\n```\n", 120_000)],
  ["ten thousand fences that never close", long("```\n~~~\n", 80_000)],
  ["text from right to left", long("مرحبا **بالعالم** `كود` ", 30_000)],
  ["combining characters", `e${"\u0301".repeat(30_000)}`],
  ["combining characters in words", long("e\u0301\u0302\u0303 ", 20_000)],
  ["lone surrogates", long("\uD83D x \uDE00\uD83D", 20_000)],
  ["NUL", long("a\0b ", 20_000)],
  ["a line of backticks", "`".repeat(50_000)],
  ["brackets that never close", "[".repeat(30_000)],
  ["stars", long("*a ", 20_000)],
  ["quotes", `${">".repeat(20_000)}\n${long("> ", 20_000)}`],
  ["a deep list", Array.from({ length: 150 }, (_, depth) => `${"  ".repeat(depth)}- item\n`).join("")],
  ["a table with two thousand rows", `| a | b |\n|---|---|\n${"| 1 | 漢字 |\n".repeat(2_000)}`],
  [
    "a table with a thousand columns",
    `|${" a |".repeat(1_000)}\n|${" - |".repeat(1_000)}\n|${" 1 |".repeat(1_000)}`,
  ],
  ["a carriage return at every end", long("a line\r\n", 20_000)],
];

const platforms: readonly [string, PageLimits, (page: string) => number][] = [
  [
    "Discord",
    { pageLength: PAGE_LENGTH, unit: "code points", suits },
    (page) => Array.from(format(page)).length / 2_000,
  ],
  ["Slack", LIMITS, (page) => Buffer.byteLength(formatPage(page).blocks[0].text) / 10_500],
];

/** So many pages may code take, and so long may a file be. */
const FILES = { afterPages: 3, maxLength: 3_000_000 };

// Less than a second for each; what is quadratic in the text takes minutes, and runs into the time limit of all tests.
describe.each(platforms)("bad input, as %s is given it", (_, limits, fullness) => {
  test.each(inputs)("%s", (_, text) => {
    const cuts = cutPages(text, limits);
    expect(cuts.map(({ body }) => body).join("") === text).toBe(true);
    for (const cut of cuts) {
      const page = textOf(cut);
      expect(sizeOf(page, limits.unit)).toBeLessThanOrEqual(limits.pageLength);
      expect(openFence(page)).toBeUndefined();
      expect(fullness(page)).toBeLessThanOrEqual(1);
    }
  });

  test.each(inputs)("%s, where long code is a file", (_, text) => {
    const pages = pagesOf(advance(newReply({ text }), { kind: "done" }), { ...limits, files: FILES });
    const hasFiles = pages.some(({ file }) => file);
    for (const { text: page, file } of pages) {
      expect(isBlank(page)).toBe(false);
      expect(sizeOf(page, limits.unit)).toBeLessThanOrEqual(limits.pageLength);
      expect(openFence(page)).toBeUndefined();
      // Without files the pages are those of the test above.
      if (hasFiles) expect(fullness(page)).toBeLessThanOrEqual(1);
      if (file) expect(text.includes(file.text)).toBe(true);
    }
  });

  test("5 MB of code, whole and in deltas at its end, where long code is a file", () => {
    const text = `\`\`\`js\n${long("let x = 1; // \u00E9\n", 5_000_000)}`;
    const files = { ...limits, files: FILES };
    const pages = grownAtItsEnd(text, files, "x();\n");
    expect(pages.filter(({ file }) => file).length).toBe(2);
    expect(pages.length).toBeLessThan(20);
    const code = pages.flatMap(({ file }) => (file ? [file.text] : [])).join("");
    expect(code.length).toBeGreaterThan(5_000_000);
    expect(code.endsWith("x();\nx();\n")).toBe(true);
  });
});

describe("5 MB of prose, whole and in deltas at its end", () => {
  test.each(["utf16", "code points", "utf8"] as const)("counted in %s", (unit) => {
    const text = long(
      "A sentence with **bold** and `code`, and [a link](https://example.com).\n\n- item\n- item\n\n",
      5_000_000,
    );
    const pages = grownAtItsEnd(text, { pageLength: 8_000, unit }, "word ");
    expect(pages.length).toBeGreaterThan(600);
    expect(pages.at(-1)?.text).toContain("word word");
  });
});

/** The pages of a reply that is there, goes on and ends. A delta takes some milliseconds; without a memory it would be seconds. */
function grownAtItsEnd(text: string, limits: PageLimits, delta: string): readonly Page[] {
  const pager = createPager(limits);
  const count = pager.pagesOf(newReply({ text })).length;
  let reply = newReply({ text });
  for (let times = 0; times < 50; times += 1) {
    reply = advance(reply, { kind: "text", delta });
    expect(pager.pagesOf(reply).length).toBeGreaterThanOrEqual(count);
  }
  return pager.pagesOf(advance(reply, { kind: "done" }));
}
