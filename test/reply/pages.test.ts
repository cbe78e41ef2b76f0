import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReplyEvent } from "../../src/reply/event.ts";
import { pagesOf } from "../../src/reply/pages.ts";
import { cutPages } from "../../src/reply/paginate.ts";
import { advance, newReply, type Reply } from "../../src/reply/reply.ts";
import { isBlank } from "../../src/reply/text.ts";
import { chunked, streams, tidyMarkdown, wildMarkdown } from "./arbitraries.ts";
import { joinPages } from "./join.ts";

const markdown = fc.oneof(wildMarkdown, tidyMarkdown(14));
const limit = fc.integer({ min: 100, max: 260 });
const often = { numRuns: 150 };

describe("pagesOf", () => {
  /** Every state of a reply while its events come, and what it shows. */
  const course = (reply: Reply, events: readonly ReplyEvent[], pageLength: number) => {
    let now = reply;
    return events.map((event) => {
      now = advance(now, event);
      return { reply: now, pages: pagesOf(now, { pageLength }) };
    });
  };
  const atEnd = (reply: Reply, events: readonly ReplyEvent[], pageLength: number) => {
    const now = events.reduce(advance, reply);
    return { reply: now, pages: pagesOf(now, { pageLength }) };
  };
  const textOf = (events: readonly ReplyEvent[]) =>
    events.map((event) => (event.kind === "text" ? event.delta : "")).join("");
  const preface = fc.option(fc.constant("A new conversation."), { nil: undefined });

  test("while the reply grows no page is taken back, and final pages never change", () => {
    let long = 0;
    fc.assert(
      fc.property(streams(markdown), preface, limit, (events, preface, pageLength) => {
        const states = course(newReply({ preface }), events, pageLength);
        long += Number(states.at(-1)!.pages.length > 3);
        for (const [index, { pages }] of states.slice(1).entries()) {
          const earlier = states[index]!.pages;
          expect(pages.length).toBeGreaterThanOrEqual(earlier.length);
          const final = earlier.filter((page) => page.final);
          expect(pages.slice(0, final.length)).toEqual(final);
        }
      }),
      often,
    );
    expect(long).toBeGreaterThan(50);
  });

  test("every page fits and has something to read; only the last may be a draft, and is none once the reply is over", () => {
    fc.assert(
      fc.property(streams(markdown), preface, limit, (events, preface, pageLength) => {
        for (const { reply, pages } of course(newReply({ preface }), events, pageLength)) {
          for (const [index, page] of pages.entries()) {
            expect(page.text.length).toBeLessThanOrEqual(pageLength);
            expect(isBlank(page.text)).toBe(false);
            if (index < pages.length - 1) expect(page.final).toBe(true);
          }
          if (["done", "failed", "stopped"].includes(reply.phase))
            expect(pages.every(({ final }) => final)).toBe(true);
          expect(pages.length === 0).toBe(
            isBlank(reply.text) && reply.notice === undefined ? true : pages.length === 0,
          );
        }
      }),
      often,
    );
  });

  test("the finished pages joined are preface, text and notice", () => {
    const roomy = fc.integer({ min: 160, max: 260 });
    const noWhitePage = (events: readonly ReplyEvent[]) => !/[\s\p{Cf}]{20}/u.test(textOf(events));
    fc.assert(
      fc.property(streams(markdown).filter(noWhitePage), preface, roomy, (events, preface, pageLength) => {
        const { reply, pages } = atEnd(newReply({ preface }), events, pageLength);
        const begin = preface === undefined ? "" : `_${preface}_\n\n`;
        const told = isBlank(begin + reply.text) ? "" : begin + reply.text;
        const end = reply.notice === undefined ? "" : `_${reply.notice}_`;
        const texts = pages.map(({ text }) => text);
        // Between text and notice stand a blank line and, if need be, the end of a fence.
        const fences = ["", cutPages(told, { pageLength }).at(-1)?.tail ?? ""];
        const wholes = fences.flatMap((fence) => ["", "\n", "\n\n"].map((gap) => told + fence + gap + end));
        expect(
          wholes.some((whole) => joinPages(texts, whole) === whole),
          texts.join("\n--\n"),
        ).toBe(true);
      }),
      often,
    );
  });

  test("nothing is shown before there is text, or a reason why there is none", () => {
    const limits = { pageLength: 2_000 };
    const thinking = advance(newReply({ preface: "New." }), { kind: "thinking" });
    expect(pagesOf(newReply(), limits)).toEqual([]);
    expect(pagesOf(thinking, limits)).toEqual([]);
    expect(pagesOf(advance(thinking, { kind: "text", delta: "\n\u200B " }), limits)).toEqual([]);
    expect(pagesOf(advance(thinking, { kind: "text", delta: "Hi" }), limits)).toEqual([
      { text: "_New._\n\nHi …", written: "_New._\n\nHi", final: false },
    ]);
    expect(pagesOf(advance(thinking, { kind: "done" }), limits)).toEqual([
      {
        text: "_New._\n\n_I could not answer: the model ended without a word. Please ask again._",
        final: true,
      },
    ]);
  });

  test("the notice stands outside of code that was cut off", () => {
    const reply = advance(newReply({ text: "So:\n\n```ts\nlet x" }), {
      kind: "failed",
      reason: "cut",
      detail: "",
      reached: "unknown",
    });
    expect(pagesOf(reply, { pageLength: 2_000 })).toEqual([
      {
        text: "So:\n\n```ts\nlet x\n```\n\n_The answer stops here: the connection to the model broke. Ask me to continue._",
        final: true,
      },
    ]);
  });

  test("whatever the deltas, the finished pages are the same", () => {
    fc.assert(
      fc.property(chunked(markdown), limit, (deltas, pageLength) => {
        const end = { kind: "done" as const };
        const events = deltas.map((delta) => ({ kind: "text" as const, delta }));
        const { pages } = atEnd(newReply(), [...events, end], pageLength);
        expect(pages).toEqual(pagesOf(advance(newReply({ text: deltas.join("") }), end), { pageLength }));
      }),
      often,
    );
  });
});
