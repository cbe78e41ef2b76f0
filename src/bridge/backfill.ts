import type { Message } from "../chat/message.ts";
import type { Platform } from "../chat/platform.ts";
import { PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { modelInput } from "../reply/input.ts";
import { isBlank } from "../reply/text.ts";
import type { Claim } from "../store/mailbox.ts";
import type { Store } from "../store/store.ts";
import type { Telnyx } from "../telnyx/telnyx.ts";
import type { LinkedConversation } from "./conversations.ts";
import { stableUuid } from "./keys.ts";

/** How many earlier messages the model is given at the most when it is called into a place. The newest ones count most. */
const HISTORY_LIMIT = 50;

export interface BackfillDeps {
  readonly store: Store;
  readonly telnyx: Telnyx;
  readonly log: Log;
}

/**
 * Adds what was said in the place before the question, and what the model was not given yet, to the conversation, each
 * message once: its idempotency key is made from the conversation and the message, so a repeat after a crash adds nothing.
 * True when nothing is left out. The platform refusing its history is no reason not to answer. Throws `TelnyxError`.
 */
export async function addUnseen(
  deps: BackfillDeps,
  work: {
    readonly platform: Platform;
    readonly question: Message;
    readonly claim: Claim;
    readonly conversation: LinkedConversation;
  },
  signal: AbortSignal,
): Promise<boolean> {
  const { question, claim, conversation } = work;
  if (!mayHaveUnseen(conversation, question)) return true;
  const said = await readHistory(deps.log, work);
  if (!said) return false;

  const relevant = said.filter((message) => isNews(message, conversation));
  const known = await deps.store.heard(
    question.place,
    conversation.generation,
    relevant.map(({ key }) => key),
  );
  for (const message of relevant) {
    if (known.has(message.key)) continue;
    const added = {
      role: message.author.kind === "self" ? ("assistant" as const) : ("user" as const),
      content: modelInput(message),
      sentAt: new Date(message.sentAt).toISOString(),
    };
    await deps.telnyx.addMessage(
      conversation.telnyxId,
      added,
      stableUuid(conversation.telnyxId, message.key),
      signal,
    );
    await deps.store.markHeard(claim, conversation.generation, message);
  }
  return true;
}

function mayHaveUnseen({ seen, gapAt }: LinkedConversation, question: Message): boolean {
  if (!seen) return !question.call.startsPlace;
  return gapAt !== undefined && gapAt >= seen.at;
}

/**
 * The bot's own words are in the conversation already, unless nothing has been asked in it yet. Where the one before was forgotten, what was seen
 * is all that had been said until then.
 */
function isNews(message: Message, { seen, instructed }: LinkedConversation): boolean {
  if (seen && message.sentAt < seen.at) return false;
  const isUnused = seen === undefined && !instructed;
  return !isBlank(message.text) && (message.author.kind !== "self" || isUnused);
}

async function readHistory(
  log: Log,
  work: {
    readonly platform: Platform;
    readonly question: Message;
    readonly conversation: LinkedConversation;
  },
): Promise<readonly Message[] | undefined> {
  const { platform, question, conversation } = work;
  const after = conversation.seen ? { after: conversation.seen.id } : {};
  try {
    return await platform.history?.(question.place, { before: question.id, limit: HISTORY_LIMIT, ...after });
  } catch (error) {
    if (!(error instanceof PlatformRefusal)) throw error;
    log.warn(
      { place: question.place, code: error.code, err: error },
      "earlier messages could not be read; answering without them",
    );
    return undefined;
  }
}
