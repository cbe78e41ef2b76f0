import type { Message } from "../chat/message.ts";
import type { MessageId } from "../chat/place.ts";
import type { Platform } from "../chat/platform.ts";
import { PlatformRefusal } from "../errors.ts";
import type { Paint, ShownPage } from "../reply/edits.ts";
import { NUDGE } from "../reply/nudge.ts";
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
  /** What became of the nudge: about to be posted, perhaps by an earlier run, or posted. */
  readonly nudge: "intended" | "posted" | undefined;
  /** Posts or edits one page. Throws `PlatformRefusal`; then `shown` is as it was. */
  paint(paint: Paint): Promise<void>;
}

const mayBeDone = (error: unknown) => !(error instanceof PlatformRefusal) || error.kind === "unavailable";

export function createPainter(platform: Platform, question: Message, ledger: Ledger): Painter {
  const pages = ledger.pages.filter(({ index }) => index !== NUDGE);
  const earlier = ledger.pages.find(({ index }) => index === NUDGE);
  let nudge: Painter["nudge"] = earlier && (earlier.id === undefined ? "intended" : "posted");
  const shown: ShownPage[] = pages.flatMap(({ id }) =>
    id === undefined ? [] : [{ id, text: undefined, final: false }],
  );
  const post = createPoster(platform, question, ledger);

  return {
    shown,
    get begun() {
      return Math.max(shown.length, pages.length);
    },
    get nudge() {
      return nudge;
    },
    async paint(paint) {
      if (paint.index === NUDGE) {
        nudge = "intended";
        await post(NUDGE, paint.page, shown.at(-1));
        nudge = "posted";
      } else if (paint.kind === "post") {
        shown[paint.index] = await post(paint.index, paint.page, shown[paint.index - 1]);
      } else {
        await platform.edit(question.place, paint.id, paint.page);
        shown[paint.index] = { id: paint.id, ...paint.page };
      }
    },
  };
}

/** Posts a page behind the one before, having stored that it will, and stores that it has. */
function createPoster(platform: Platform, question: Message, ledger: Ledger) {
  const intended = new Set(ledger.pages.map(({ index }) => index));
  const unsure = new Set<number>();
  return async (index: number, page: Paint["page"], before?: ShownPage): Promise<ShownPage> => {
    const repeated = intended.has(index);
    // What an earlier attempt may have posted, with an older text, is found again by its key: then what is shown is not known.
    const known = !repeated && !unsure.has(index);
    if (!repeated) await ledger.intend(index);
    const first = index === 0 ? { replyTo: question.id } : {};
    const key = {
      ...pageKey({ id: ledger.turn, message: question }, index, repeated),
      asker: question.author.id,
      ...(before ? { after: before.id } : {}),
    };
    const id = await platform.post(question.place, { ...page, ...first }, key).catch((error: unknown) => {
      if (mayBeDone(error)) unsure.add(index);
      throw error;
    });
    await ledger.posted(index, id);
    return known ? { id, ...page } : { id, text: undefined, final: false };
  };
}
