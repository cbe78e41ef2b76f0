import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mentionedIn, type Names, threadName, toMarkdown, withoutCall } from "../../src/discord/text.ts";
import { richText } from "./arbitraries.ts";

const names: Names = {
  users: { "1": "Ana Lima" },
  roles: { "333": "Support" },
  channels: { "4": "general" },
};

describe("toMarkdown", () => {
  test.each([
    ["ask <@1> or <@!1>", "ask @Ana Lima or @Ana Lima"],
    ["<@&333> in <#4>", "@Support in #general"],
    ["<@9> <@&9> <#9>", "@unknown-user @unknown-role #unknown"],
    ["<:smile:55> <a:dance:56>", ":smile: :dance:"],
    ["see <t:1618953630:R> or <t:1618953630>", "see 2021-04-20 21:20 UTC or 2021-04-20 21:20 UTC"],
    ["try </ask me:816437322781949972>", "try /ask me"],
    ["`<@1>` and ```\n<#4>\n```", "`<@1>` and ```\n<#4>\n```"],
    ["<t:99999999999999:R>", "<t:99999999999999:R>"],
    ["a <b> c <@x> **bold**", "a <b> c <@x> **bold**"],
  ])("%j", (content, markdown) => {
    expect(toMarkdown(content, names)).toBe(markdown);
  });

  test("leaves no id in prose", () => {
    fc.assert(
      fc.property(richText(), (text) => {
        const prose = text.replaceAll("`", "");
        expect(toMarkdown(prose, names)).not.toMatch(/<(?:@[!&]?|#|a?:\w+:|\/\w+:)\d+>/);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("mentionedIn", () => {
  test("finds users and roles, and nothing in code", () => {
    const { users, roles } = mentionedIn("<@1> <@!22> `<@3>` <@&333> ```\n<@&4>\n``` <#5>");
    expect([...users]).toEqual(["1", "22"]);
    expect([...roles]).toEqual(["333"]);
  });
});

describe("withoutCall", () => {
  const calls = ["<@7>", "<@!7>", "<@&70>"];
  test.each([
    ["<@7> what is this?", "what is this?"],
    ["<@!7>, what is this?", "what is this?"],
    ["<@&70>: what is this?", "what is this?"],
    ["what is this? <@7>", "what is this?"],
    ["<@7> <@7>\nwhat is this? <@!7>\n", "what is this?"],
    ["hey <@7>, what is this?", "hey <@7>, what is this?"],
    ["<@7>", ""],
    ["  plain  ", "plain"],
    ["`<@7>` is your id", "`<@7>` is your id"],
  ])("%j", (content, rest) => {
    expect(withoutCall(content, calls)).toBe(rest);
  });
});

describe("threadName", () => {
  test.each([
    ["What is a patch cord?", "What is a patch cord?"],
    ["two\n\nlines  and   gaps", "two lines and gaps"],
    ["", "Question"],
    [" \u200b\n", "Question"],
    ["?!", "?!"],
    ["word ".repeat(40), `${"word ".repeat(19)}word…`],
    ["x".repeat(101), `${"x".repeat(99)}…`],
  ])("%j", (question, name) => {
    expect(threadName(question)).toBe(name);
  });

  test("is a name that Discord takes, with no code point split", () => {
    let cutPairs = 0;
    const text = fc.oneof(
      richText(60),
      fc.tuple(fc.string({ maxLength: 3 }), fc.constant("😀".repeat(60))).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (question) => {
        const name = threadName(question);
        expect(name.length).toBeGreaterThan(0);
        expect(name.length).toBeLessThanOrEqual(100);
        if (question.isWellFormed()) expect(name.isWellFormed()).toBe(true);
        if (name.endsWith("😀…") && name.length < 100) cutPairs += 1;
      }),
      { numRuns: 500 },
    );
    expect(cutPairs).toBeGreaterThan(20);
  });
});
