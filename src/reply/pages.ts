import type { Button, Page } from "../chat/platform.ts";
import { draftOf } from "./drafts.ts";
import { readLines, reopening } from "./fences.ts";
import { type EndedCode, filePage, hasEnded, type LongCode, longCode, noteOn, readOn } from "./long-code.ts";
import { type PageLimits, withoutFiles } from "./measure.ts";
import { aside } from "./notice.ts";
import {
  type Cut,
  FIRST_PAGE,
  leftOn,
  type NextCut,
  nextCut,
  type PageStart,
  shownAt,
  textOf,
} from "./paginate.ts";
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
  /** How many units the last page of the reply that was paged last may still grow by, at the most. Infinity: no page grows. */
  left(): number;
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
  /** The end of what is settled, as it is in the text: what is not the same reply, grown, differs there. */
  body: string;
  /** The last page, when it shows the first lines of a block that goes on and will be a file. */
  held: { readonly cut: Cut; readonly code: LongCode } | undefined;
  files: number;
  /** Only a file and blank lines are right above, which begin no page. */
  isBelowFile: boolean;
}

const nothingSettled = (): Settled => ({
  pages: [],
  start: FIRST_PAGE,
  at: 0,
  body: "",
  held: undefined,
  files: 0,
  isBelowFile: false,
});

/** `mostFiles`: the platform took so many files of this reply, and refused the next one. */
export function createPager(limits: PageLimits, mostFiles = Infinity): Pager {
  let preface: string | undefined;
  let length = 0;
  let settled = nothingSettled();
  let growing: Cut | undefined;
  return {
    left: () => (growing ? leftOn(growing, limits) : Infinity),
    pagesOf: (reply) => {
      growing = undefined;
      if (isBlank(reply.text) && reply.notice === undefined) return [];
      const told = toldBy(reply);
      const goesOn = reply.preface === preface && reply.text.length >= length;
      if (!goesOn || told(settled.at - settled.body.length, settled.at) !== settled.body)
        settled = nothingSettled();
      ({ preface } = reply);
      ({ length } = reply.text);
      if (!isOver(reply)) {
        const last = settle(settled, { told, limits, mostFiles });
        if (!settled.held) growing = last;
        return shown(settled, last, reply);
      }
      // What an end brings is no part of what goes on: another state of the reply may have another.
      const ended = { ...settled, pages: [...settled.pages] };
      const last = settle(ended, { told, limits, mostFiles, isWhole: true });
      if (reply.notice === undefined) return shown(ended, last, reply);
      const noticed = withNotice(last, reply.notice);
      const only = { told: (from: number) => noticed.slice(from), limits, mostFiles: 0 };
      const behind = { ...ended, at: 0 };
      return shown(behind, settle(behind, only), reply);
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

interface Source {
  /** A part of what is to be shown. */
  readonly told: (from: number, to?: number) => string;
  readonly limits: PageLimits;
  readonly mostFiles: number;
  /** No more will come. */
  readonly isWhole?: boolean;
}

/** Cuts off all pages that are full. Returns the one that is not. */
function settle(settled: Settled, source: Source): Cut {
  const { told, limits, mostFiles } = source;
  for (let left = told(settled.at); ;) {
    if (settled.held) {
      if (!endHeld(settled, settled.held, source)) return settled.held.cut;
      left = told(settled.at);
    }
    if (settled.isBelowFile) left = left.slice(skipBlankLines(settled, left));
    const mayBeFile = settled.files < mostFiles;
    const found = nextCut(settled.start, left, mayBeFile ? limits : withoutFiles(limits));
    settled.start = found.next;
    if (found.isLast) return found.cut;
    left = left.slice(found.cut.body.length);
    settled.at += found.cut.body.length;
    settled.body = found.cut.body;
    if (found.isLong) settled.held = held(found, settled.at, told);
    else push(settled, { text: textOf(found.cut), final: true });
  }
}

const BLANK_LINES = /^(?:[ \t]*\n)+/;

/** Goes on behind the blank lines that have come. Returns how long they are. */
function skipBlankLines(settled: Settled, ahead: string): number {
  const [blank = ""] = BLANK_LINES.exec(ahead) ?? [];
  settled.at += blank.length;
  settled.body += blank;
  settled.isBelowFile = isBlank(ahead.slice(blank.length));
  return blank.length;
}

function push(settled: Settled, ...pages: readonly Page[]): void {
  settled.pages.push(...pages.filter(({ text }) => !isBlank(text)));
}

/** `at` is where the page ends. */
function held({ cut, next }: NextCut, at: number, told: Source["told"]): Settled["held"] {
  const { code } = next;
  const shownFence = readLines(cut.head + cut.body).at(-1)?.after;
  if (!code || !shownFence) return undefined;
  const from = at - code.length;
  return { cut, code: longCode({ fence: code.fence, shown: shownFence }, from, told(from, at)) };
}

/** So much of what is behind settled pages tells whether it is still the same text. */
const REMEMBERED = 1_000;

/** Reads on in the block that is held; when it has ended, its page and its file are settled. */
function endHeld(settled: Settled, { cut, code }: NonNullable<Settled["held"]>, source: Source): boolean {
  const { told, limits, isWhole = false } = source;
  const maxLength = limits.files?.maxLength ?? Infinity;
  const read = readOn(code, told(code.end), { isWhole, maxLength });
  settled.held = { cut, code: read };
  if (!hasEnded(read)) return false;
  settled.files += 1;
  const page = filePage(read, told(read.at, read.end), settled.files);
  push(settled, { text: textOf(cut) + noteOn(read, page.file), final: true }, page);
  settled.held = undefined;
  settled.at = read.next;
  settled.body = told(Math.max(0, read.next - REMEMBERED), read.next);
  settled.start = startBehind(settled.start, read);
  settled.isBelowFile = !read.goesOn;
  return true;
}

/** The start of the page behind a file. */
function startBehind({ inList }: PageStart, { fence, shown, goesOn }: EndedCode): PageStart {
  const start = { ...FIRST_PAGE, inList: inList && ("line" as const) };
  if (!goesOn) return start;
  return { ...start, head: reopening(shown, false), code: { fence, pages: 0, length: 0 } };
}

/** The last page's text and the notice: in a paragraph of its own, outside of a fence that the model left open. */
function withNotice({ body, tail }: Cut, notice: string): string {
  const closed = body + tail;
  const gap = closed === "" || closed.endsWith("\n\n") ? "" : closed.endsWith("\n") ? "\n" : "\n\n";
  return closed + gap + aside(notice);
}

function shown({ pages: settled, held }: Settled, last: Cut, reply: Reply): readonly Page[] {
  const page = held ? heldAt(last, held.code) : lastAt(last, reply);
  const pages = isBlank(page.text) ? settled : [...settled, page];
  return reply.phase === "postponed" ? pages.map((page) => ({ ...page, final: false })) : pages;
}

const lastAt = (cut: Cut, reply: Reply): Page =>
  isOver(reply) ? { text: textOf(cut), final: true } : draftAt(cut);

function draftAt(cut: Cut): Page {
  const { text, written } = draftOf(cut);
  return { text: shownAt(cut, text), written: shownAt(cut, written), final: false };
}

/** The last page that shows some of a block which goes on. */
function heldAt(cut: Cut, code: LongCode): Page {
  const text = textOf(cut);
  return { text: text + noteOn(code, undefined), written: text, final: false };
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
