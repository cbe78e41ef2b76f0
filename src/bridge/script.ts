import type { Limits, Page, ToolUse } from "../chat/platform.ts";
import type { Paint } from "../reply/edits.ts";
import type { PageLimits } from "../reply/measure.ts";
import { aside, NOT_ACCEPTED } from "../reply/notice.ts";
import { createPager, withButton } from "../reply/pages.ts";
import { isOver, type Reply } from "../reply/reply.ts";

/** What one reply's pages should be, given what the platform will not take of them. */
export interface Script {
  pagesOf(reply: Reply): readonly Page[];
  /** As `Pager.left`. */
  left(): number;
  /**
   * The platform rejected this paint for what it says. A draft then waits until its page is whole; a whole page gives way to a
   * sentence that says so, and a file to the pages that it was in place of. False: that was the sentence.
   */
  without(paint: Paint): boolean;
}

export function createScript(limits: PageLimits & Pick<Limits, "tools">, turn: number): Script {
  let pager = createPager(limits);
  let pages: readonly Page[] = [];
  const tools = createToolbox();
  const rejected = new Map<number, "draft" | "whole">();
  let ended = false;
  return {
    left: () => pager.left(),
    pagesOf: (reply) => {
      ended = isOver(reply);
      const plain = pager.pagesOf(reply);
      pages = limits.tools ? tools.on(plain, reply) : plain;
      if (rejected.size === 0) return withButton(pages, reply, turn);
      const accepted = pages
        .map((page, index) =>
          rejected.get(index) === "whole" ? { ...page, text: aside(NOT_ACCEPTED) } : page,
        )
        .filter((page, index) => page.final || ended || !rejected.has(index));
      return withButton(accepted, reply, turn);
    },
    without: ({ index, page }) => {
      if (page.file) {
        // What it would have held is shown on pages after all; files that stand already stay.
        pager = createPager(limits, pages.slice(0, index).filter(({ file }) => file).length);
        return true;
      }
      if (rejected.get(index) === "whole") return false;
      rejected.set(index, page.final || ended ? "whole" : "draft");
      return true;
    },
  };
}

/** What is shown of a reply that has called tools and said nothing yet. */
const WORDLESS: Page = { text: "", written: "", final: false };

/** Which page each tool is shown on: the one that was written when it was called. There it stays. */
function createToolbox() {
  const pageOf = new Map<string, number>();
  const done = new Set<string>();
  return {
    on: (written: readonly Page[], { tools, phase }: Reply): readonly Page[] => {
      const pages = written.length === 0 && tools.length > 0 ? [WORDLESS] : written;
      const last = pages.length - 1;
      for (const [index, { id }] of tools.entries()) {
        if (last >= 0 && !pageOf.has(id)) pageOf.set(id, last);
        if (index < tools.length - 1 || phase !== "thinking") done.add(id);
      }
      return pages.map((page, index) => {
        const shown = tools
          .filter(({ id }) => pageOf.get(id) === index)
          .map(({ id, name }): ToolUse => ({ id, name, isDone: page.final || done.has(id) }));
        return shown.length > 0 ? { ...page, tools: shown } : page;
      });
    },
  };
}
