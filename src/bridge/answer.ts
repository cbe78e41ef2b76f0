import type { Message } from "../chat/message.ts";
import type { Platform } from "../chat/platform.ts";
import type { Log } from "../log.ts";
import type { Failed, FailureReason } from "../reply/event.ts";
import { instructionsFor, modelInput } from "../reply/input.ts";
import { NEW_CONVERSATION } from "../reply/notice.ts";
import { advance, isOver, newReply, type Reply } from "../reply/reply.ts";
import type { Claim, Turn } from "../store/mailbox.ts";
import type { Conversation } from "../store/store.ts";
import { type ResponseRequest, TelnyxError } from "../telnyx/telnyx.ts";
import { addUnseen, type BackfillDeps } from "./backfill.ts";
import { type ConversationDeps, type LinkedConversation, openConversation } from "./conversations.ts";
import { type Fate, findFate, type Sent } from "./recovery.ts";

/** How the bot behaves where the question was asked. */
export interface Behaviour {
  readonly name: string;
  readonly model: string;
  readonly instructions: string;
}

export interface AnswerDeps extends ConversationDeps, BackfillDeps {
  readonly behaviourIn: (message: Message) => Behaviour;
  readonly log: Log;
}

export interface AnswerWork {
  readonly turn: Turn;
  readonly claim: Claim;
  readonly platform: Platform;
  /** Called with every state of the reply but the last. */
  readonly show: (reply: Reply) => void;
}

export interface Answer {
  /** Ended: done, failed or stopped. */
  readonly reply: Reply;
  /** Where it was asked. Absent when it did not get so far. */
  readonly conversation?: Conversation;
  /** The model was given everything that was said before the question. */
  readonly gapless: boolean;
  /** Telnyx took the request, and the instructions with it, whatever became of it then. */
  readonly accepted: boolean;
}

/**
 * Gets the turn's answer from Telnyx, whatever is known of it already. Every failure of Telnyx's is a reply that says so;
 * what it throws is the store's (fenced, disk) or the signal's.
 */
export async function answer(deps: AnswerDeps, work: AnswerWork, signal: AbortSignal): Promise<Answer> {
  let gone: Conversation | undefined;
  for (;;) {
    let conversation: LinkedConversation | undefined;
    try {
      conversation = await openConversation(deps, { ...work, ...(gone && { after: gone }) }, signal);
      const found = await resume(deps, work, conversation, signal);
      if (found) return found;
      const attempt = await ask(deps, work, conversation, signal);
      if (attempt.reply.failure?.reason !== "conversation_gone" || gone) return attempt;
    } catch (error) {
      if (!(error instanceof TelnyxError) || signal.aborted) throw error;
      if (error.reason !== "conversation_gone" || gone || !conversation) {
        return {
          reply: advance(newReply(), failedBy(error)),
          ...(conversation && { conversation }),
          gapless: false,
          accepted: false,
        };
      }
    }
    gone = conversation;
    deps.log.warn(
      { turn: work.turn.id, conversation: conversation.telnyxId },
      "the conversation is gone at Telnyx; the place starts its next one",
    );
  }
}

const failedBy = (error: TelnyxError): Failed => ({
  kind: "failed",
  reason: error.reason,
  detail: `${error.code}: ${error.message}`,
  reached: error.reached,
  ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
});

/** A new reply in this conversation. The first of a generation that follows another says so. */
export const begin = ({ generation, instructed }: Conversation) =>
  newReply(generation > 1 && !instructed ? { preface: NEW_CONVERSATION } : {});

/** An earlier run of this turn may have sent the request: if Telnyx has the answer, that is the answer. */
async function resume(
  deps: AnswerDeps,
  work: AnswerWork,
  conversation: LinkedConversation,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const { turn } = work;
  if (turn.generation !== conversation.generation || turn.input === undefined) return undefined;
  const fate = await findFate(deps, await sent(deps, turn, conversation, turn.input), signal);
  deps.log.info({ turn: turn.id, fate: fate.kind }, "an interrupted turn goes on");
  if (fate.kind !== "answered") return undefined;
  return { reply: complete(begin(conversation), fate.text), conversation, gapless: false, accepted: true };
}

/** A reply that ends well with this text. */
export const complete = (reply: Reply, text: string) =>
  advance(advance(reply, { kind: "text", delta: text }), { kind: "done" });

async function sent(
  deps: AnswerDeps,
  turn: Turn,
  conversation: LinkedConversation,
  input: string,
): Promise<Sent> {
  const earlierCopies = await deps.store.countSameInput(turn.place, conversation.generation, input, turn.id);
  return { conversation: conversation.telnyxId, input, earlierCopies };
}

async function ask(
  deps: AnswerDeps,
  work: AnswerWork,
  conversation: LinkedConversation,
  signal: AbortSignal,
): Promise<Answer> {
  const { turn, claim } = work;
  const gapless = await addUnseen(deps, { ...work, question: turn.message, conversation }, signal);
  const input = modelInput(turn.message);
  await deps.store.markCalling(claim, turn.id, {
    generation: conversation.generation,
    input,
    at: deps.clock.now(),
  });

  const first = await stream(deps, work, conversation, signal);
  if (!isLost(first.reply) || signal.aborted) return { ...first, conversation, gapless };
  const fate = await fateOrUnknown(deps, await sent(deps, turn, conversation, input), signal);
  deps.log.warn({ turn: turn.id, failure: first.reply.failure, fate }, "the answer to a request was lost");
  if (fate.kind === "answered" && fate.text.length >= first.reply.text.length) {
    return { reply: complete(begin(conversation), fate.text), accepted: true, conversation, gapless };
  }
  // Telnyx has neither the question nor sent a byte of an answer: only now may it be asked again.
  const second =
    fate.kind === "absent" && !first.accepted ? await stream(deps, work, conversation, signal) : first;
  return { reply: second.reply, accepted: second.accepted || fate.kind !== "absent", conversation, gapless };
}

/** The answer may be at Telnyx, or come to be there, though it did not reach us. */
const isLost = ({ failure }: Reply) =>
  failure !== undefined && LOST.has(failure.reason) && failure.reached === "unknown";
const LOST: ReadonlySet<FailureReason> = new Set(["unavailable", "timeout", "cut"]);

/** The fate of a request that is under way. A Telnyx that cannot be asked leaves it open: then nothing is sent again. */
async function fateOrUnknown(deps: AnswerDeps, request: Sent, signal: AbortSignal): Promise<Fate> {
  try {
    return await findFate(deps, request, signal);
  } catch (error) {
    if (!(error instanceof TelnyxError) || signal.aborted) throw error;
    deps.log.warn({ err: error }, "Telnyx cannot be asked what became of a request");
    return { kind: "unanswered" };
  }
}

/** One request to the model, from its first event to its last. */
async function stream(
  deps: AnswerDeps,
  work: AnswerWork,
  conversation: LinkedConversation,
  signal: AbortSignal,
): Promise<Streamed> {
  let reply = begin(conversation);
  let accepted = false;
  for await (const event of deps.telnyx.respond(requestFor(deps, work.turn.message, conversation), signal)) {
    reply = advance(reply, event);
    accepted ||= event.kind !== "failed";
    if (!isOver(reply)) work.show(reply);
  }
  return { reply, accepted };
}

type Streamed = Pick<Answer, "reply" | "accepted">;

function requestFor(deps: AnswerDeps, question: Message, conversation: LinkedConversation): ResponseRequest {
  const behaviour = deps.behaviourIn(question);
  return {
    model: behaviour.model,
    conversation: conversation.telnyxId,
    input: [{ role: "user", content: [{ type: "input_text", text: modelInput(question) }] }],
    // Only with the conversation's first request: Telnyx keeps them with the history.
    ...(!conversation.instructed && { instructions: instructionsFor(behaviour, question.where) }),
  };
}
