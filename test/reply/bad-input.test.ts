import { describe, expect, test } from "vitest";
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
  ["a fence that is never closed", `\`\`\`ts\n${long("let x = 1;\n", 100_000)}`],
  ["a fence around one endless line", `~~~\n${"x".repeat(50_000)}`],
  ["ten thousand fences", long("```js\nx\n```\n", 120_000)],
  ["ten thousand fences that never close", long("```\n~~~\n", 80_000)],
  ["text from right to left", long("مرحبا **بالعالم** `كود` ", 100_000)],
  ["combining characters", `e${"\u0301".repeat(50_000)}`],
  ["combining characters in words", long("e\u0301\u0302\u0303 ", 50_000)],
  ["lone surrogates", long("\uD83D x \uDE00\uD83D", 50_000)],
  ["NUL", long("a\0b ", 50_000)],
  ["a line of backticks", "`".repeat(50_000)],
  ["brackets that never close", "[".repeat(50_000)],
  ["stars", long("*a ", 50_000)],
  ["quotes", `${">".repeat(20_000)}\n${long("> ", 20_000)}`],
  ["a deep list", Array.from({ length: 300 }, (_, depth) => `${"  ".repeat(depth)}- item\n`).join("")],
  ["a table with ten thousand rows", `| a | b |\n|---|---|\n${long("| 1 | 漢字 |\n", 100_000)}`],
  [
    "a table with a thousand columns",
    `|${" a |".repeat(1_000)}\n|${" - |".repeat(1_000)}\n|${" 1 |".repeat(1_000)}`,
  ],
  ["a carriage return at every end", long("a line\r\n", 50_000)],
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

// A second or so for each at the most; what is quadratic in the text takes minutes, and runs into the time limit of all tests.
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
    for (const page of pagesOf(advance(newReply({ text }), { kind: "done" }), limits))
      expect(isBlank(page.text)).toBe(false);
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

  test("5 MB of text, whole and in deltas at its end", () => {
    const text = long(
      "A sentence with **bold** and `code`, and [a link](https://example.com).\n\n- item\n- item\n\n",
      5_000_000,
    );
    const pager = createPager(limits);
    const count = pager.pagesOf(newReply({ text })).length;
    expect(count).toBeGreaterThan(500);
    let reply = newReply({ text });
    for (let delta = 0; delta < 50; delta += 1) {
      reply = advance(reply, { kind: "text", delta: "word " });
      pager.pagesOf(reply);
    }
    // Some milliseconds each; without a memory it would be seconds each.
    expect(pager.pagesOf(reply)).toHaveLength(count);
    expect(pager.pagesOf(reply).at(-1)?.text).toContain("word word");
  });
});
