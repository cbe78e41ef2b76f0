import type { Button, Page } from "../chat/platform.ts";
import { draftOf } from "./drafts.ts";
import type { PageLimits } from "./measure.ts";
import { aside } from "./notice.ts";
import { type Cut, FIRST_PAGE, nextCut, type PageStart, shownAt, textOf } from "./paginate.ts";
import { isOver, type Reply } from "./reply.ts";
import { isBlank } from "./text.ts";

/** Pages one reply while it grows. What a delta costs does not depend on how much came before it. */
export interface Pager {
  /**
   * What should be shown of the reply now. All pages but the last are final; the last is when the reply is over, and else a
   * draft, with a mark at its end. No page is shown before it has something to read. The number of pages never shrinks.
   * The page of a postponed reply is whole, and is replaced when it is answered after all.
   * A reply that goes on from the last one is taken up where that was left; any other is read anew.
   */
  pagesOf(reply: Reply): readonly Page[];
}

/** `createPager` for a reply that is looked at once. */
export function pagesOf(reply: Reply, limits: PageLimits): readonly Page[] {
  return createPager(limits).pagesOf(reply);
}

/** What has been cut for good of preface and text, and where the last page begins. */
interface Settled {
  readonly pages: Page[];
  start: PageStart;
  at: number;
  /** What the newest settled page holds of the text: what is not the same reply, grown, differs there. */
  body: string;
}

const nothingSettled = (): Settled => ({ pages: [], start: FIRST_PAGE, at: 0, body: "" });

export function createPager(limits: PageLimits): Pager {
  let preface: string | undefined;
  let length = 0;
  let settled = nothingSettled();
  return {
    pagesOf: (reply) => {
      if (isBlank(reply.text) && reply.notice === undefined) return [];
      const told = toldBy(reply);
      const goesOn = reply.preface === preface && reply.text.length >= length;
      if (!goesOn || told(settled.at - settled.body.length, settled.at) !== settled.body)
        settled = nothingSettled();
      ({ preface } = reply);
      ({ length } = reply.text);
      const last = settle(settled, told(settled.at), limits);
      if (reply.notice === undefined) return shown(settled.pages, last, reply);
      // The notice is no part of what goes on: another state of the reply may have another.
      const noticed = { ...settled, pages: [...settled.pages] };
      return shown(noticed.pages, settle(noticed, withNotice(last, reply.notice), limits), reply);
    },
  };
}

/** A part of preface and text. No longer text is put together for it than that of a page or two. */
function toldBy({ preface, text }: Reply): (from: number, to?: number) => string {
  const before = preface === undefined ? "" : `${aside(preface)}\n\n`;
  if (before === "") return isBlank(text) ? () => "" : (from, to) => text.slice(from, to);
  return (from, to) => {
    const end = to === undefined ? undefined : Math.max(0, to - before.length);
    return before.slice(from, to) + text.slice(Math.max(0, from - before.length), end);
  };
}

/** Cuts off all pages that `rest` fills. Returns the one that it does not. */
function settle(settled: Settled, rest: string, limits: PageLimits): Cut {
  for (let left = rest; ;) {
    const { cut, next, isLast } = nextCut(settled.start, left, limits);
    settled.start = next;
    if (isLast) return cut;
    left = left.slice(cut.body.length);
    settled.at += cut.body.length;
    settled.body = cut.body;
    const text = textOf(cut);
    if (!isBlank(text)) settled.pages.push({ text, final: true });
  }
}

/** The last page's text and the notice: in a paragraph of its own, outside of a fence that the model left open. */
function withNotice({ body, tail }: Cut, notice: string): string {
  const closed = body + tail;
  const gap = closed === "" || closed.endsWith("\n\n") ? "" : closed.endsWith("\n") ? "\n" : "\n\n";
  return closed + gap + aside(notice);
}

function shown(settled: readonly Page[], last: Cut, reply: Reply): readonly Page[] {
  const page = isOver(reply) ? { text: textOf(last), final: true } : draftAt(last);
  const pages = isBlank(page.text) ? settled : [...settled, page];
  return reply.phase === "postponed" ? pages.map((page) => ({ ...page, final: false })) : pages;
}

function draftAt(cut: Cut): Page {
  const { text, written } = draftOf(cut);
  return { text: shownAt(cut, text), written: shownAt(cut, written), final: false };
}

/** The pages with what people can do about them: the last one carries a button while it may change. */
export function withButton(pages: readonly Page[], { phase }: Reply, turn: number): readonly Page[] {
  const last = pages.at(-1);
  if (!last || last.final) return pages;
  const button: Button =
    phase === "postponed"
      ? { action: "answer", label: "Answer now", turn }
      : { action: "stop", label: "Stop", turn };
  return [...pages.slice(0, -1), { ...last, buttons: [button] }];
}
