import type { Message } from "../chat/message.ts";
import type { Page } from "../chat/platform.ts";
import { ANSWER_IS_THERE } from "./notice.ts";
import type { Paint } from "./edits.ts";
import type { Reply } from "./reply.ts";

/** The number of a reply's nudge among its pages, which count from 0: it is none of the text's. */
export const NUDGE = -1;

/** What a nudge depends on. Times in milliseconds. */
export interface Wait {
  readonly question: Message;
  /** From the question to the whole answer on screen. */
  readonly tookMs: number;
  /** Who waited longer than this gets a nudge. Absent: nobody does. */
  readonly afterMs: number | undefined;
}

/**
 * Whether the asker is told that the answer is complete, since edits mark nothing as unread and whoever waited has looked away. Of an answer
 * that was stopped they know, one that failed is none, and a bot needs no telling.
 */
export function deservesNudge({ phase }: Reply, { question, tookMs, afterMs }: Wait): boolean {
  return phase === "done" && question.author.kind === "person" && afterMs !== undefined && tookMs > afterMs;
}

/** The nudge's paint. `link` leads to where the answer begins. */
export function nudgeTo({ author }: Message, link: string | undefined): Paint {
  const nudge = { person: author.id, ...(link !== undefined && { link }) };
  const page: Page = { text: ANSWER_IS_THERE, final: true, nudge };
  return { kind: "post", index: NUDGE, page };
}
