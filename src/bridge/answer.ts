import { createHash } from "node:crypto";
import type { Message } from "../chat/message.ts";
import type { Platform } from "../chat/platform.ts";
import type { Log } from "../log.ts";
import type { Failed, FailureReason, Price } from "../reply/event.ts";
import { instructionsFor, modelInput } from "../reply/input.ts";
import { NEW_CONVERSATION } from "../reply/notice.ts";
import { advance, isOver, newReply, type Reply, stopped } from "../reply/reply.ts";
import type { Claim, Turn } from "../store/mailbox.ts";
import type { Asked, Conversation } from "../store/store.ts";
import { type ResponseRequest, TelnyxError } from "../telnyx/telnyx.ts";
import { addUnseen, type BackfillDeps } from "./backfill.ts";
import { type ConversationDeps, type LinkedConversation, openConversation } from "./conversations.ts";
import { type Fate, findFate, PATIENCE, type Sent } from "./recovery.ts";

/** How the bot behaves where the question was asked. */
export interface Behaviour {
  readonly name: string;
  readonly model: string;
  readonly instructions: string;
  /** Whoever waited longer for their answer gets a nudge. Absent: nobody does. */
  readonly nudgeAfterMs?: number;
}

export interface AnswerDeps extends ConversationDeps, BackfillDeps {
  readonly behaviourIn: (message: Message) => Behaviour;
  /** What a model costs now. Undefined: not known. */
  readonly priceOf: (model: string) => Price | undefined;
  readonly log: Log;
}

export interface AnswerWork {
  readonly turn: Turn;
  readonly claim: Claim;
  readonly platform: Platform;
  /** Called with every state of the reply but the last. */
  readonly show: (reply: Reply) => void;
  /** Aborts when the answer is not wanted any more, or nobody can be shown it: then the model need not go on. */
  readonly unwanted: AbortSignal;
}

export interface Answer {
  /** Ended: done, failed or stopped. */
  readonly reply: Reply;
  /** Where it was asked. Absent when it did not get so far. */
  readonly conversation?: Conversation;
  /** Whether Telnyx has the request in the conversation's history, and the instructions with it. It may have to be asked. */
  readonly kept: () => Promise<boolean>;
}

const yes = async () => true;
const no = async () => false;

/**
 * Gets the turn's answer from Telnyx, whatever is known of it already. Every failure of Telnyx's is a reply that says so, and one that
 * is not wanted any more is a stopped one; what it throws is the store's (fenced, disk) or the signal's.
 */
export async function answer(deps: AnswerDeps, work: AnswerWork, signal: AbortSignal): Promise<Answer> {
  const either = AbortSignal.any([signal, work.unwanted]);
  let gone: Conversation | undefined;
  for (;;) {
    let conversation: LinkedConversation | undefined;
    try {
      conversation = await openConversation(deps, { ...work, ...(gone && { after: gone }) }, either);
      const attempt = await answerIn(deps, { ...work, outer: signal }, conversation, either);
      if (attempt.reply.failure?.reason !== "conversation_gone" || gone) return attempt;
    } catch (error) {
      if (error === either.reason && !signal.aborted) return { reply: stopped(newReply()), kept: no };
      if (!(error instanceof TelnyxError) || signal.aborted) throw error;
      if (error.reason !== "conversation_gone" || gone || !conversation) {
        const reply = advance(newReply(), failedBy(error));
        return { reply, ...(conversation && { conversation }), kept: no };
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

/** A reply that ends well with this text. */
export const complete = (reply: Reply, text: string, incomplete?: string) =>
  advance(advance(reply, { kind: "text", delta: text }), {
    kind: "done",
    ...(incomplete !== undefined && { incomplete }),
  });

interface LongWork extends AnswerWork {
  /** Aborts only when the turn is not ours to end any more, wanted or not. */
  readonly outer: AbortSignal;
}

/** One place's conversation, and what is asked in it. */
interface Question extends LongWork {
  readonly conversation: LinkedConversation;
  readonly input: string;
  /** The request carries the instructions: none that Telnyx has kept did. */
  readonly instruct: boolean;
}

async function answerIn(
  deps: AnswerDeps,
  work: LongWork,
  conversation: LinkedConversation,
  signal: AbortSignal,
): Promise<Answer> {
  const { turn } = work;
  const question = {
    ...work,
    conversation,
    input: modelInput(turn.message),
    instruct: !conversation.instructed,
  };
  if (turn.generation !== conversation.generation || turn.input === undefined)
    return ask(deps, question, signal);
  // An earlier run of this turn may have sent the request: if Telnyx has the answer, that is the answer.
  const fate = await findFate(deps, await sent(deps, { ...question, input: turn.input }), signal);
  deps.log.info({ turn: turn.id, fate: fate.kind }, "an interrupted turn goes on");
  if (fate.kind === "answered")
    return { reply: complete(begin(conversation), fate.text), conversation, kept: yes };
  const kept = isKept(fate);
  const again = await ask(deps, { ...question, instruct: question.instruct && !kept }, signal);
  return kept ? { ...again, kept: yes } : again;
}

async function sent(deps: AnswerDeps, { turn, conversation, input }: Question): Promise<Sent> {
  const earlierCopies = await deps.store.countSameInput(turn.place, conversation.generation, input, turn.id);
  return { conversation: conversation.telnyxId, input, earlierCopies };
}

async function ask(deps: AnswerDeps, question: Question, signal: AbortSignal): Promise<Answer> {
  const { turn, claim, conversation, input } = question;
  const { generation } = conversation;
  const { id, sentAt } = turn.message;
  const gapless = await addUnseen(deps, { ...question, question: turn.message }, signal);
  if (gapless) await deps.store.markSeen(claim, generation, { id, at: sentAt });
  const asked = askedIn(deps, question);
  await deps.store.markCalling(claim, turn.id, { generation, input, at: deps.clock.now(), asked });

  const end = (reply: Reply) => ({ reply, conversation, kept: () => isKeptAfter(deps, question, reply) });
  const first = await stream(deps, question, signal);
  if (!isLost(first.reply)) return end(first.reply);
  const fate = await fateOf(deps, question, first.reply, signal);
  const ended = { ...end(first.reply), kept: isKept(fate) ? yes : no };
  deps.log.warn({ turn: turn.id, failure: first.reply.failure, fate: fate.kind }, "an answer was lost");
  if (fate.kind === "answered" && fate.text.length >= first.reply.text.length)
    return { ...ended, reply: complete(begin(conversation), fate.text) };
  if (fate.kind !== "absent" || first.began) return ended;
  // Telnyx has neither the question nor sent a byte of an answer: only now may it be asked again.
  const { reply } = await stream(deps, question, signal);
  return end(reply);
}

/** The answer may be at Telnyx, or come to be there, though it did not reach us. */
const isLost = ({ failure }: Reply) =>
  failure !== undefined && LOST.has(failure.reason) && failure.reached === "unknown";
const LOST: ReadonlySet<FailureReason> = new Set(["unavailable", "timeout", "cut"]);

/** `unknown`: Telnyx cannot be asked. Then the request is not sent again, and the instructions are, with the next one. */
type KnownFate = Fate | { readonly kind: "unknown" };
const isKept = ({ kind }: KnownFate) => kind === "answered" || kind === "unanswered";

/**
 * The fate of a request whose stream has ended. Telnyx is asked where the end does not tell: patiently for an answer that was
 * lost, else once, and only if the request carried instructions that it may have kept.
 */
async function fateOf(
  deps: AnswerDeps,
  question: Question,
  reply: Reply,
  signal: AbortSignal,
): Promise<KnownFate> {
  if (reply.phase === "done") return { kind: "answered", text: reply.text };
  if (reply.failure && reply.failure.reached !== "unknown") return { kind: "absent" };
  const lost = isLost(reply);
  if (!lost && !question.instruct) return { kind: "unanswered" };
  try {
    return await findFate(deps, await sent(deps, question), signal, lost ? PATIENCE : [0]);
  } catch (error) {
    if (!(error instanceof TelnyxError) || signal.aborted) throw error;
    deps.log.warn({ err: error }, "Telnyx cannot be asked what became of a request");
    return { kind: "unknown" };
  }
}

/** Asked when the reply is delivered: nobody has to wait for it, least of all who asked for the reply's end. */
async function isKeptAfter(deps: AnswerDeps, question: Question, reply: Reply): Promise<boolean> {
  return isKept(await fateOf(deps, question, reply, question.outer));
}

/** One request to the model, from its first event to its last. */
async function stream(
  deps: AnswerDeps,
  question: Question,
  signal: AbortSignal,
): Promise<{ readonly reply: Reply; readonly began: boolean }> {
  let reply = begin(question.conversation);
  let began = false;
  for await (const event of deps.telnyx.respond(requestFor(deps, question), signal)) {
    reply = advance(reply, event);
    began ||= event.kind !== "failed";
    if (!isOver(reply)) question.show(reply);
  }
  return { reply, began };
}

/** What is kept of the request with the turn: what it costs, and why it was answered so, is known afterwards too. */
function askedIn({ behaviourIn, priceOf }: AnswerDeps, { turn, instruct }: Question): Asked {
  const { model, instructions } = behaviourIn(turn.message);
  const price = priceOf(model);
  const digest = createHash("sha256").update(instructions).digest("hex");
  return {
    model,
    ...(price && { price }),
    settings: { instructions: digest, instructed: instruct ? "now" : "before" },
  };
}

function requestFor(deps: AnswerDeps, { turn, conversation, input, instruct }: Question): ResponseRequest {
  const behaviour = deps.behaviourIn(turn.message);
  return {
    model: behaviour.model,
    conversation: conversation.telnyxId,
    input: [{ role: "user", content: [{ type: "input_text", text: input }] }],
    // Only with the conversation's first request: Telnyx keeps them with the history.
    ...(instruct && { instructions: instructionsFor(behaviour, turn.message.where) }),
  };
}
