import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CONTENT_LIMIT, format } from "../../src/discord/format.ts";
import { richText } from "./arbitraries.ts";

const MENTION = /@everyone|@here|<@[!&]?\d+>|<#\d+>/;
const ADDRESS = /https?:\/\/[^\s<>]+/g;

describe("format", () => {
  test.each([
    ["@everyone, look", "@\u200beveryone, look"],
    ["and @here", "and @\u200bhere"],
    ["<@123> <@!123> <@&123> <#123>", "<\u200b@123> <\u200b@!123> <\u200b@&123> <\u200b#123>"],
    ["[@everyone](https://example.com)", "[@\u200beveryone](https://example.com)"],
    ["[<@123>](https://example.com/@here)", "[<\u200b@123>](https://example.com/@here)"],
    ["\\@everyone \\<@123>", "\\@\u200beveryone \\<\u200b@123>"],
    ["an unclosed ` @here", "an unclosed ` @\u200bhere"],
    ["an escaped \\` @here `", "an escaped \\` @\u200bhere `"],
    ["an escaped \\` @here ``", "an escaped \\` @\u200bhere ``"],
    ["``a ` @everyone`` @everyone", "``a ` @everyone`` @\u200beveryone"],
  ])("makes mentions inert: %j", (markdown, content) => {
    expect(format(markdown)).toBe(content);
  });

  test.each([
    "`@everyone`",
    "```ts\n@here <@123>\n```",
    "`` `<@123>` ``",
    "`a ``` @here`",
    "me@example.com",
    "a < b, <@x>",
  ])("leaves code, and what is no mention, as it is: %j", (text) => expect(format(text)).toBe(text));

  test.each([
    ["#### Deep", "**Deep**"],
    ["a\n###### Deeper ######\nb", "a\n**Deeper**\nb"],
    ["#### The `x` option", "**The `x` option**"],
    ["#### Already **bold**", "Already **bold**"],
    ["### Known\n## Known\n# Known", "### Known\n## Known\n# Known"],
    ["```md\n#### in code\n```", "```md\n#### in code\n```"],
    ["####no heading\n####", "####no heading\n####"],
  ])("shows headings that Discord does not know as bold: %j", (markdown, content) => {
    expect(format(markdown)).toBe(content);
  });

  test("nothing that could be a mention is left outside code", () => {
    let hard = 0;
    fc.assert(
      fc.property(richText(), (text) => {
        const prose = text.replaceAll("`", "").replaceAll(ADDRESS, "");
        if (MENTION.test(prose)) hard += 1;
        expect(format(prose)).not.toMatch(MENTION);
      }),
      { numRuns: 1_000 },
    );
    expect(hard).toBeGreaterThan(300);
  });

  test("only adds zero-width spaces, apart from headings", () => {
    let inCode = 0;
    fc.assert(
      fc.property(richText(), (text) => {
        const plain = text.replaceAll(/####|\u200b/g, "");
        const content = format(plain);
        if (MENTION.test(content)) inCode += 1;
        expect(content.replaceAll("\u200b", "")).toBe(plain);
      }),
      { numRuns: 1_000 },
    );
    expect(inCode).toBeGreaterThan(50);
  });

  test("keeps a page of full length within Discord's limit", () => {
    let full = 0;
    fc.assert(
      fc.property(
        richText(1_200),
        fc.constantFrom("@here", "<@1>", "@everyone ", "#### a\n", "x"),
        (text, pad) => {
          const page = (text + pad.repeat(CONTENT_LIMIT)).slice(0, CONTENT_LIMIT);
          if (page.length === CONTENT_LIMIT) full += 1;
          const content = format(page);
          expect(content.length).toBeLessThanOrEqual(CONTENT_LIMIT);
          if (!page.includes("`") && !/https?:/.test(page)) expect(content).not.toMatch(MENTION);
        },
      ),
    );
    expect(full).toBeGreaterThan(90);
  });

  test("takes time in proportion to the text", () => {
    const runs = Array.from({ length: 60 }, (_, index) => `${"`".repeat(index + 1)} `).join("");
    const hostile = [runs, "`".repeat(2_000), "<@".repeat(1_000), "\\".repeat(2_000), "#### ".repeat(400)];
    const started = performance.now();
    for (const text of hostile) format(text);
    expect(performance.now() - started).toBeLessThan(200);
  });
});
