import * as fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { paginate } from "../../src/reply/paginate.ts";
import { inSlackDialect, suits } from "../../src/slack/dialect.ts";
import { LIMITS, withoutBreaks } from "../../src/slack/format.ts";
import { tidyMarkdown, wildMarkdown } from "../reply/arbitraries.ts";

/** The bold and italic words of a text, as a parser of standard Markdown finds them. */
function emphasised(markdown: string): string[] {
  const found: string[] = [];
  const visit = (node: { type: string; value?: string; children?: object[] }): string => {
    const words = node.value ?? (node.children ?? []).map((child) => visit(child as never)).join("");
    if (node.type === "strong" || node.type === "emphasis" || node.type === "delete") found.push(words);
    return words;
  };
  visit(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
  return found;
}

describe("inSlackDialect", () => {
  test.each([
    ["**注意：**请看", "注意："],
    ["他说**“你好”**了", "“你好”"],
    ["**これは。**そして", "これは。"],
    ["**이 용어(This)**를", "이 용어(This)"],
    ["末尾の**`code`**も", "code"],
    ["也~~（不）~~行", "（不）"],
    ["*斜体（注）*も", "斜体（注）"],
    ["**Note:**so it", "Note:"],
    ["**`code`**s of it", "code"],
    ["ต่อ **“คำพูด”**ต่อ", "“คำพูด”"],
    ["و**“اقتباس”** و", "“اقتباس”"],
    ["~~(not)~~so", "(not)"],
  ])("what is bold between a sign and a letter is bold to any parser: %s", (markdown, words) => {
    expect(emphasised(markdown)).not.toContain(words);
    expect(emphasised(inSlackDialect(markdown))).toEqual([words]);
    expect(withoutBreaks(inSlackDialect(markdown))).toBe(markdown);
  });

  test.each([
    "说：**你好**，再见。**好**",
    "`**注意：**请` 和 `a`",
    "```\n**注意：**请\n\\(x^2\\) <br> <b>x</b>\n```",
    "2**(3)**4 **bold**, *it* f(*args)*x",
    "a <b> tag, <div>x</div>, [x](y) \\[no\\](z) $5 and $6",
    "> ~~~\n> $$\n> ~~~",
    "```\na\n\n**注意：**请\n\n<br> $a_1$\n```",
  ])("leaves %j as it is", (markdown) => expect(inSlackDialect(markdown)).toBe(markdown));

  test.each([
    ["a<br>b\n| c<br/>d |", "a\nb\n| c d |"],
    ["| `a`<br>`b` | `<br>` |", "| `a` `b` | `<br>` |"],
    ["<kbd>Ctrl</kbd> <code>a&lt;b&gt;</code> <U>x</U> un<ins>der</ins>", "`Ctrl` `a<b>` *x* un*der*"],
    ["<summary>More</summary>", "**More**"],
    ["caf&eacute; &ldquo;x&rdquo; &#42;y&#42; &zzz;", "café “x” \\*y\\* &zzz;"],
    ["&#60;!here&#x3e; R&amp;D &#38;lt; \\&eacute;", "&lt;!here&gt; R&amp;D &amp;lt; \\&eacute;"],
    ["`&eacute;` https://a.b/?x&eacute;", "`&eacute;` https://a.b/?x&eacute;"],
    ["\\(x^2\\), $a_1$, $$y$$, \\[z_1\\]", "`x^2`, `a_1`, `y`, `z_1`"],
    ["$$\nx\n$$\n\\[\ny\n\\]", "```latex\nx\n```\n```latex\ny\n```"],
  ])("%j is %j", (markdown, shown) => expect(inSlackDialect(markdown)).toBe(shown));

  test("changes no code, and nothing of what a block shows as it is", () => {
    fc.assert(
      fc.property(fc.oneof(wildMarkdown, tidyMarkdown(8)), (text) => {
        expect(withoutBreaks(inSlackDialect(text))).toBe(
          text.replaceAll(/(?<=[*~])\u200A|\u200A(?=[*~])/g, ""),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe("tables", () => {
  const table = (rows: number, columns = 2) =>
    [
      `|${" a |".repeat(columns)}`,
      `|${" - |".repeat(columns)}`,
      ...Array.from({ length: rows }, () => `|${" 1 |".repeat(columns)}`),
    ].join("\n");

  test("a table longer than Slack's goes on as another on the next page", () => {
    const pages = paginate(`${table(250)}\n\nend`, LIMITS);
    expect(pages.length).toBe(3);
    for (const page of pages) {
      expect(page).toMatch(/^\| a \| a \|\n\| - \| - \|\n\| 1/);
      expect(suits(page)).toBe(true);
      expect(inSlackDialect(page)).toBe(page);
    }
  });

  test("a table may have a hundred rows, the head among them", () => {
    expect(suits(table(99))).toBe(true);
    expect(suits(table(100))).toBe(false);
  });

  test("a table with too many columns is code", () => {
    expect(suits(table(1, 20))).toBe(true);
    expect(suits(table(1, 21))).toBe(false);
    expect(inSlackDialect(`a\n\n${table(1, 21)}\n\nb`)).toBe(`a\n\n\`\`\`\n${table(1, 21)}\n\`\`\`\n\nb`);
  });
});
