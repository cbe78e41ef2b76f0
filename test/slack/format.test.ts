import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitting, sizeOf } from "../../src/reply/measure.ts";
import { formatPage, LIMITS, withoutBreaks } from "../../src/slack/format.ts";
import { PATIENCE_MS } from "../eventually.ts";

const blockOf = (markdown: string) => formatPage(markdown).blocks[0].text;

/** As Slack looks for them (docs.slack.dev, Formatting message text), and as it might if it dropped invisible characters or read escapes. */
const TOKENS = /<(?:@[\w.-]+|#[A-Z0-9]+|!(?:here|channel|everyone|group|subteam|date))(?:[|^][^<>]*)?>/giu;
const seenBySlack = (text: string) => text.match(TOKENS) ?? [];

describe("mentions", () => {
  const dangerous = [
    "<!here>",
    "<!channel|channel>",
    "<!everyone>",
    "<!subteam^S012ABC|@crew>",
    "<@U012ABC>",
    "<@W012ABC|ada>",
    "<#C012ABC|general>",
    "<!date^1700000000^{date}|x>",
    "<!HERE>",
  ];
  test.each(dangerous)("%s notifies nobody, in text, code, links and headings", (token) => {
    const page = `# ${token}\n${token}${token} \`${token}\`\n\`\`\`\n${token}\n\`\`\`\n[${token}](https://a.b/${token})`;
    expect(seenBySlack(blockOf(page))).toEqual([]);
    expect(seenBySlack(page).length).toBe(7);
    expect(formatPage(page).text).not.toContain("<");
  });

  test.each(["<\u200B!here>", "<\u2060@U012ABC>", "<\\!here>", "<!\u00ADhere>", "<@\u200DU012ABC\u200B>"])(
    "%j does not become one when characters fall out of it",
    (token) => {
      expect(seenBySlack(blockOf(token).replaceAll("\\", ""))).toEqual([]);
      expect(blockOf(token)).not.toBe(token);
    },
  );

  const harmless = [
    "<!DOCTYPE html>\na <!-- here -->\n<![CDATA[x]]>",
    "<!ELEMENT note (to)> <!ENTITY x 'y'>",
    "if (a <!b && c> d) vector<int> List<@NonNull String> a <@ b",
    "<#if x> <#list a as b> xs <#> ys <@> zs <!>",
    "<https://a.b> <mailto:a@b.c> <nav>@here</nav> <div id='x'>",
    "<!here and no end, <@U012ABC and none",
    "&lt;!here&gt; &amp;lt;!here&amp;gt;",
  ];
  test.each(harmless)("%s is left as it is", (code) => {
    expect(blockOf(code)).toBe(code);
  });
});

const cut = (text: string, bytes: number) => text.slice(0, fitting(text, bytes, "utf8"));

describe("any page", () => {
  const shard = fc.constantFrom(
    "<",
    "!",
    "@",
    "#",
    "here",
    "channel",
    "U1",
    "C1",
    ">",
    "|",
    "^",
    "\\",
    "\u200B",
    "`",
    " ",
    "\n",
  );
  const token = fc.constantFrom("<!here>", "<@U1>", "<#C1|x>", "<!subteam^S1>", "<\\!here>", "<@a>");
  const wild = fc.constantFrom("漢", "😀", "é", "\uD83D", "&", "x");
  const long = fc
    .tuple(
      fc.oneof(shard, token, wild, fc.string({ unit: "binary" })),
      fc.integer({ min: 1, max: LIMITS.pageLength }),
    )
    .map(([unit, times]) => unit.repeat(times));
  const page = fc
    .array(fc.oneof({ weight: 8, arbitrary: fc.oneof(shard, token, wild) }, { weight: 1, arbitrary: long }), {
      maxLength: 40,
    })
    .map((parts) => cut(parts.join(""), LIMITS.pageLength));

  test("has no token left, can be sent, and fits Slack's limits", () => {
    fc.assert(
      fc.property(page, (markdown) => {
        const { text, blocks } = formatPage(markdown);
        expect(seenBySlack(blocks[0].text)).toEqual([]);
        expect(Buffer.byteLength(blocks[0].text)).toBeLessThanOrEqual(10_500);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_000);
        expect(text).not.toMatch(/[<>]/);
        expect(text).not.toBe("");
        expect(() => encodeURIComponent(text + blocks[0].text)).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
    const pages = fc.sample(page, 1_000);
    const grown = pages.filter((markdown) => blockOf(markdown).includes("(!here>"));
    expect(grown.length, "pages so full of tokens that they would grow too long").toBeGreaterThan(5);
    expect(pages.filter((markdown) => sizeOf(markdown, "utf8") > 8_990).length).toBeGreaterThan(20);
    expect(pages.filter((markdown) => seenBySlack(markdown).length > 0).length).toBeGreaterThan(300);
    expect(pages.filter((markdown) => Buffer.byteLength(markdown) > 6_000).length).toBeGreaterThan(50);
  });

  test("reads as it was written once the breaks are taken out", () => {
    // Less than a page, which is all that would have to do without them.
    const clean = page.map((text) =>
      cut(
        text
          .replaceAll("<\u200B", "<")
          .replaceAll(/[\u200A$|]/g, "")
          .toWellFormed(),
        2_000,
      ),
    );
    fc.assert(fc.property(clean, (markdown) => withoutBreaks(blockOf(markdown)) === markdown));
  });

  test("takes time in proportion to the text", { timeout: PATIENCE_MS }, () => {
    const hostile = ["<!", "\\(", "$a_", "$$\n", "**", "<b>", "|\n", "`a ``", "```\n", "**a", "文**。"];
    // Six pages at once, in some tens of milliseconds; what is quadratic runs into its time limit.
    for (const piece of hostile)
      expect(blockOf(piece.repeat(50_000 / piece.length)).length).toBeGreaterThan(45_000);
  });
});

test("what no request can carry is shown as what stands for it, in the notification too", () => {
  expect(formatPage("a\0b \uD83D")).toEqual({
    text: "a\uFFFDb \uFFFD",
    blocks: [{ type: "markdown", text: "a\uFFFDb \uFFFD" }],
  });
});

describe("the notification's text", () => {
  const cases: readonly [string, string][] = [
    ["**Yes**, use `map`, see [the docs](https://a.b/c).", "Yes, use map, see the docs."],
    ["# Title\n\n- one\n- two\n> three", "Title one two three"],
    ["```js\nlet a = 1 < 2 && b;\n```", "let a = 1 &lt; 2 &amp;&amp; b;"],
    ["> # So\n> ```js\n> a\n> ```\n> > - [b [c]](https://d.e/f_(g))", "So a b [c]"],
    ["\\*a\\* \\[so it\\](c)\n| d \\| e | f |\n|---|---|", "*a* [so it](c) d | e, f"],
    ["2 * 3 * 4 and snake_case", "2 * 3 * 4 and snake_case"],
    ["", "…"],
    ["```\n```", "…"],
  ];
  test.each(cases)("of %j is %j", (markdown, text) => {
    expect(formatPage(markdown).text).toBe(text);
  });

  test("is cut at a whole character", () => {
    const { text } = formatPage("😀".repeat(200));
    expect(text).toBe(`${"😀".repeat(74)}…`);
  });
});
