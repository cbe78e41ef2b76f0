import type { Button, Limits, Page } from "../chat/platform.ts";
import { draftOf } from "./drafts.ts";
import { aside } from "./notice.ts";
import { cutPages } from "./paginate.ts";
import { isOver, type Reply } from "./reply.ts";
import { isBlank } from "./text.ts";

/**
 * What should be shown of a reply now. All pages but the last are final; the last is when the reply is over, and else a
 * draft, with a mark at its end. No page is shown before it has something to read. The number of pages never shrinks.
 * The page of a postponed reply is whole, and is replaced when it is answered after all.
 */
export function pagesOf(reply: Reply, limits: Pick<Limits, "pageLength">): Page[] {
  if (isBlank(reply.text) && reply.notice === undefined) return [];
  const cuts = cutPages(wholeText(reply, limits.pageLength), limits.pageLength);
  const last = cuts.length - 1;
  return cuts
    .map((cut, index) => {
      const whole = index < last || isOver(reply);
      const final = whole && reply.phase !== "postponed";
      return { text: whole ? cut.head + cut.body + cut.tail : draftOf(cut), final };
    })
    .filter((page) => !isBlank(page.text));
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

/** Preface, text and notice: the notice in a paragraph of its own, outside of a fence that the model left open. */
function wholeText({ preface, text, notice }: Reply, limit: number): string {
  const told = preface === undefined ? text : `${aside(preface)}\n\n${text}`;
  if (notice === undefined) return told;
  if (isBlank(told)) return aside(notice);
  const closed = told + (cutPages(told, limit).at(-1)?.tail ?? "");
  const gap = closed.endsWith("\n\n") ? "" : closed.endsWith("\n") ? "\n" : "\n\n";
  return closed + gap + aside(notice);
}
