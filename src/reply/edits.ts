import type { MessageId } from "../chat/place.ts";
import type { Button, Page, PageFile, ToolUse } from "../chat/platform.ts";
import { aside, LEFT_OVER } from "./notice.ts";

/** A page as the platform has it now. After a restart what it shows is not known. */
export interface ShownPage {
  readonly id: MessageId;
  readonly text: string | undefined;
  readonly final: boolean;
  readonly buttons?: readonly Button[];
  readonly tools?: readonly ToolUse[];
  readonly file?: PageFile;
}

/** One call to the platform that brings what is shown nearer to what is wanted. `index` counts the reply's pages from 0. */
export type Paint =
  | { readonly kind: "post"; readonly index: number; readonly page: Page }
  | { readonly kind: "edit"; readonly index: number; readonly id: MessageId; readonly page: Page };

/**
 * The first page, in order, that is not shown as it is wanted: so a page is posted only after all before
 * it are shown as wanted, and a reader never sees a hole. `begun` counts the pages that may stand, though no more than
 * `shown` are known to. Undefined when there is nothing to do.
 */
export function nextPaint(
  shown: readonly ShownPage[],
  wanted: readonly Page[],
  begun = shown.length,
): Paint | undefined {
  for (const [index, page] of withLeftOvers(wanted, begun).entries()) {
    const now = shown[index];
    if (now === undefined) return { kind: "post", index, page };
    if (!isShown(now, page)) return { kind: "edit", index, id: now.id, page };
  }
  return undefined;
}

/** Everything wanted is shown. */
export function isSettled(shown: readonly ShownPage[], wanted: readonly Page[]): boolean {
  return nextPaint(shown, wanted) === undefined;
}

/**
 * That a page is final is part of what the platform must be told, because some (a Slack stream) close the
 * message at that point. So the same text is painted once more if it turned final; a draft never is, but for its buttons.
 */
function isShown(now: ShownPage, page: Page): boolean {
  return (
    now.file?.name === page.file?.name &&
    now.text === page.text &&
    (now.final || !page.final) &&
    hasButtons(now, page.buttons ?? []) &&
    hasTools(now, page.tools ?? [])
  );
}

function hasTools({ tools = [] }: ShownPage, wanted: readonly ToolUse[]): boolean {
  const isSame = ({ id, isDone }: ToolUse, other?: ToolUse) => id === other?.id && isDone === other.isDone;
  return tools.length === wanted.length && tools.every((tool, index) => isSame(tool, wanted[index]));
}

function hasButtons({ buttons = [] }: ShownPage, wanted: readonly Button[]): boolean {
  return (
    buttons.length === wanted.length &&
    buttons.every(({ action, label, turn }, index) => {
      const other = wanted[index];
      return action === other?.action && label === other.label && turn === other.turn;
    })
  );
}

/**
 * A reply that was begun anew after a crash can be shorter than what was posted for it. Once it is over, the
 * pages that are left say so: a page cannot be taken back.
 */
function withLeftOvers(wanted: readonly Page[], begun: number): readonly Page[] {
  if (begun <= wanted.length || wanted.at(-1)?.final !== true) return wanted;
  const leftOver: Page = { text: aside(LEFT_OVER), final: true };
  return [...wanted, ...Array.from({ length: begun - wanted.length }, () => leftOver)];
}
