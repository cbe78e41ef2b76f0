import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mrkdwnToMarkdown } from "../../src/slack/mrkdwn.ts";
import { createWords } from "../../src/slack/words.ts";
import { PATIENCE_MS } from "../eventually.ts";
import { namesOf, words } from "./kit.ts";

describe("mrkdwn", () => {
  const cases: readonly [string, string, string][] = [
    ["bold, italic and struck words", "*bold* _it_ ~no~", "**bold** _it_ ~~no~~"],
    ["marks beside punctuation", "(*a*), *b*!", "(**a**), **b**!"],
    ["no marks within words or sums", "2*3*4 snake_case_x a*b", "2*3*4 snake_case_x a*b"],
    ["escaped characters", "1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp;lt;", "1 < 2 && 3 > 2 &lt;"],
    ["people, known, labelled and unknown", "<@U1> <@U7|eve> <@U9>", "@Ada @eve @U9"],
    ["channels", "<#C1> <#C2|other> <#C3>", "#general #other #C3"],
    ["broadcasts and groups", "<!here> <!channel|channel> <!subteam^S1|@crew>", "@here @channel @crew"],
    ["dates", "<!date^1700000000^{date_short}|Nov 14> <!date^0^{time}>", "Nov 14 1970-01-01 00:00 UTC"],
    ["links", "<https://a.b/?x=1&amp;y=2|here> <https://a.b>", "[here](https://a.b/?x=1&y=2) https://a.b"],
    ["a link to an address with brackets", "<https://a.b/(c)|here>", "[here](<https://a.b/(c)>)"],
    ["mail addresses", "<mailto:a@b.c|a@b.c> <mailto:a@b.c|mail>", "a@b.c [mail](mailto:a@b.c)"],
    [
      "code spans, unescaped, with nothing else in them",
      "`a &lt; *b* <https://x.y>`",
      "`a < *b* https://x.y`",
    ],
    ["entities in code, once", "`<https://x.y|&amp;lt;> &amp;amp;`", "`&lt; &amp;`"],
    ["bold around code", "*use `x` now*", "**use `x` now**"],
    ["code blocks", "see\n```\n*a* &lt;\n  b\n```\nend", "see\n```\n*a* <\n  b\n```\nend"],
    ["a code block within a line", "see ```x``` end", "see \n```\nx\n```\n end"],
    ["quotes", "&gt; a\n&gt;b\nc", "> a\n> b\nc"],
    ["a quote to the end", "x\n&gt;&gt;&gt; a\nb", "x\n> a\n> b"],
    ["lists", "• a\n    ◦ b\n1. c", "- a\n    - b\n1. c"],
    ["an unknown token", "<foo> <!unknown|@them>", "<foo> @them"],
  ];
  test.each(cases)("%s", (_, mrkdwn, markdown) => {
    expect(mrkdwnToMarkdown(mrkdwn, words)).toBe(markdown);
  });

  const token = fc.constantFrom(
    "<@U1>",
    "<@U9|x>",
    "<@U9",
    "<#C1|g>",
    "<!here>",
    "<!subteam^S1>",
    "<https://a.b|c>",
  );
  const shard = fc.constantFrom(
    "<",
    ">",
    "|",
    "@U1",
    "!here",
    "`",
    "```",
    "*",
    "_",
    "~",
    "\n",
    " ",
    "•",
    "\uFDD01\uFDD0",
  );
  const mrkdwn = fc
    .array(fc.oneof(token, shard, fc.string({ unit: "grapheme", maxLength: 4 })), { maxLength: 30 })
    .map((parts) => parts.join("").replaceAll("&", "and"));
  const hostile = createWords(namesOf({ U1: "<@U1> <!here>", U9: "\n\n<" }, {}), "U0BOT");

  test("never leaves a mention in Slack's notation, whatever comes and whatever people call themselves", () => {
    fc.assert(
      fc.property(mrkdwn, (text) => {
        expect(mrkdwnToMarkdown(text, hostile)).not.toMatch(/<[@#!][A-Za-z]/);
      }),
      { numRuns: 2_000 },
    );
    const samples = fc.sample(mrkdwn, 1_000);
    expect(samples.filter((text) => /<[@#!][^<>]*>/.test(text)).length).toBeGreaterThan(400);
    expect(samples.filter((text) => /<<|<@[^>]*</.test(text)).length).toBeGreaterThan(100);
  });

  test("loses no word outside of its notation", () => {
    const letters = fc.array(fc.stringMatching(/^[a-zäß漢]{1,6}$/), { minLength: 1, maxLength: 12 });
    const glue = fc.constantFrom(
      " ",
      "\n",
      " *",
      "* ",
      "`",
      " `",
      "~",
      "```",
      "<@U1>",
      "&lt;",
      "• ",
      "&gt; ",
    );
    fc.assert(
      fc.property(letters, fc.array(glue, { minLength: 12, maxLength: 12 }), (parts, glues) => {
        const text = parts.map((part, index) => `${part}${glues[index] ?? ""}`).join("");
        const markdown = mrkdwnToMarkdown(text, words);
        let at = 0;
        for (const part of parts) {
          at = markdown.indexOf(part, at);
          expect(at, `${part} in ${markdown}`).toBeGreaterThanOrEqual(0);
          at += part.length;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ["spaces", `a${" ".repeat(400_000)}b`],
    ["line ends", `a${"\n".repeat(400_000)}b`],
    ["brackets", "<".repeat(400_000)],
    ["backticks", "`a".repeat(200_000)],
    ["stars", "*a ".repeat(130_000)],
    ["bullets", "•".repeat(400_000)],
  ])(
    "takes linear time for a long run of %s, or its time limit would be over",
    { timeout: PATIENCE_MS },
    (_, text) => {
      expect(mrkdwnToMarkdown(text, words)).toEqual(expect.any(String));
    },
  );
});
