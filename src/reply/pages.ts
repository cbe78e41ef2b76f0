import type { Limits, Page } from "../chat/platform.ts";
import { draftOf } from "./drafts.ts";
import { aside } from "./notice.ts";
import { cutPages } from "./paginate.ts";
import { isOver, type Reply } from "./reply.ts";
import { isBlank } from "./text.ts";

/**
 * What should be shown of a reply now. All pages but the last are final; the last is when the reply is over, and else a
 * draft, with a mark at its end. No page is shown before it has something to read. The number of pages never shrinks.
 */
export function pagesOf(reply: Reply, limits: Pick<Limits, "pageLength">): Page[] {
  if (isBlank(reply.text) && reply.notice === undefined) return [];
  const cuts = cutPages(wholeText(reply, limits.pageLength), limits.pageLength);
  const last = cuts.length - 1;
  return cuts
    .map((cut, index) => {
      const final = index < last || isOver(reply);
      return { text: final ? cut.head + cut.body + cut.tail : draftOf(cut), final };
    })
    .filter((page) => !isBlank(page.text));
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
