import type { Platform } from "../chat/platform.ts";
import { asError, PatchcordError, PlatformRefusal } from "../errors.ts";
import { advance, newReply, type Reply } from "../reply/reply.ts";
import type { Claim, Settled, Turn } from "../store/mailbox.ts";
import { answer, type Answer, type AnswerDeps, begin, complete } from "./answer.ts";
import type { Budgets } from "./budget.ts";
import type { Ledger } from "./painter.ts";
import { openView, type View } from "./view.ts";

export interface ResponderDeps extends AnswerDeps {
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly budgets: Budgets;
}

/** Runs one turn to its end and says how it ended. Rejects only when the turn is no longer ours to settle. */
export type Responder = (turn: Turn, claim: Claim, signal: AbortSignal) => Promise<Settled>;

/** A turn that was taken up this often without coming to an end is given up, visibly. */
const MAX_TRIES = 5;
/** How often a passing failure of Telnyx's is tried again before people are told. */
const QUIET_TRIES = 2;
/** Pauses before another try, by how many there were. */
const retryDelay = (tries: number) => Math.min(60_000, 1_000 * 4 ** tries);

export function createResponder(deps: ResponderDeps): Responder {
  return async (turn, claim, signal) => {
    const platform = deps.platforms.get(turn.message.platform);
    if (!platform) return { turn: turn.id, kind: "failed", error: "platform_off" };
    const started = deps.clock.monotonic();
    try {
      const settled = await respond(deps, { turn, claim, platform }, signal);
      const ms = Math.round(deps.clock.monotonic() - started);
      deps.log.info(
        { turn: turn.id, place: turn.place, outcome: settled.kind, error: settled.error, ms },
        "turn settled",
      );
      return settled;
    } catch (caught) {
      const error = asError(caught);
      if (signal.aborted || (error instanceof PatchcordError && error.code === "fenced")) throw error;
      deps.log.error({ turn: turn.id, place: turn.place, tries: turn.tries, err: error }, "turn broke off");
      if (turn.tries >= MAX_TRIES) return { turn: turn.id, kind: "failed", error: error.message };
      return { turn: turn.id, kind: "retry", delayMs: retryDelay(turn.tries), error: error.message };
    }
  };
}

interface Work {
  readonly turn: Turn;
  readonly claim: Claim;
  readonly platform: Platform;
}

async function respond(deps: ResponderDeps, work: Work, signal: AbortSignal): Promise<Settled> {
  const { turn } = work;
  const view = openView(
    { ...deps, platform: work.platform },
    turn.message,
    await ledgerOf(deps, work),
    signal,
  );
  const either = AbortSignal.any([signal, view.broken]);
  try {
    const got = await obtain(deps, work, view, either);
    either.throwIfAborted();
    if (isWorthAnotherTry(turn, got.reply)) return again(turn, got.reply);
    if (got.reply.phase === "done" && turn.state !== "answered") await markAnswered(deps, work, got.reply);
    await view.finish(got.reply);
    await remember(deps, work, got);
    return outcome(turn, got.reply);
  } catch (error) {
    const cause: unknown = view.broken.aborted ? view.broken.reason : error;
    if (signal.aborted || !(cause instanceof PlatformRefusal)) throw cause;
    // Somebody deleted the message while it was being written: that is a wish, and no failure.
    return { turn: turn.id, kind: cause.kind === "gone" ? "stopped" : "failed", error: cause.code };
  } finally {
    view.close();
  }
}

/** The answer, as far as this turn still has to get it. */
async function obtain(deps: ResponderDeps, work: Work, view: View, signal: AbortSignal): Promise<Answer> {
  const { turn } = work;
  const conversation = await deps.store.conversation(turn.place);
  const nothing = { ...(conversation && { conversation }), gapless: false, accepted: false };
  if (turn.state === "answered" && conversation) {
    return { ...nothing, reply: complete(begin(conversation), turn.text ?? ""), accepted: true };
  }
  if (turn.tries >= MAX_TRIES) {
    const failed = {
      kind: "failed",
      reason: "internal",
      detail: `given up after ${turn.tries} tries`,
      reached: "unknown",
    } as const;
    return { ...nothing, reply: advance(newReply(), failed) };
  }
  return answer(deps, { ...work, show: (reply) => view.show(reply) }, signal);
}

/** Nothing was said yet, Telnyx did no work, and it may well do so in a few seconds. */
function isWorthAnotherTry(turn: Turn, { failure, text }: Reply): boolean {
  const passing = failure?.reason === "unavailable" || failure?.reason === "rate_limited";
  return passing && failure.reached !== "unknown" && text === "" && turn.tries < QUIET_TRIES;
}

function again(turn: Turn, { failure }: Reply): Settled {
  const delayMs = Math.max(retryDelay(turn.tries), Math.min(failure?.retryAfterMs ?? 0, 60_000));
  return { turn: turn.id, kind: "retry", delayMs, error: failure?.detail ?? "" };
}

async function markAnswered(deps: ResponderDeps, { turn, claim }: Work, reply: Reply): Promise<void> {
  const { text, usage, incomplete } = reply;
  await deps.store.markAnswered(claim, turn.id, {
    text,
    at: deps.clock.now(),
    ...(usage && { usage }),
    ...(incomplete && { incomplete }),
  });
}

/** What the next turn of the place must know of this one. */
async function remember(deps: ResponderDeps, { turn, claim }: Work, got: Answer): Promise<void> {
  const { conversation, accepted, gapless } = got;
  if (!conversation || !accepted) return;
  if (!conversation.instructed) await deps.store.markInstructed(claim, conversation.generation);
  if (gapless)
    await deps.store.markSeen(claim, conversation.generation, {
      id: turn.message.id,
      at: turn.message.sentAt,
    });
}

function outcome(turn: Turn, { phase, failure }: Reply): Settled {
  if (phase === "done") return { turn: turn.id, kind: "done" };
  return {
    turn: turn.id,
    kind: "failed",
    error: failure ? `${failure.reason}: ${failure.detail}` : "unknown",
  };
}

async function ledgerOf({ store, clock }: ResponderDeps, { turn, claim }: Work): Promise<Ledger> {
  return {
    turn: turn.id,
    pages: await store.pages(turn.id),
    checkpoint: (text) => store.markStreaming(claim, turn.id, { text, at: clock.now() }),
    intend: (page) => store.markPageIntended(claim, turn.id, page),
    posted: (page, id) => store.markPagePosted(claim, turn.id, page, id),
  };
}
