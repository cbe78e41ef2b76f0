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
  ])("leaves %s as it is", (_, markdown) => expect(tidy(markdown)).toBe(markdown));

  test("changes no sample a second time", () => {
    const changed = corpus().filter(({ text }) => tidy(text) !== text);
    expect(changed.length).toBeGreaterThan(10);
    for (const { name, text } of corpus()) expect(tidy(tidy(text)), name).toBe(tidy(text));
  });

  test("takes time in proportion to the text", () => {
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
    ])
      expect(tidy(piece.repeat(20_000)).length).toBeGreaterThan(0);
  });
});
