import { describe, expect, test } from "vitest";
import { tidy } from "../../src/markdown/tidy.ts";
import { corpus } from "../corpus.ts";

describe("tidy", () => {
  test.each([
    ["JSON that is not fenced", '{\n  "a": 1\n}\n\nSo.', '```json\n{\n  "a": 1\n}\n```\n\nSo.'],
    ["front matter", "---\ntitle: A\n---\nText", "```yaml\ntitle: A\n```\nText"],
    ["Python's prompts", "Try:\n>>> 1 + 1\n2\n\nSo.", "Try:\n```python\n>>> 1 + 1\n2\n```\n\nSo."],
    ["changes that are not fenced", "- a = 1\n+ a = 2", "```diff\n- a = 1\n+ a = 2\n```"],
    ["bullets of other signs", "* a\n  + b\n- c", "- a\n  - b\n- c"],
    ["alerts", "> [!WARNING]\n> Hot.", "> **Warning**\n> Hot."],
    ["a rule right below a paragraph", "one\ntwo\n---\nthree", "one\ntwo\n\n---\nthree"],
    [
      "rows with too many cells",
      "| a | b |\n|---|---|\n| 1 | 2 | 3 |",
      "| a | b |\n|---|---|\n| 1 | 2 \\| 3 |",
    ],
    ["references", "See [it][1].\n\n[1]: https://a.b/c\n", "See [it](https://a.b/c).\n\n"],
    ["pictures", "![a cat](https://a.b/c.png)", "[a cat](https://a.b/c.png)"],
    ["badges", "[![ci](https://a.b/c.svg)](https://a.b)", "[ci](https://a.b)"],
    [
      "links that lie",
      "[https://bank.example](https://evil.example)",
      "https://bank.example (https://evil.example)",
    ],
    ["links that lead nowhere", "[here](./README.md)", "here (./README.md)"],
    ["names between underscores", "In __init__.py", String.raw`In \_\_init\_\_.py`],
    ["products", "5*6*7", String.raw`5\*6\*7`],
    ["tags of looks", '<span style="color:red">hot</span>', "hot"],
    ["anchors", '<a href="https://a.b">it</a>', "[it](https://a.b)"],
    ["line ends", "a\r\nb\rc", "a\nb\nc"],
    ["tags that are marks", "<b>a</b> <em>b </em>c <DEL>d</DEL> <mark>e</mark>", "**a** *b* c ~~d~~ **e**"],
    ["tags within tags", '<p align="center"><b>a <i>b</i></b></p>', "**a *b***"],
    [
      "an address of mail",
      '<a href="mailto:a@b.c">a@b.c</a> <a href="mailto:a@b.c">us</a>',
      "a@b.c [us](mailto:a@b.c)",
    ],
    ["notes in brackets that are raised", "a<sup>[1]</sup> b<sub>(c)</sub>", "a[1] b(c)"],
    ["numbers in lines of their own", "# A\n1.\nb\nc\n\n2)\nd", "# A\n1. b\nc\n\n2) d"],
    ["small print", "<sub>All of this is made up.</sub>", "All of this is made up."],
    ["comments", "a\n<!-- one -->\n<!-- two\nthree -->\nb <!-- four -->", "a\nb <!-- four -->"],
    [
      "tables of HTML",
      "So:\n<table>\n<tr><th>a</th><th>b|c</th></tr>\n<tr><td>1</td></tr>\n</table>\nx",
      "So:\n\n| a | b\\|c |\n| --- | --- |\n| 1 |  |\n\nx",
    ],
    [
      "details in a line",
      "1. a?\n   <details><summary>b</summary>\n   c.\n   </details>",
      "1. a?\n   **b**\n   c.",
    ],
    [
      "blanks to fill in",
      "on ___.___.____, by ______\n\n_____",
      String.raw`on \_\_\_.\_\_\_.\_\_\_\_, by ______` + "\n\n" + String.raw`\_\_\_\_\_`,
    ],
    ["links to headings", "[1. Why](#1-why), [how](#how)", String.raw`1\. Why, how`],
    [
      "references with brackets in their words",
      "[a [b] c][d]\n\n[d]: https://a.b",
      "[a [b] c](https://a.b)\n\n",
    ],
    [
      "formulas between their own lines",
      "\\begin{align}\na &= b \\\\\n\\end{align}",
      "```latex\n\\begin{align}\na &= b \\\\\n\\end{align}\n```",
    ],
    ["headings with a line's break", "## A\\\nb", "## A\nb"],
    [
      "bullets too far left below numbers",
      "1. a\n  - b\n    - c\n\n  d\n10. e\n   - f",
      "1. a\n   - b\n     - c\n\n   d\n10. e\n    - f",
    ],
    [
      "code too far left below numbers",
      "1. a\n  ```sh\n  b\n\n    c\n  ```\n2. d",
      "1. a\n   ```sh\n   b\n\n     c\n   ```\n2. d",
    ],
    ["named notes that stand elsewhere", "a[^some] (b.)[^any-2]", "a[some] (b.)[any-2]"],
    ["small tags", '<small>a</small> <q>b</q> <tt>c</tt> <abbr title="D e">d</abbr>', "a “b” `c` d (D e)"],
    ["what is above and below the line", "x<sup>2n</sup> a<sub>ij</sub> 10<sup>−6</sup>", "x²ⁿ aᵢⱼ 10⁻⁶"],
    ["what has no such sign", "x<sup>q</sup> y<sup>a b</sup> z<sub>Q</sub>", "x^q y^(a b) z\\_Q"],
    ["blocks of tags", "<h3>A</h3>\n<ul>\n<li>b</li>\n  <li>c\n</ul>\nd<hr>", "### A\n- b\n  - c\nd\n\n---"],
    ["a quotation by its tag", "<blockquote>a</blockquote>", "> a"],
    ["numbered notes", "a[^1], b[^12][^3].\n\n[^1]: One.\n[^12]: Two", "a¹, b¹²\u202F³.\n\n¹ One.\n¹² Two"],
    [
      "named notes",
      "a[^n] [^a-z]\n\n[^n]: One\n    and two.\n\n    code",
      "a[n] [^a-z]\n\n[n] One\nand two.\n\n    code",
    ],
    [
      "a typed drawing",
      "So:\n+--+   +--+\n|a | ->|b |\n+--+   +--+\n\nx",
      "So:\n```\n+--+   +--+\n|a | ->|b |\n+--+   +--+\n```\n\nx",
    ],
    ["a drawn frame", "┌─┐\n│a│\n└─┘", "```\n┌─┐\n│a│\n└─┘\n```"],
    ["a tree of files", "src/\n├── a\n└── b", "```\nsrc/\n├── a\n└── b\n```"],
    ["bars", "00 | ###\n12 | ######", "```\n00 | ###\n12 | ######\n```"],
  ])("puts %s right", (_, markdown, right) => {
    expect(tidy(markdown)).toBe(right);
    expect(tidy(right)).toBe(right);
  });

  test.each([
    ["code", "```\n* a\n![x](https://a.b)\n```\nand `5*6*7`"],
    ["a heading that is underlined", "Title\n---\ntext"],
    ["a reference that is defined nowhere", "see [a][b] and [1][2]"],
    ["a honest link", "[https://a.b](https://a.b/c) and [mail](mailto:a@b.c)"],
    ["bold, italic and bold italic text", "**a** *b* ***c***"],
    ["a list with only additions", "- a\n- b"],
    ["a nested quotation", "> a\n>>> b"],
    ["rules", "* * *\n\n---"],
    ["tags in prose", "the <b> tag, Vec<u8>, <your-name>, x < y > z, <T>(x: T) => x"],
    ["tags in code", "`<b>x</b>` and\n```\n<li>a</li>\n[^1]\n```"],
    ["what a regular expression leaves out", "[^abc] and [^1](https://a.b), \\[^1]"],
    ["a table, and bars that make none", "| a | b |\n|---|---|\n| ▓▓ | ░░ |\n\n| a |\n| b |"],
    ["one line of signs, and arrows in prose", "──────\n\na --> b\nc --> d"],
    ["nothing but a comment", "<!-- a -->"],
    ["a comment that never ends", "a\n<!-- b\nc"],
    ["a table within a table", "<table><tr><td>\n<table><tr><td>a</td></tr></table>\n</td></tr></table>"],
    ["bold italic words, names and addresses", "___a b___ a___b https://a.b/___/c ___ `____`\n\n___"],
    ["lists that nest already", "- a\n  - b\n\n    c\n1. d\n   - e\n\nf\n\n  g"],
    ["numbers that are not quite below each other", "1. a\n 2. b\n  3. c"],
    ["an environment that never ends", "\\begin{align}\na"],
    ["bars with marks in them", "**Done** ███░\n**Left** █░░░"],
  ])("leaves %s as it is", (_, markdown) => expect(tidy(markdown)).toBe(markdown));

  test("changes no sample a second time", () => {
    const changed = corpus().filter(({ text }) => tidy(text) !== text);
    expect(changed.length).toBeGreaterThan(10);
    for (const { name, text } of corpus()) expect(tidy(tidy(text)), name).toBe(tidy(text));
  });
});

test("tidy takes time in proportion to the text", () => {
  for (const piece of [
    "[",
    "[a][",
    "![",
    "<a ",
    "|",
    "| a |\n|-|\n",
    "- a\n+ b\n",
    "__a",
    ">>> a\n",
    "{\n",
    "---\n",
    "<b>",
    "<b>a</b>",
    "<abbr ",
    "[^a",
    "[^1]",
    "[^1]: a\n",
    "│\n",
    "|a|\n",
    "a/\n│\n",
    "<!--",
    "<!--\n",
    "<table>\n",
    "<table>\n</table>\n",
    "<table>\n<tr><td>",
    "____ ",
    "___a ",
    "[a [b] ",
    "[[a]",
    "\\begin{a}\n",
    "  - a\n",
    "1. a\n ",
    "$a ",
    "a[^ab]",
  ])
    expect(tidy(piece.repeat(20_000)).length).toBeGreaterThan(0);
});

describe("tidy, of rows, titles and names", () => {
  test.each([
    [
      "bars in a row's code",
      "| a | b | c |\n|---|---|---|\n| `x | y` | d | ``z | ` ||`` |",
      "| a | b | c |\n|---|---|---|\n| `x \\| y` | d | ``z \\| ` \\|\\|`` |",
    ],
    [
      "text right below a table",
      "| a | b |\n|---|---|\n| 1 | 2 |\nSo.\n\n> | a | b |\n> |---|---|\n> So.",
      "| a | b |\n|---|---|\n| 1 | 2 |\n\nSo.\n\n> | a | b |\n> |---|---|\n>\n> So.",
    ],
    [
      "a list in a cell",
      "| a | b |\n|---|---|\n| 1 | <ul><li>c</li><li>d</li></ul> |",
      "| a | b |\n|---|---|\n| 1 | • c • d  |",
    ],
    [
      "marks in a summary",
      "<summary><b>a</b> **b** <code>c</code></summary>\nd",
      "**a b <code>c</code>**\nd",
    ],
    [
      "names of Python",
      "__init__ and __name__, __main__",
      "\\_\\_init\\_\\_ and \\_\\_name\\_\\_, \\_\\_main\\_\\_",
    ],
    ["references with a title", "[a][b]\n\n[b]: https://a.b (A title)", "[a](https://a.b)\n\n"],
  ])("puts %s right", (_, markdown, right) => {
    expect(tidy(markdown)).toBe(right);
    expect(tidy(right)).toBe(right);
  });

  test.each([
    ["sources side by side", "a [1][2]\n\n[1]: https://a.b\n[2]: https://c.d"],
    ["backticks in cells of their own", "| a | b |\n|---|---|\n| ` | ` |"],
    ["rows of a table without bars around it", "a | b\n--|--\n1\n2 | 3"],
    ["bold words", "__main__point, __so__ and __Name__"],
  ])("leaves %s as it is", (_, markdown) => expect(tidy(markdown)).toBe(markdown));
});
