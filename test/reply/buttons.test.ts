import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MessageId } from "../../src/chat/place.ts";
import type { Button, Page } from "../../src/chat/platform.ts";
import { isSettled, nextPaint, type ShownPage } from "../../src/reply/edits.ts";
import type { ReplyEvent } from "../../src/reply/event.ts";
import { pagesOf, withButton } from "../../src/reply/pages.ts";
import { advance, isOver, newReply, postponed, type Reply, stopped } from "../../src/reply/reply.ts";
import { streams, tidyMarkdown, wildMarkdown } from "./arbitraries.ts";

const TURN = 7;
const stop: Button = { action: "stop", label: "Stop", turn: TURN };
const limits = { pageLength: 120 };
const plain = (reply: Reply) => pagesOf(reply, limits);
const dressed = (reply: Reply) => withButton(plain(reply), reply, TURN);
const events = streams(fc.oneof(wildMarkdown, tidyMarkdown(8)));

/** What a platform shows, and every paint that led to it. */
function platform() {
  const pages: ShownPage[] = [];
  const paints: Page[] = [];
  return {
    pages,
    paints,
    /** Paints what is wanted, at most so many times. */
    paint(wanted: readonly Page[], most: number) {
      for (let count = 0; count < most; count += 1) {
        const next = nextPaint(pages, wanted);
        if (!next) return;
        const { index, page } = next;
        expect(pages[index]?.final && page.final).not.toBe(true);
        pages[index] = { id: `m${index}` as MessageId, ...page };
        paints.push(page);
      }
    },
  };
}

/** The reply after each of its events, and its pages without a button. */
function states(list: readonly ReplyEvent[]) {
  let reply = newReply();
  return list.map((event) => {
    reply = advance(reply, event);
    return { reply, pages: plain(reply) };
  });
}

/** What is wanted after each event, and in the end; between two of them as many paints are made as `asked` says. */
function play(wishes: readonly (readonly Page[])[], asked: Iterator<number>) {
  const shown = platform();
  for (const wanted of wishes) shown.paint(wanted, Number(asked.next().value));
  const wanted = wishes.at(-1) ?? [];
  shown.paint(wanted, 2 * wanted.length);
  return { ...shown, wanted };
}

describe("withButton", () => {
  test("only the last page has one, and only while it may change", () => {
    let drafts = 0;
    fc.assert(
      fc.property(events, (list) => {
        for (const { reply, pages: bare } of states(list)) {
          const pages = withButton(bare, reply, TURN);
          expect(pages.map(({ text, written, final }) => ({ text, written, final }))).toEqual(
            bare.map(({ text, written, final }) => ({ text, written, final })),
          );
          const last = pages.at(-1);
          expect(last?.buttons).toEqual(last && !last.final ? [stop] : undefined);
          expect(pages.slice(0, -1).every(({ buttons }) => buttons === undefined)).toBe(true);
          drafts += Number(last?.final === false && pages.length > 2);
        }
      }),
      { numRuns: 200 },
    );
    expect(drafts).toBeGreaterThan(500);
  });

  test("a stopped reply has none, and the page of a postponed one offers the answer", () => {
    const begun = advance(newReply(), { kind: "text", delta: "Once upon" });
    expect(dressed(stopped(begun))).toEqual([
      { text: "Once upon\n\n_The answer stops here: I was stopped._", final: true },
    ]);
    expect(dressed(postponed(3 * 3_600_000))).toEqual([
      {
        text: "_This was asked while I was away, 3 hours ago._",
        final: false,
        buttons: [{ action: "answer", label: "Answer now", turn: TURN }],
      },
    ]);
  });
});

describe("nextPaint", () => {
  test("leads to the buttons that are wanted, and asks for no call that it would not make without them", () => {
    const often = fc.array(fc.constantFrom(0, 1, 2, 3), { minLength: 200, maxLength: 200 });
    let paints = 0;
    let withStop = 0;
    fc.assert(
      fc.property(events, often, (list, asked) => {
        const all = states(list);
        const bare = play(
          all.map(({ pages }) => pages),
          asked.values(),
        );
        const full = play(
          all.map(({ pages, reply }) => withButton(pages, reply, TURN)),
          asked.values(),
        );
        const { reply = newReply() } = all.at(-1) ?? {};
        expect(full.pages.map(({ buttons }) => buttons)).toEqual(full.wanted.map(({ buttons }) => buttons));
        expect(isSettled(full.pages, full.wanted)).toBe(true);
        if (isOver(reply)) expect(full.pages.every(({ buttons }) => buttons === undefined)).toBe(true);
        expect(full.paints.map(({ text, final }) => [text, final])).toEqual(
          bare.paints.map(({ text, final }) => [text, final]),
        );
        paints += full.paints.length;
        withStop += full.paints.filter(({ buttons }) => buttons).length;
      }),
      { numRuns: 250 },
    );
    expect(paints).toBeGreaterThan(1_500);
    expect(withStop).toBeGreaterThan(150);
  });

  const at = (page: Page): ShownPage => ({ id: "m0" as MessageId, ...page });
  const draft: Page = { text: "a", final: false };
  const kinds: readonly (readonly [string, Page, Page, boolean])[] = [
    ["a button that is shown", { ...draft, buttons: [stop] }, { ...draft, buttons: [stop] }, false],
    ["a button that is to come", draft, { ...draft, buttons: [stop] }, true],
    ["a button that is to go", { ...draft, buttons: [stop] }, draft, true],
    ["none, in two ways", { ...draft, buttons: [] }, draft, false],
    ["another turn's", { ...draft, buttons: [stop] }, { ...draft, buttons: [{ ...stop, turn: 8 }] }, true],
    [
      "another action",
      { ...draft, buttons: [stop] },
      { ...draft, buttons: [{ ...stop, action: "answer" }] },
      true,
    ],
    [
      "another word",
      { ...draft, buttons: [stop] },
      { ...draft, buttons: [{ ...stop, label: "Halt" }] },
      true,
    ],
    ["one more", { ...draft, buttons: [stop] }, { ...draft, buttons: [stop, stop] }, true],
  ];
  test.each(kinds)("%s", (_, shown, wanted, isPainted) => {
    const paint = nextPaint([at(shown)], [wanted]);
    expect(paint !== undefined).toBe(isPainted);
    if (paint) expect(paint).toMatchObject({ kind: "edit", index: 0, page: wanted });
  });

  test("a page that turns final loses its button with the same paint", () => {
    const paint = nextPaint([at({ ...draft, buttons: [stop] })], [{ text: "a", final: true }]);
    expect(paint?.page).toEqual({ text: "a", final: true });
  });
});
