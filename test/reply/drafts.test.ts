import fc from "fast-check";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { draftOf, MAX_DRAFT_EXTRA } from "../../src/reply/drafts.ts";
import { tidyMarkdown, wildMarkdown } from "./arbitraries.ts";

const draft = (body: string, head = "") => draftOf({ head, body }).text;

/** What someone reads of rendered Markdown, without white space, as `[code or text, …]`. */
function read(text: string): string {
  const visit = (node: Nodes): string => {
    if ("value" in node) return node.value;
    if (node.type === "image") return node.alt ?? "";
    return "children" in node ? node.children.map(visit).join("") : "";
  };
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  return visit(tree).replaceAll(/\s/g, "");
}

describe("draftOf", () => {
  test("whatever has come of a well-formed text, its draft reads as the beginning of the finished text", () => {
    let half = 0;
    fc.assert(
      fc.property(
        tidyMarkdown(4),
        fc.array(
          fc.nat(1_000).map((part) => part / 1_000),
          { minLength: 2, maxLength: 3 },
        ),
        (text, parts) => {
          const whole = read(text);
          for (const part of parts) {
            const body = text.slice(0, Math.round(text.length * part));
            const shown = draft(body);
            half += Number(shown !== "" && !shown.startsWith(body.trimEnd() + " …"));
            const [before, ...after] = read(shown).split("…");
            expect(whole.startsWith(before!), shown).toBe(true);
            expect(after).toEqual(shown === "" ? [] : [""]);
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(half).toBeGreaterThan(60);
  });

  test("never adds more than its room, and once there is something to read there always is", () => {
    fc.assert(
      fc.property(wildMarkdown, (text) => {
        let shown = false;
        for (let length = 1; length <= Math.min(text.length, 400); length += 1) {
          const now = draft(text.slice(0, length));
          expect(now.length).toBeLessThanOrEqual(length + MAX_DRAFT_EXTRA);
          if (shown) expect(now).not.toBe("");
          shown ||= now !== "";
        }
      }),
      { numRuns: 60 },
    );
  });

  test("what it says was written is the beginning of the text, however much was held back", () => {
    let held = 0;
    fc.assert(
      fc.property(wildMarkdown, fc.nat(300), (text, length) => {
        const body = text.slice(0, length);
        const { written, text: shown } = draftOf({ head: "", body });
        expect(body.startsWith(written)).toBe(true);
        expect(shown.startsWith(written)).toBe(true);
        held += Number(written !== body.trimEnd());
      }),
      { numRuns: 150 },
    );
    expect(held).toBeGreaterThan(10);
  });

  test.each([
    ["Plain text", "Plain text …"],
    ["Ends with space \n\n", "Ends with space …"],
    ["A **bold", "A **bold** …"],
    ["A **bold*", "A **bold** …"],
    ["A **bold *and it", "A **bold *and it*** …"],
    ["Run `npm i", "Run `npm i` …"],
    ["Run ``a ` b`", "Run ``a ` b`` …"],
    ["`` ` ``", "`` ` `` …"],
    ["Not ~~so", "Not ~~so~~ …"],
    ["A **", "A …"],
    ["A [link", "A …"],
    ["A [link](https://exa", "A …"],
    ["A [link](https://example.com)", "A [link](https://example.com) …"],
    ["An ![image](https://exa", "An …"],
    ["- [ ] task", "- [ ] task …"],
    ["**注意：**请", "**注意：**请 …"],
    ["他说**“你", "他说**“你** …"],
    ["**이 용어(This)**를", "**이 용어(This)**를 …"],
    ["*용어(This)*를", "*용어(This)*를 …"],
    ["**Note:**so it", "**Note:**so it …"],
    ["_(so)_, and", "_(so)_, and …"],
    ["See https://e.xx/a_b_", "See https://e.xx/a_b_ …"],
    ["2 * 3 = 6 and snake_case", "2 * 3 = 6 and snake_case …"],
    ["First.\n\n| a | b |\n| --", "First. …"],
    ["| a | b |\n| -- | -- |\n| 1", "| a | b |\n| -- | -- |\n| 1\n\n…"],
    ["| no table |\n\n", "| no table |\n\n…"],
    ["| a | **b", ""],
    ["| a | b |\n| -- | -- |\n| `1` | **2", "| a | b |\n| -- | -- |\n| `1` | **2**\n\n…"],
    ["See https://e.xx/_next/a_b", "See https://e.xx/_next/a_b …"],
    ["Escaped \\*", "Escaped \\* …"],
    ["So:\n```ts", "So: …"],
    ["So:\n```ts\n", "So: …"],
    ["So:\n```ts\nlet", "So:\n```ts\nlet\n```\n…"],
    ["So:\n```ts\nlet\n``", "So:\n```ts\nlet\n```\n…"],
    ["So:\n```ts\nlet\n```", "So:\n```ts\nlet\n```\n…"],
    ["One\n\n---\n", "One\n\n---\n\n…"],
    ["One\n- ", "One …"],
    ["One \uD83D", "One …"],
    ["", ""],
    ["> ", ""],
    ["\u200B", ""],
    ["```js\n", ""],
    ["| a |", ""],
  ])("%j is shown as %j", (body, shown) => {
    expect(draft(body)).toBe(shown);
  });

  test("a `[` that begins no link does not hold text back for long", () => {
    const text = `See [${"note ".repeat(80)}`;
    expect(draft(text)).toBe(`${text.trimEnd()} …`);
  });

  test("on a page that reopens a fence, nothing is shown before there is code", () => {
    expect(draft("\n", "```ts\n")).toBe("");
    expect(draft("``", "```ts\n")).toBe("");
    expect(draft("let", "```ts\n")).toBe("```ts\nlet\n```\n…");
    expect(draft("```\nSo", "```ts\n")).toBe("```ts\n```\nSo …");
  });
});
