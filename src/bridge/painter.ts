import type { Message } from "../chat/message.ts";
import type { MessageId } from "../chat/place.ts";
import type { Platform } from "../chat/platform.ts";
import { PlatformRefusal } from "../errors.ts";
import type { Paint, ShownPage } from "../reply/edits.ts";
import { pageKey } from "./keys.ts";

/** What is kept of a reply while it is shown. Each is stored before the effect that it describes. */
export interface Ledger {
  readonly turn: number;
  /** Pages that an earlier run of this turn intended (no id) or posted: what they show is not known. */
  readonly pages: readonly { readonly index: number; readonly id?: MessageId }[];
  checkpoint(text: string): Promise<void>;
  /** Asked before a paint that nothing is stored for: rejects when another process has the turn now. */
  confirm(): Promise<void>;
  intend(page: number): Promise<void>;
  posted(page: number, id: MessageId): Promise<void>;
}

/** Carries out single paints, and knows what is shown. */
export interface Painter {
  readonly shown: readonly ShownPage[];
  /** How many pages may stand: those that are shown, and one that an earlier run may have posted without hearing of it. */
  readonly begun: number;
  /** Posts or edits one page. Throws `PlatformRefusal`; then `shown` is as it was. */
  paint(paint: Paint): Promise<void>;
}

const mayBeDone = (error: unknown) => !(error instanceof PlatformRefusal) || error.kind === "unavailable";

export function createPainter(platform: Platform, question: Message, ledger: Ledger): Painter {
  const shown: ShownPage[] = ledger.pages.flatMap(({ id }) =>
    id === undefined ? [] : [{ id, text: undefined, final: false }],
  );
  const intended = new Set(ledger.pages.map(({ index }) => index));
  const unsure = new Set<number>();

  const post = async (index: number, page: Paint["page"]): Promise<ShownPage> => {
    const repeated = intended.has(index);
    // What an earlier attempt may have posted, with an older text, is found again by its key: then what is shown is not known.
    const known = !repeated && !unsure.has(index);
    if (!repeated) await ledger.intend(index);
    const first = index === 0 ? { replyTo: question.id } : {};
    const before = shown[index - 1];
    const key = {
      ...pageKey({ id: ledger.turn, message: question }, index, repeated),
      ...(before ? { after: before.id } : {}),
    };
    const id = await platform.post(question.place, { ...page, ...first }, key).catch((error: unknown) => {
      if (mayBeDone(error)) unsure.add(index);
      throw error;
    });
    await ledger.posted(index, id);
    return known ? { id, ...page } : { id, text: undefined, final: false };
  };

  return {
    shown,
    get begun() {
      return Math.max(shown.length, ledger.pages.length);
    },
    async paint(paint) {
      if (paint.kind === "post") {
        shown[paint.index] = await post(paint.index, paint.page);
      } else {
        await platform.edit(question.place, paint.id, paint.page);
        shown[paint.index] = { id: paint.id, ...paint.page };
      }
    },
  };
}
