import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CONTENT_LIMIT, format, PAGE_LENGTH, suits } from "../../src/discord/format.ts";
import { widthOf } from "../../src/discord/width.ts";
import { PATIENCE_MS } from "../eventually.ts";
import { tidyMarkdown, wildMarkdown } from "../reply/arbitraries.ts";
import { richText } from "./arbitraries.ts";

const length = (text: string) => Array.from(text).length;

describe("format", () => {
  test.each([
    ["#### Deep", "**Deep**"],
    ["a\n###### Deeper ######\nb", "a\n**Deeper**\nb"],
    ["#### The `x` option", "**The `x` option**"],
    ["#### Already **bold**, `a**b`", "**Already bold, `a**b`**"],
    ["### Known\n## Known\n# Known #", "### Known\n## Known\n# Known"],
    ["####no heading\n####", "####no heading\n####"],
    ["Title\n=====\nSub\n---", "# Title\n## Sub"],
    ["two\nlines\n---", "two\nlines\n\n──────────"],
    ["* * *\n\n___", "──────────\n\n──────────"],
    ["+ a\n+ b\n1) c", "- a\n- b\n1. c"],
    ["- a\n+ b", "```diff\n- a\n+ b\n```"],
    ["1. a\n   - b\n     more\n   - c\n2. d", "1. a\n   - b\n     more\n   - c\n2. d"],
    ["1. a\n  - b\n    1. c\n10. d\n  - e", "1. a\n   - b\n     1. c\n10. d\n    - e"],
    ["1. a\n\n   b\n\n   - c\n\n     d\n2. e", "1. a\n\n   b\n\n   - c\n\n     d\n2. e"],
    ["- [ ] a\n- [x] b\n- [y](https://a.b)", "- ☐ a\n- ☑ b\n- [y](https://a.b)"],
    [">a\n>>> b", "> a\n> > > b"],
    ["-# small", "\\-# small"],
    ["__bold__ __init__.py __main__()", "**bold** \\_\\_init\\_\\_.py \\_\\_main\\_\\_()"],
    ["a ||b|| c", "a \\|\\|b\\|\\| c"],
    ["![x](https://a.b/c.png) ![](https://a.b)", "[x](https://a.b/c.png) [image](https://a.b)"],
    ["<https://a.b> [https://a.b](https://a.b)", "https://a.b https://a.b"],
    ["[http://bank.x](https://evil.x)", "http://bank.x (https://evil.x)"],
    ["[a](./b.md) [c](mailto:d@e.f)", "a (./b.md) c (d@e.f)"],
    ["[![b](https://a.b/b.svg)](https://a.b)", "[b](https://a.b)"],
    ["&lt;b&gt; &amp; &#42;x&#42; &zzz;", "<b> & \\*x\\* &zzz;"],
    ["<b>x</b> the <b> tag, H<sub>2</sub>O, x<sup>n+1</sup>", "**x** the <b> tag, H₂O, xⁿ⁺¹"],
    ["<u>x</u> <code>a&lt;b&gt;</code> <u><b>y</b></u>", "__x__ `a<b>` __**y**__"],
    [
      "caf&eacute; &ldquo;x&rdquo; `&eacute;` &Tab; &#0; https://a.b/?x&copy;",
      "café “x” `&eacute;` &Tab; &#0; https://a.b/?x&copy;",
    ],
    ["[x](https://a.b/?c=1&amp;d=2)", "[x](https://a.b/?c=1&d=2)"],
    ["\\(x^2\\) $5 and $6, $a_1$ \\[no\\](x)", "`x^2` $5 and $6, `a_1` \\[no\\](x)"],
    ["a  \nb\\\nc", "a\nb\nc"],
  ])("%j is %j", (markdown, content) => expect(format(markdown)).toBe(content));

  test.each([
    ["~~~py\na\n~~~", "```py\na\n```"],
    ["````md\n```js\n```\n````", "```md\n`\u200b``js\n`\u200b``\n```"],
    [
      "[a](<https://b.c/d (e>) [f](https://g.h \"i 'j'\")",
      "[a](https://b.c/d%20%28e) [f](https://g.h \"i 'j'\")",
    ],
    ["[a](https://b.c 'd \"e\"')", "[a](https://b.c \"d 'e'\")"],
    ["**Note:**so __init__ |", "**Note:**so \\_\\_init\\_\\_ |"],
    ['```ts title="a"\na', "```ts\na\n```"],
    ["```{r}\na\n```", "```\na\n```"],
    ["   ```js\n   a\n     b\n   ```", "```js\na\n  b\n```"],
    ["> ```\n> a\n> ```", "> ```\n> a\n> ```"],
    ["a\n\n    b\n      c\n\nd", "a\n\n```\nb\n  c\n```\n\nd"],
    ["```\n```", "```\n\u200b\n```"],
    ["```a``` and ``` `` ```", "`a` and `` `\u200b` ``"],
    ["`` a`b `` ``c``", "`` a`b `` `c`"],
    ["a ` b\n\nc ` d", "a \\` b\n\nc \\` d"],
  ])("code stays code, and no more: %j is %j", (markdown, content) => expect(format(markdown)).toBe(content));

  test.each([
    ["| a | b |\n|-|-:|\n| `x\\|y` | 1 |\n| z | 20 |", "```\na   |  b\n----+---\nx|y |  1\nz   | 20\n```"],
    [
      "a | b\n--|--\n漢字 | [x](https://a.b)\n😀e\u0301 | y",
      "```\na    | b\n-----+--\n漢字 | x\n😀e\u0301  | y\n```\n[x](https://a.b)",
    ],
    [`| N | ${"v".repeat(80)} |\n|-|-|\n| **a** | \`b\` |`, `**N: a**\n- ${"v".repeat(80)}: \`b\``],
    [
      `| Day | Do | Time | a | b |\n|-|-|-|-|-|\n| 1 | rest | 0 min | x | y |\n| 2 | ${"walk ".repeat(13)}| 9 min | x | y |`,
      `\`\`\`\nDay | Do${" ".repeat(48)} | Time  | a | b\n----+-${"-".repeat(50)}-+-------+---+--\n` +
        `1   | rest${" ".repeat(46)} | 0 min | x | y\n` +
        `2   | ${"walk ".repeat(10)} | 9 min | x | y\n    |  walk walk walk${" ".repeat(35)} |       |   |\n\`\`\``,
    ],
    ["| a |\n| no table |", "| a |\n| no table |"],
    [
      "| a | b | c |\n|-|-|-|\n| x | [d](https://a.b/1) | [d](https://a.b/2) |\n| [y] | [d](https://a.b/3) | [e](https://a.b/4) |",
      "```\na   | b | c\n----+---+--\nx   | d | d\n[y] | d | e\n```\n" +
        "[x, b: d](https://a.b/1) · [x, c: d](https://a.b/2) · [\\[y\\]: d](https://a.b/3) · [e](https://a.b/4)",
    ],
  ])("a table in columns, or as a list: %j", (markdown, content) => expect(format(markdown)).toBe(content));

  test("a table that would take too much gives up its columns, and keeps its rows", () => {
    const rows = Array.from({ length: 60 }, (_, index) => `| ${index} | ${"v".repeat(index % 30)} | w |`);
    const content = format(`#### Head\n\n| a | b | c |\n|-|-|-|\n${rows.join("\n")}`);
    expect(content).toMatch(/^\*\*Head\*\*\n\n```\na \| b \| c\n---\n0 \| {2}\| w\n1 \| v \| w\n/);
  });

  test("columns are counted as they are shown", () => {
    const widths = {
      abc: 3,
      漢字: 4,
      é: 1,
      "e\u0301": 1,
      "👨‍👩‍👧": 2,
      "🇩🇪": 2,
      "❤️": 2,
      "a\u200bb": 2,
      ｱ: 1,
      Ａ: 2,
      "—": 1,
    };
    expect(Object.fromEntries(Object.keys(widths).map((text) => [text, widthOf(text)]))).toEqual(widths);
  });
});

describe("any page", () => {
  const cell = fc.oneof(
    fc.constantFrom("", "a", "漢", "😀", "`x`", "[a](https://a.b/c)", "<br>"),
    fc.string({ unit: "grapheme", maxLength: 60 }).map((text) => text.replaceAll(/[|\r\n]/g, "")),
  );
  const table = fc
    .integer({ min: 1, max: 8 })
    .chain((columns) =>
      fc
        .array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 60 })
        .map(([head = [], ...rows]) =>
          [head, head.map(() => "-"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n"),
        ),
    );
  const grows = fc.constantFrom(
    "@here",
    "<@1>",
    "@everyone ",
    "#### a\n",
    "x",
    "---\n",
    "||",
    "`",
    "&#42;",
    "<sup>n</sup>",
    "- [ ] \n",
    "``` \n",
    "|a|\n|-|\n",
    "😀",
    "    x\n\ny\n",
  );
  const page = fc
    .tuple(fc.oneof(richText(1_200), wildMarkdown, tidyMarkdown(12), table, fc.constant("")), grows)
    .map(([text, pad]) =>
      Array.from(text + pad.repeat(PAGE_LENGTH))
        .slice(0, PAGE_LENGTH)
        .join(""),
    );

  test("of full length can be posted, however much its formatting adds", () => {
    const cases = { astral: 0, grown: 0, unsuited: 0 };
    fc.assert(
      fc.property(page, (markdown) => {
        const content = format(markdown);
        expect(length(content)).toBeLessThanOrEqual(CONTENT_LIMIT);
        expect(content.isWellFormed()).toBe(true);
        cases.astral += Number(markdown.length > CONTENT_LIMIT);
        cases.grown += Number(length(content) > PAGE_LENGTH);
        cases.unsuited += Number(!suits(markdown));
      }),
      { numRuns: 400 },
    );
    expect(
      Object.values(cases).every((count) => count > 15),
      JSON.stringify(cases),
    ).toBe(true);
  });

  test("is counted in code points, and has no NUL", () => {
    const page = `${"😀".repeat(1_880)}\n- [ ] a`;
    expect(suits(page)).toBe(true);
    expect(format(page).slice(-3)).toBe("☐ a");
    expect(suits(`${page}${"😀".repeat(80)}`)).toBe(false);
    expect(format("a\0b")).toBe("a\uFFFDb");
  });

  /** Discord's own pattern for a block of code, as its client has it. */
  const BLOCK = /```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][^]*?)\n*```/gi;

  test("no code breaks out of its block", () => {
    let tried = 0;
    const line = fc.constantFrom("```", "````", "~~~", "`x`", "a", "", "  ```js", "> ```", "````````");
    fc.assert(
      fc.property(
        fc.constantFrom("~~~~~", "``````````", "  `````````"),
        fc.array(line, { minLength: 1, maxLength: 12 }),
        (mark, lines) => {
          const content = format(`before\n${mark}ts\n${lines.join("\n")}\n${mark}\nafter`);
          tried += Number(lines.some((one) => one.includes("```")));
          expect(content.replaceAll(BLOCK, "CODE")).toBe("before\nCODE\nafter");
          const code = lines.map((one) => (mark.startsWith(" ") ? one.trimStart() : one)).join("\n");
          expect(content.replaceAll("\u200b", "")).toContain(code.trimEnd());
        },
      ),
    );
    expect(tried).toBeGreaterThan(50);
  });

  test("loses no word", () => {
    fc.assert(
      fc.property(tidyMarkdown(10), (markdown) => {
        const words = (text: string) => text.replaceAll(/https?:\S+/g, "").match(/[a-z]{3,}/g) ?? [];
        const shown = new Set(words(format(markdown)));
        const languages = new Set(["ts", "js", "sh", "png"]);
        expect(words(markdown).filter((word) => !shown.has(word) && !languages.has(word))).toEqual([]);
      }),
    );
  });

  test("takes time in proportion to the text", { timeout: PATIENCE_MS }, () => {
    const runs = Array.from({ length: 60 }, (_, index) => `${"`".repeat(index + 1)} `).join("");
    const hostile = [
      "<@",
      "\\",
      "#### ",
      "[",
      "![",
      "[](",
      "__a",
      "$a_",
      "<b>",
      "> ",
      "- ",
      "|a\n|-\n",
      "&#",
      "\\(",
    ];
    // Ten pages at once, in some tens of milliseconds; what is worse than quadratic runs into its time limit.
    for (const text of [runs, ...hostile.map((piece) => piece.repeat((10 * PAGE_LENGTH) / piece.length))])
      expect(format(text)).not.toBe("");
  });
});
