import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import type { Page } from "../../src/chat/platform.ts";
import { isSettled, nextPaint, type ShownPage } from "../../src/reply/edits.ts";
import { aside, LEFT_OVER } from "../../src/reply/notice.ts";
import { pagesOf } from "../../src/reply/pages.ts";
import { advance, newReply } from "../../src/reply/reply.ts";
import { streams, tidyMarkdown, wildMarkdown } from "./arbitraries.ts";

const id = (index: number) => `m${index}` as MessageId;
const draft = (text: string): Page => ({ text, final: false });
const final = (text: string): Page => ({ text, final: true });
const shown = (...pages: (Page | undefined)[]): ShownPage[] =>
  pages.map((page, index) => ({ id: id(index), text: page?.text, final: page?.final ?? false }));

/** A platform that refuses what a reader must never see. */
function reader() {
  const pages: ShownPage[] = [];
  return {
    pages,
    paint(paint: NonNullable<ReturnType<typeof nextPaint>>) {
      const now = pages[paint.index];
      if (paint.kind === "post") {
        expect(paint.index).toBe(pages.length);
        expect(pages.every((page) => page.final)).toBe(true);
      } else {
        expect(paint.id).toBe(now?.id);
        expect(now?.final).toBe(false);
        expect([now?.text, now?.final]).not.toEqual([paint.page.text, paint.page.final]);
      }
      pages[paint.index] = { id: id(paint.index), ...paint.page };
    },
  };
}

describe("nextPaint", () => {
  test("whenever it is asked while a reply grows, it leads to what is wanted: in order, without a hole or a repeat", () => {
    let edits = 0;
    let posts = 0;
    const asked = fc.infiniteStream(fc.nat(2));
    fc.assert(
      fc.property(streams(fc.oneof(wildMarkdown, tidyMarkdown(8))), asked, (events, times) => {
        const platform = reader();
        let reply = newReply();
        const paint = (wanted: readonly Page[], most: number) => {
          for (let count = 0; count < most; count += 1) {
            const next = nextPaint(platform.pages, wanted);
            if (!next) return;
            platform.paint(next);
            edits += Number(next.kind === "edit");
            posts += Number(next.kind === "post");
          }
        };
        for (const event of events) {
          reply = advance(reply, event);
          const most = times.next().value;
          if (most > 0) paint(pagesOf(reply, { pageLength: 120 }), most);
        }
        const wanted = pagesOf(reply, { pageLength: 120 });
        paint(wanted, 2 * wanted.length);
        expect(platform.pages.map(({ text }) => text)).toEqual(wanted.map(({ text }) => text));
        expect(isSettled(platform.pages, wanted)).toBe(true);
      }),
      { numRuns: 250 },
    );
    expect(edits).toBeGreaterThan(100);
    expect(posts).toBeGreaterThan(500);
  });

  test("does nothing when all is shown", () => {
    expect(nextPaint([], [])).toBeUndefined();
    expect(nextPaint(shown(final("a"), draft("b …")), [final("a"), draft("b …")])).toBeUndefined();
  });

  test("posts a page only after all before it are shown as they should be", () => {
    expect(nextPaint(shown(draft("a …")), [final("a b"), draft("c …")])).toEqual({
      kind: "edit",
      index: 0,
      id: id(0),
      page: final("a b"),
    });
    expect(nextPaint(shown(final("a b")), [final("a b"), draft("c …")])).toEqual({
      kind: "post",
      index: 1,
      page: draft("c …"),
    });
  });

  test("tells the platform that a page turned final, also when its text is the same", () => {
    expect(nextPaint(shown(draft("a")), [final("a")])).toMatchObject({ kind: "edit", page: final("a") });
    expect(nextPaint(shown(final("a")), [draft("a")])).toBeUndefined();
  });

  test("paints a page of which it is not known what it shows", () => {
    expect(nextPaint(shown(undefined), [draft("a …")])).toMatchObject({ kind: "edit", index: 0 });
  });

  test("pages that a shorter reply leaves over say so, but only once it is over", () => {
    const posted = shown(final("a"), final("b"), draft("c …"));
    expect(nextPaint(posted, [draft("x …")])).toMatchObject({ index: 0, page: draft("x …") });
    expect(nextPaint(shown(draft("x …"), final("b")), [draft("x …")])).toBeUndefined();
    expect(nextPaint(shown(final("x"), final("b")), [final("x")])).toEqual({
      kind: "edit",
      index: 1,
      id: id(1),
      page: final(aside(LEFT_OVER)),
    });
    expect(isSettled(shown(final("x"), final(aside(LEFT_OVER))), [final("x")])).toBe(true);
  });

  test("a reply that wants nothing leaves alone what is shown", () => {
    expect(nextPaint(shown(draft("a …")), [])).toBeUndefined();
  });
});
