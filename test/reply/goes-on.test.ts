import fc from "fast-check";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { draftOf, MAX_DRAFT_EXTRA } from "../../src/reply/drafts.ts";
import { type PageLimits, sizeOf } from "../../src/reply/measure.ts";
import { cutPages, paginate } from "../../src/reply/paginate.ts";
import { tidyMarkdown, wildMarkdown } from "./arbitraries.ts";

const parse = (text: string) =>
  fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

/** Every node of a text, and those around it, the outermost first. */
function visit(text: string, see: (node: Nodes, around: readonly Nodes[]) => void): void {
  const walk = (node: Nodes, around: readonly Nodes[]) => {
    see(node, around);
    if ("children" in node) for (const child of node.children) walk(child, [...around, node]);
  };
  walk(parse(text), []);
}

const words = (min: number, max: number) =>
  fc.array(fc.stringMatching(/^[a-z]{2,9}$/), { minLength: min, maxLength: max }).map((all) => all.join(" "));
const rows = fc.array(fc.tuple(words(1, 2), words(1, 2)), { minLength: 12, maxLength: 40 });
/** In some alphabets a letter takes two bytes or three. */
const inAlphabet = (text: string, first: number) =>
  text.replaceAll(/[a-z]/g, (letter) => String.fromCodePoint(first + letter.charCodeAt(0) - 0x61));
const foreign = fc
  .tuple(words(1, 1), fc.constantFrom(0x430, 0x30a1))
  .map(([text, first]) => inAlphabet(text, first));
const heading = fc.oneof(words(2, 3), foreign);
const table = fc
  .tuple(heading, words(1, 2), rows)
  .map(([a, b, all]) => [[a, b] as const, ["---", ":-:"] as const, ...all])
  .map((all) => `${all.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`);
const code = words(60, 120).map((all) => `\`\`\`typescript\n${all.replaceAll(" ", "\n")}\n\`\`\`\n`);
const anything = fc.oneof(wildMarkdown, tidyMarkdown(10), table, code);

/** Of a page that holds few rows of a table, as one that lays them out in columns does. */
const fewRows: PageLimits["suits"] = (page) =>
  page.split("\n").filter((line) => line.startsWith("|")).length <= 5;
const limits = fc
  .record({
    pageLength: fc.integer({ min: 110, max: 300 }),
    unit: fc.constantFrom("utf16", "code points", "utf8"),
    suits: fc.constantFrom(undefined, fewRows),
  })
  .map(({ suits, ...others }): PageLimits => (suits ? { ...others, suits } : others));

describe("whatever a platform counts and takes", () => {
  test("every page has room for what a draft adds, with all that is repeated at its head", () => {
    let heads = 0;
    let wide = 0;
    fc.assert(
      fc.property(anything, limits, (text, room) => {
        for (const { head, body } of cutPages(text, room)) {
          const size = sizeOf(head + body, room.unit);
          expect(size).toBeLessThanOrEqual(room.pageLength - MAX_DRAFT_EXTRA);
          wide += Number(sizeOf(head, room.unit) > head.length + 5);
          heads += Number(head.length > MAX_DRAFT_EXTRA && size > room.pageLength - 2 * MAX_DRAFT_EXTRA);
        }
      }),
      { numRuns: 200 },
    );
    expect(heads).toBeGreaterThan(15);
    expect(wide).toBeGreaterThan(15);
  });

  test("all pages but the last stay as they are whatever is added to the text", () => {
    let unfit = 0;
    fc.assert(
      fc.property(anything, limits, fc.nat(1_000), (text, room, part) => {
        const before = paginate(text.slice(0, Math.floor((text.length * part) / 1_000)), room);
        const after = paginate(text, room);
        expect(after.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1));
        unfit += Number(room.suits !== undefined && before.length > 1 && text.startsWith("|"));
      }),
      { numRuns: 250 },
    );
    expect(unfit).toBeGreaterThan(15);
  });
});

describe("what goes on, on the next page", () => {
  test("a list is a list there, whatever its depth: nothing in it is read as code", () => {
    const item = fc.record({ depth: fc.nat(4), isNumber: fc.boolean(), text: words(3, 14) });
    const list = fc.tuple(fc.array(item, { minLength: 8, maxLength: 20 }), fc.constantFrom(2, 3, 4));
    let deep = 0;
    fc.assert(
      fc.property(list, fc.integer({ min: 120, max: 220 }), ([items, step], pageLength) => {
        let depth = -1;
        const text = items
          .map((one, at) => {
            depth = Math.min(one.depth, depth + 1);
            return `${" ".repeat(depth * Math.max(step, one.isNumber ? 3 : 2))}${one.isNumber ? `${at + 1}.` : "-"} ${one.text}`;
          })
          .join("\n");
        for (const { head, body, inList } of cutPages(text, { pageLength }).slice(1)) {
          expect(head).toBe("");
          expect(inList).not.toBe(false);
          deep += Number(/^ {4,}/.test(body));
        }
        for (const page of paginate(text, { pageLength }))
          visit(page, (node) => expect(node.type, page).not.toBe("code"));
      }),
      { numRuns: 150 },
    );
    expect(deep).toBeGreaterThan(60);
  });

  test("a quotation is a quotation there, as deep as it was", () => {
    const quote = fc.tuple(fc.integer({ min: 1, max: 4 }), words(30, 90));
    let broken = 0;
    fc.assert(
      fc.property(quote, fc.integer({ min: 120, max: 220 }), ([depth, text], pageLength) => {
        const marks = "> ".repeat(depth);
        const pages = paginate(`${marks}${text}\n${marks}\n${marks}${text}`, { pageLength });
        for (const page of pages)
          visit(page, (node, around) => {
            if (node.type === "text")
              expect(around.filter(({ type }) => type === "blockquote").length, page).toBe(depth);
          });
        broken += pages.length - 1;
      }),
      { numRuns: 100 },
    );
    expect(broken).toBeGreaterThan(300);
  });
});

describe("a draft", () => {
  test("shows nothing of a table before its head is whole, and then a table", () => {
    let held = 0;
    let begun = 0;
    fc.assert(
      fc.property(words(1, 8), table, fc.nat(60), (before, written, length) => {
        const body = `${before}\n\n${written.slice(0, length)}`;
        const { text } = draftOf({ head: "", body });
        const head = written.split("\n").slice(0, 2).join("\n");
        const isWhole = written.slice(0, length).trimEnd().length >= head.length;
        const types = parse(text).children.map(({ type }) => type);
        if (!isWhole) expect(text).not.toContain("|");
        expect(types.includes("table"), text).toBe(text.includes("|"));
        held += Number(!isWhole && length > 3);
        begun += Number(types.includes("table"));
      }),
      { numRuns: 200 },
    );
    expect(Math.min(held, begun)).toBeGreaterThan(30);
  });
});
