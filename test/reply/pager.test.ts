import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPager, pagesOf } from "../../src/reply/pages.ts";
import { advance, newReply, type Reply, stopped } from "../../src/reply/reply.ts";
import { streams, tidyMarkdown, wildMarkdown } from "./arbitraries.ts";

const markdown = fc.oneof(wildMarkdown, tidyMarkdown(14));
const limits = fc.record({
  pageLength: fc.integer({ min: 100, max: 260 }),
  unit: fc.constantFrom("utf16" as const, "code points" as const, "utf8" as const),
  suits: fc.constant((page: string) => page.split("|").length < 15),
});

describe("createPager", () => {
  test("shows of every state what is shown of it without any memory, also when states are skipped", () => {
    let long = 0;
    fc.assert(
      fc.property(
        streams(markdown),
        fc.option(fc.constant("A new conversation."), { nil: undefined }),
        limits,
        fc.integer({ min: 1, max: 4 }),
        (events, preface, limits, step) => {
          const pager = createPager(limits);
          let reply: Reply = newReply({ preface });
          for (const [index, event] of events.entries()) {
            reply = advance(reply, event);
            if (index % step === 0 || index === events.length - 1)
              expect(pager.pagesOf(reply)).toEqual(pagesOf(reply, limits));
          }
          long += Number(pagesOf(reply, limits).length > 3);
        },
      ),
      { numRuns: 250 },
    );
    expect(long).toBeGreaterThan(80);
  });

  test("a reply that is begun anew is read anew", () => {
    const limits = { pageLength: 200 };
    fc.assert(
      fc.property(tidyMarkdown(8), tidyMarkdown(8), (one, other) => {
        const pager = createPager(limits);
        for (const text of [one, other, other.slice(0, 100), one]) {
          const reply = newReply({ text });
          expect(pager.pagesOf(reply)).toEqual(pagesOf(reply, limits));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("tells by how much the last page may grow, and no more", () => {
    const finals = (pages: readonly { final: boolean }[]) => pages.filter(({ final }) => final).length;
    let further = 0;
    const sizes = limits.map(({ pageLength, unit }) => ({ pageLength, unit }));
    fc.assert(
      fc.property(tidyMarkdown(14), sizes, (text, limits) => {
        const pager = createPager(limits);
        const before = finals(pager.pagesOf(newReply({ text })));
        const left = pager.left();
        const longer = (by: number) => finals(pagesOf(newReply({ text: text + "x".repeat(by) }), limits));
        expect([longer(left), longer(left + 1)]).toEqual([before, before + 1]);
        further += Number(before > 1);
      }),
      { numRuns: 100 },
    );
    expect(further).toBeGreaterThan(20);
  });

  test("foresees no page's end where none grows", () => {
    const pager = createPager({ pageLength: 300, files: { afterPages: 1, maxLength: 10_000 } });
    const endless = newReply({ text: `\`\`\`ts\n${"line;\n".repeat(200)}` });
    for (const reply of [newReply({ text: "" }), endless, stopped(newReply({ text: "some" }))]) {
      pager.pagesOf(reply);
      expect(pager.left()).toBe(Infinity);
    }
  });

  test("asks a platform some twenty times whether a page suits it, however many deltas make it", () => {
    let asked = 0;
    const suits = (page: string) => (asked += 1) > 0 && page.length < 1_500;
    const pager = createPager({ pageLength: 2_000, suits });
    let reply: Reply = newReply({ text: "| a | b |\n| - | - |\n" });
    for (let row = 0; row < 1_000; row += 1) {
      reply = advance(reply, { kind: "text", delta: `| ${row} | value |\n` });
      pager.pagesOf(reply);
    }
    const pages = pager.pagesOf(reply).length;
    expect(pages).toBeGreaterThan(10);
    expect(asked).toBeLessThan(pages * 21);
  });

  test("a settled page stays the same object", () => {
    const pager = createPager({ pageLength: 200 });
    const text = "word ".repeat(100);
    const [first] = pager.pagesOf(newReply({ text }));
    expect(pager.pagesOf(newReply({ text: text.repeat(3) }))[0]).toBe(first);
  });
});
