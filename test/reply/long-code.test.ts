import fc from "fast-check";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { describe, expect, test } from "vitest";
import type { Page } from "../../src/chat/platform.ts";
import { openFence } from "../../src/reply/fences.ts";
import { CODE_NOTE_LENGTH, fileName, noteOn } from "../../src/reply/long-code.ts";
import type { PageLimits } from "../../src/reply/measure.ts";
import { createPager, pagesOf } from "../../src/reply/pages.ts";
import { paginate } from "../../src/reply/paginate.ts";
import { advance, newReply, type Reply } from "../../src/reply/reply.ts";
import { chunked, tidyMarkdown } from "./arbitraries.ts";
import { joinWithFiles } from "./join.ts";

const limitsOf = (afterPages: number, maxLength = 100_000): PageLimits => ({
  pageLength: 360,
  files: { afterPages, maxLength },
});
const done = (text: string): Reply => advance(newReply({ text }), { kind: "done" });
const filesIn = (pages: readonly Page[]) => pages.flatMap(({ file }) => (file ? [file] : []));
const code = (lines: number, from = 0) =>
  Array.from({ length: lines }, (_, line) => `let value${from + line} = ${line};`).join("\n");

/** Code of some lines, in a fence that may stand in a quotation or a list. */
const block = fc
  .record({
    lines: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 40, max: 120 })),
    mark: fc.constantFrom("```", "````", "~~~"),
    language: fc.constantFrom("", "ts", "python", "../../etc", "exe"),
    prefix: fc.constantFrom("", "", "> ", "  "),
    line: fc.constantFrom(
      "let x = 1;",
      "",
      "    deep()",
      "a `tick` **b**",
      "漢字 😀",
      "x".repeat(150),
      "#",
      "| a |",
    ),
  })
  .map(({ lines, mark, language, prefix, line }) => {
    const body = Array.from({ length: lines }, (_, index) => (index % 3 === 0 ? line : `call(${index});`));
    return [mark + language, ...body, mark].map((one) => prefix + one).join("\n");
  });
const document = fc
  .array(fc.oneof(block, tidyMarkdown(2)), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join("\n\nAnd so:\n\n"));
const afterPages = fc.integer({ min: 1, max: 3 });
const often = { numRuns: 150 };

function codeBlocks(text: string): string[] {
  const visit = (node: Nodes): string[] =>
    node.type === "code" ? [node.value] : "children" in node ? node.children.flatMap(visit) : [];
  return visit(fromMarkdown(text));
}

describe("a code block that takes more pages than it may", () => {
  test("shows its first lines, says so, and is whole in a file", () => {
    const text = `So:\n\n\`\`\`ts\n${code(90)}\n\`\`\`\n\nThat is all.`;
    const pages = pagesOf(done(text), limitsOf(2));
    expect(pages.map(({ file }) => file?.name)).toEqual([undefined, undefined, "code.ts", undefined]);
    expect(pages[0]?.text).toMatch(/^So:\n\n```ts\nlet value0 = 0;\n[^]*\n```$/);
    expect(pages[1]?.text).toMatch(
      /^```ts\n[^]*\n```\n\n_All of this code is in the file below: code\.ts \(90 lines\)\._$/,
    );
    expect(pages[2]).toEqual({
      text: "`code.ts`",
      final: true,
      file: { name: "code.ts", text: `${code(90)}\n` },
    });
    expect(pages[3]?.text).toBe("That is all.");
  });

  test("of exactly as many pages stays on them", () => {
    for (let lines = 1; lines < 60; lines += 1) {
      const text = `\`\`\`\n${code(lines)}\n\`\`\``;
      const plain = paginate(text, { pageLength: 360 });
      const pages = pagesOf(done(text), limitsOf(2));
      expect(filesIn(pages).length).toBe(plain.length > 2 ? 1 : 0);
      if (plain.length <= 2) expect(pages.map((page) => page.text)).toEqual(plain);
    }
  });

  test("is held while it grows: the page counts its lines, now and then, and no other is begun", () => {
    const pager = createPager(limitsOf(1));
    const seen = new Set<string>();
    let text = "```py\n";
    for (const line of code(200).split("\n")) {
      text += `${line}\n`;
      const pages = pager.pagesOf(newReply({ text }));
      expect(pages).toHaveLength(1);
      expect(pages[0]?.final).toBe(false);
      seen.add(pages[0]!.text);
    }
    expect([...seen].at(-1)).toMatch(/_More than 200 lines so far\. All of this code will be in a file\._$/);
    expect(seen.size).toBeLessThan(40);
  });

  test("never closed is a file at the reply's end, and the notice stands below it", () => {
    const cut = advance(newReply({ text: `\`\`\`js\n${code(100)}` }), {
      kind: "failed",
      reason: "cut",
      detail: "",
      reached: "unknown",
    });
    const pages = pagesOf(cut, limitsOf(1));
    expect(pages.map(({ file, final }) => [file?.text, final])).toEqual([
      [undefined, true],
      [code(100), true],
      [undefined, true],
    ]);
    expect(pages.at(-1)?.text).toMatch(/^_The answer stops here/);
  });

  test("has no empty line below its file, however late that comes", () => {
    const text = `\`\`\`ts\n${code(60)}\n\`\`\`\n\n \n\n  That is all.`;
    const pager = createPager(limitsOf(1));
    for (let end = text.length - 24; end <= text.length; end += 1) {
      const pages = pager.pagesOf(newReply({ text: text.slice(0, end) }));
      expect(pages[2]?.text ?? "").not.toMatch(/^[ \t]*\n/);
    }
    expect(pager.pagesOf(done(text)).at(-1)?.text).toBe("  That is all.");
  });

  test("goes on in another file where one holds no more", () => {
    const text = `\`\`\`js\n${code(400)}\n\`\`\``;
    const files = filesIn(pagesOf(done(text), limitsOf(1, 2_000)));
    expect(files.length).toBeGreaterThan(2);
    expect(files.map(({ name }) => name).slice(0, 2)).toEqual(["code.js", "code-2.js"]);
    for (const file of files) expect(file.text.length).toBeLessThanOrEqual(2_000);
    expect(joinWithFiles(pagesOf(done(text), limitsOf(1, 2_000)), text)).toBe(text);
  });

  test("is on pages after all where the platform refused its file, and those before keep theirs", () => {
    const text = `\`\`\`a\n${code(90)}\n\`\`\`\n\nAnd:\n\n\`\`\`b\n${code(90, 100)}\n\`\`\``;
    const all = createPager(limitsOf(1)).pagesOf(done(text));
    const one = createPager(limitsOf(1), 1).pagesOf(done(text));
    expect([filesIn(all).length, filesIn(one).length]).toEqual([2, 1]);
    expect(one.slice(0, 2)).toEqual(all.slice(0, 2));
    expect(one.at(-1)?.text).toContain("let value189 = 89;");
  });

  test("stands in a list or a quotation: the file has the code alone", () => {
    const quoted = `> \`\`\`ts\n${code(90).replaceAll(/^/gm, "> ")}\n> \`\`\`\n>\n> Yes.`;
    expect(filesIn(pagesOf(done(quoted), limitsOf(1)))[0]?.text).toBe(`${code(90)}\n`);
    const left = `> \`\`\`ts\n${code(90).replaceAll(/^/gm, "> ")}\nNo.\nYes.`;
    expect(filesIn(pagesOf(done(left), limitsOf(1)))[0]?.text).toBe(`${code(90)}\n`);
    expect(pagesOf(done(left), limitsOf(1)).at(-1)?.text).toBe("No.\nYes.");
    const deep = `- a\n  - b\n    \`\`\`ts\n${code(90).replaceAll(/^/gm, "    ")}\n    \`\`\`\n    c\n      - d`;
    expect(pagesOf(done(deep), limitsOf(1)).at(-1)?.text).toBe("c\n  - d");
    const listed = `1. So:\n\n   \`\`\`ts\n${code(90).replaceAll(/^/gm, "   ")}\n     deeper\n   \`\`\`\n\n2. Then`;
    const pages = pagesOf(done(listed), limitsOf(1));
    expect(filesIn(pages)[0]?.text).toBe(`${code(90)}\n  deeper\n`);
    expect(pages.at(-1)?.text).toMatch(/2\. Then$/);
  });
});

describe("replies with files", () => {
  test("every page fits and is balanced; a Markdown parser finds each block in one file, or on the pages", () => {
    let files = 0;
    let kept = 0;
    fc.assert(
      fc.property(document, afterPages, (text, after) => {
        const pages = pagesOf(done(text), limitsOf(after));
        const blocks = codeBlocks(text).map((value) => value.trimEnd());
        for (const [index, page] of pages.entries()) {
          expect(page.text.length).toBeLessThanOrEqual(360);
          expect(openFence(page.text)).toBeUndefined();
          if (pages[index - 1]?.file) expect(page.text).not.toMatch(/^[ \t]*\n/);
          if (!page.file) continue;
          expect(blocks).toContain(page.file.text.trimEnd());
          expect(page.file.name).toMatch(/^[a-z0-9.-]+$/);
          expect(pages[index - 1]?.text).toContain(`in the file below: ${page.file.name} (`);
        }
        const names = filesIn(pages).map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        files += names.length;
        kept += blocks.length - names.length;
      }),
      often,
    );
    expect(files).toBeGreaterThan(60);
    expect(kept).toBeGreaterThan(60);
  });

  test("pages and files joined are the text", () => {
    fc.assert(
      fc.property(document, afterPages, (text, after) => {
        expect(joinWithFiles(pagesOf(done(text), limitsOf(after)), text)).toBe(text);
      }),
      often,
    );
  });

  test("as the reply grows only its last page changes, whatever the deltas, and the end is as if it had come at once", () => {
    let grown = 0;
    fc.assert(
      fc.property(chunked(document), afterPages, (deltas, after) => {
        const limits = limitsOf(after);
        const pager = createPager(limits);
        let reply = newReply();
        let before: readonly Page[] = [];
        for (const delta of deltas) {
          reply = advance(reply, { kind: "text", delta });
          const pages = pager.pagesOf(reply);
          expect(pages.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1));
          expect(pages.length).toBeGreaterThanOrEqual(before.length);
          if (before.at(-1)?.final) expect(pages[before.length - 1]).toEqual(before.at(-1));
          grown += Number(filesIn(pages).length > filesIn(before).length);
          before = pages;
        }
        const whole = done(deltas.join(""));
        const end = pager.pagesOf(advance(reply, { kind: "done" }));
        expect(end).toEqual(pagesOf(whole, limits));
        expect(end.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1));
      }),
      often,
    );
    expect(grown).toBeGreaterThan(30);
  });
});

describe("what is added", () => {
  test("a file's name is a name, whatever the model calls the language", () => {
    const names = ["ts", "Python", "c++", "../../x", "exe", "", "@everyone", "bat", "powershell"];
    expect(names.map((language) => fileName(language, 1))).toEqual([
      "code.ts",
      "code.py",
      "code.cpp",
      "code.txt",
      "code.txt",
      "code.txt",
      "code.txt",
      "code.bat.txt",
      "code.ps1.txt",
    ]);
    expect(fileName("ts", 12)).toBe("code-12.ts");
  });

  test("the longest note has room", () => {
    const lines = 9_999_999;
    const held = { lines } as Parameters<typeof noteOn>[0];
    const file = { name: fileName("powershell", 999), text: "" };
    for (const note of [noteOn(held, undefined), noteOn(held, file)])
      expect(note.length).toBeLessThanOrEqual(CODE_NOTE_LENGTH);
  });
});
