import type { Page } from "../chat/platform.ts";
import type { Paint } from "../reply/edits.ts";
import type { PageLimits } from "../reply/measure.ts";
import { aside, NOT_ACCEPTED } from "../reply/notice.ts";
import { createPager, withButton } from "../reply/pages.ts";
import { isOver, type Reply } from "../reply/reply.ts";

/** What one reply's pages should be, given what the platform will not take of them. */
export interface Script {
  pagesOf(reply: Reply): readonly Page[];
  /**
   * The platform rejected this paint for what it says. A draft then waits until its page is whole; a whole page gives way to a
   * sentence that says so. False: that was the sentence.
   */
  without(paint: Paint): boolean;
}

export function createScript(limits: PageLimits, turn: number): Script {
  const pager = createPager(limits);
  const rejected = new Map<number, "draft" | "whole">();
  let ended = false;
  return {
    pagesOf: (reply) => {
      ended = isOver(reply);
      const pages = pager.pagesOf(reply);
      if (rejected.size === 0) return withButton(pages, reply, turn);
      const accepted = pages
        .map((page, index) =>
          rejected.get(index) === "whole" ? { ...page, text: aside(NOT_ACCEPTED) } : page,
        )
        .filter((page, index) => page.final || ended || !rejected.has(index));
      return withButton(accepted, reply, turn);
    },
    without: ({ index, page }) => {
      if (rejected.get(index) === "whole") return false;
      rejected.set(index, page.final || ended ? "whole" : "draft");
      return true;
    },
  };
}
