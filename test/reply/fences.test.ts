import { describe, expect, test } from "vitest";
import { closing, MAX_CLOSING, openFence, readLines, reopening } from "../../src/reply/fences.ts";

/** What a page that ends with `text` adds, and what the next one begins with. */
const added = (text: string, midLine = false) => {
  const fence = openFence(text);
  return fence && [closing(fence), reopening(fence, midLine)];
};

describe("openFence", () => {
  test.each([
    ["```ts\nlet", "```", "```ts\n"],
    ["~~~\nlet\n```\n", "~~~", "~~~\n"],
    ["````md title=1\n```\n", "````", "````md\n"],
    ["   ```c++\n", "   ```", "   ```c++\n"],
    ["- ```sh\n  ls\n", "  ```", "  ```sh\n"],
    ["> > ```js\n> > let\n", "> > ```", "> > ```js\n"],
    ["```\n    ```\nlet", "```", "```\n"],
    ["```😀\n", "```", "```\n"],
    [`\`\`\`${"x".repeat(99)}\n`, "```", `\`\`\`${"x".repeat(16)}\n`],
    [`${" ".repeat(40)}\`\`\`\n`, `${" ".repeat(8)}\`\`\``, `${" ".repeat(8)}\`\`\`\n`],
  ])("%j is closed with %j and opened again with %j", (text, close, reopen) => {
    expect(added(text)).toEqual([close, reopen]);
  });

  test.each([
    "No code",
    "```ts\nlet\n```",
    "```ts\nlet\n`````  \n",
    "```inline``` code",
    "> ```\n> let\nNo quote any more",
    "-".repeat(40),
    "~".repeat(40),
    "> > > > ```\n",
  ])("%j leaves none open", (text) => {
    expect(openFence(text)).toBeUndefined();
  });

  test("the rest of a quoted line goes on in its quotation", () => {
    expect(added("> > ```js\n> > let", true)?.[1]).toBe("> > ```js\n> > ");
  });

  test("no closing line is longer than the room that is kept for it", () => {
    const fence = openFence(`> > > ${" ".repeat(30)}${"~".repeat(10)}\n`);
    expect(`\n${closing(fence!)}`).toHaveLength(MAX_CLOSING);
  });
});

describe("readLines", () => {
  test("knows what belongs to code", () => {
    const lines = readLines("a\n> ```\n> b\nc\n```\nd\n```\ne");
    expect(lines.filter(({ fenced }) => fenced).map(({ text }) => text)).toEqual([
      "> ```",
      "> b",
      "```",
      "d",
      "```",
    ]);
  });
});
