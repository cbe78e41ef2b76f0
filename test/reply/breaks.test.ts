import { describe, expect, test } from "vitest";
import { breakAt } from "../../src/reply/breaks.ts";

/** The text before and after the break in a page with room for all of `text` but its last character. */
function broken(text: string, head = ""): [string, string] {
  const at = breakAt(head, text);
  return [text.slice(0, at), text.slice(at)];
}

const filler = (length: number) => "word ".repeat(Math.ceil(length / 5)).slice(0, length - 1) + ".";

describe("breakAt", () => {
  test("prefers the end of a paragraph to any line, sentence or word after it", () => {
    const before = `${filler(60)}\n\n`;
    expect(broken(`${before}One. Two\nand three words`)).toEqual([before, "One. Two\nand three words"]);
  });

  test("prefers the end of a line to that of a sentence", () => {
    expect(broken(`${filler(60)}\nOne. Two and more`)).toEqual([`${filler(60)}\n`, "One. Two and more"]);
  });

  test("prefers the end of a sentence to that of a word, and takes no numbered item for one", () => {
    expect(broken(`${filler(60)} Then 3. more of it`)).toEqual([`${filler(60)} `, "Then 3. more of it"]);
    expect(broken(`${"漢字".repeat(30)}。漢字漢字漢字`)).toEqual([`${"漢字".repeat(30)}。`, "漢字漢字漢字"]);
  });

  test("breaks between words where nothing better is near", () => {
    expect(broken("word ".repeat(20) + "endless")).toEqual(["word ".repeat(20), "endless"]);
  });

  test("a paragraph that would leave the page less than half full does not end it", () => {
    expect(broken(`Short.\n\n${"word ".repeat(30)}`)[0].length).toBeGreaterThan(100);
    expect(broken(`${filler(60)}\n\n${"word ".repeat(20)}`)[0].length).toBeGreaterThan(100);
  });

  test("takes a page that is a quarter full before it cuts a long address", () => {
    expect(broken(`See this page: ${"x".repeat(40)}`)).toEqual(["See this page: ", "x".repeat(40)]);
    expect(broken(`See ${"x".repeat(40)}`)[0]).toHaveLength(43);
  });

  test.each([
    ["a link", "[the long name](https://example.com)"],
    ["a code span", "`npm run a script`"],
    ["bold text", "**very bold indeed**"],
    ["an unfinished link", "[the long name of it"],
  ])("keeps %s whole", (_, piece) => {
    const before = "word ".repeat(12);
    expect(broken(`${before}${piece} `)).toEqual([before, `${piece} `]);
  });

  test("breaks code and tables between their rows, never right after the first line or before the last", () => {
    const code = `\`\`\`ts\n${"let x = 1;\n".repeat(6)}`;
    expect(broken(`${code}let y`)).toEqual([code, "let y"]);
    expect(broken(`${code}\`\`\`\n`)[1]).toBe("let x = 1;\n```\n");
    const table = `| a | b |\n| - | - |\n${"| 1 | 2 |\n".repeat(5)}`;
    expect(broken(`${table}| 3 | 4`)).toEqual([table, "| 3 | 4"]);
    expect(broken(`${table}| One. Two. Three. | 4`)[0]).toBe(table);
  });

  test("a table whose first row does not fit takes its head along to the next page", () => {
    const before = `${filler(40)}\n\n`;
    const table = `| a | b |\n| - | - |\n| ${"word ".repeat(18)}| 2 |`;
    expect(broken(`${before}${table}`)).toEqual([before, table]);
  });

  test("a block of code or a table that does not fit begins on the next page", () => {
    const before = `${filler(60)}\n`;
    expect(broken(`${before}\`\`\`ts\nlet x = 1;\nlet y = 2;\n`)[0]).toBe(before);
    expect(broken(`${before}| a | b |\n| - | - |\n| 1 |`)[0]).toBe(before);
  });

  test("a heading begins a page and does not end one", () => {
    const before = `${filler(60)}\n`;
    expect(broken(`${before}## Heading\n\nThe text under it`)[0]).toBe(before);
    expect(broken(`${before}**Heading**\n\nThe text under it`)[0]).toBe(before);
  });

  test("words that would read as a list, a quote or a fence do not begin a page", () => {
    for (const piece of ["- no item", "> no quote", "# no heading", "12. no item", "``` no fence"]) {
      const [first] = broken(`${"word ".repeat(12)}so ${piece}`);
      expect(first, piece).not.toMatch(/so $/);
    }
  });

  test("code that goes on from the page before is known as code", () => {
    const text = `${"one. Two;\n".repeat(6)}more. And more`;
    expect(broken(text, "```ts\n")).toEqual(["one. Two;\n".repeat(6), "more. And more"]);
  });

  test("an accent that could follow beyond the window is not parted from its letter", () => {
    expect(broken("e\u0301".repeat(20))[0]).toHaveLength(38);
    expect(broken(`${"x".repeat(39)}\uD83D`)[0]).toHaveLength(38);
  });
});
