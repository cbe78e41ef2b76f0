import type { Links } from "../chat/links.ts";
import type { Platform } from "../chat/platform.ts";
import { asError, PatchcordError, PlatformRefusal } from "../errors.ts";
import type { Failed } from "../reply/event.ts";
import { advance, newReply, postponed, type Reply, stopped } from "../reply/reply.ts";
import { isBlank } from "../reply/text.ts";
import type { Claim, Settled, Turn } from "../store/mailbox.ts";
import { answer, type Answer, type AnswerDeps, begin, complete } from "./answer.ts";
import type { Budgets } from "./budget.ts";
import type { Metrics } from "./metrics.ts";
import type { Ledger } from "./painter.ts";
import type { Stops } from "./presses.ts";
import { openView, type View } from "./view.ts";

export interface ResponderDeps extends AnswerDeps {
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly links: Pick<Links, "linkTo">;
  readonly budgets: Budgets;
  readonly metrics: Metrics;
  readonly stops: Stops;
}

/** Runs one turn to its end and says how it ended. Rejects only when the turn is no longer ours to settle. */
export type Responder = (turn: Turn, claim: Claim, signal: AbortSignal) => Promise<Settled>;

/** A turn that was taken up this often without coming to an end is given up, visibly. */
const MAX_TRIES = 5;
/** How often a passing failure of Telnyx's is tried again before people are told. */
const QUIET_TRIES = 2;
/** The longest pause before another try. Who asked has to wait for it: longer than that, and they had better be told. */
const MAX_WAIT_MS = 60_000;
/** After a platform refused the bot itself: by then it is known whether it does so for good. */
const REFUSED_MS = 10_000;
/** Pauses before another try, by how many there were. */
const retryDelay = (tries: number) => Math.min(MAX_WAIT_MS, 1_000 * 4 ** tries);

export function createResponder(deps: ResponderDeps): Responder {
  return async (turn, claim, signal) => {
    const platform = deps.platforms.get(turn.message.platform);
    if (!platform) {
      deps.log.warn(
        { turn: turn.id, place: turn.place, platform: turn.message.platform },
        "a message is left unanswered: its platform is switched off",
      );
      return { turn: turn.id, kind: "failed", error: "platform_off" };
    }
    const started = deps.clock.monotonic();
    try {
      const settled = await deps.stops.heed(turn.id, (stop) =>
        respond(deps, { turn, claim, platform, stop }, signal),
      );
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
  /** Aborts when somebody wants the reply to end where it is. */
  readonly stop: AbortSignal;
}

async function respond(deps: ResponderDeps, work: Work, signal: AbortSignal): Promise<Settled> {
  const { turn } = work;
  const ledger = await ledgerOf(deps, work);
  const view = openView({ ...deps, platform: work.platform }, turn.message, ledger, signal);
  try {
    const got = await obtain(deps, work, view, signal);
    await storeEnd(deps, work, got.reply);
    const settled = await deliver(turn, got.reply, view, signal);
    // Not before the delivery: until then, a reply that has to be begun anew says again that its conversation is new.
    if (got.conversation && !got.conversation.instructed && (await got.kept()))
      await deps.store.markInstructed(work.claim, got.conversation.generation);
    return settled;
  } finally {
    await view.close();
  }
}

/** The answer, as far as this turn still has to get it. A failure that may pass by itself is waited for in silence. */
async function obtain(deps: ResponderDeps, work: Work, view: View, signal: AbortSignal): Promise<Answer> {
  const { turn, stop } = work;
  if (turn.late) return { reply: postponed(deps.clock.now() - turn.message.sentAt), kept: async () => false };
  if (turn.state === "answered" || turn.stopAsked) return recall(deps, turn);
  if (turn.tries >= MAX_TRIES) return { reply: advance(newReply(), givenUp(turn)), kept: async () => false };
  // What an earlier run has shown is not taken back only to grow again: it stays until there is as much to show.
  let longest = turn.text ?? "";
  const show = (reply: Reply) => {
    if (reply.text.length < longest.length) return;
    longest = reply.text;
    view.show(reply);
  };
  const unwanted = AbortSignal.any([view.broken, stop]);
  const wanted = { ...work, show, unwanted };
  for (let tries = 0; ; tries += 1) {
    const got = await answer(deps, wanted, signal);
    if (stop.aborted) return { ...got, reply: stopped(got.reply, longest) };
    const { failure } = got.reply;
    if (!failure || !mayPass(got.reply) || tries >= QUIET_TRIES) return got;
    const delayMs = Math.max(retryDelay(tries), Math.min(failure.retryAfterMs ?? 0, MAX_WAIT_MS));
    deps.log.info(
      { turn: turn.id, failure, delayMs },
      "Telnyx cannot answer now; it is asked again in a moment",
    );
    await deps.clock.sleep(delayMs, AbortSignal.any([signal, unwanted])).catch(() => signal.throwIfAborted());
    if (unwanted.aborted) return { ...got, reply: stopped(got.reply, longest) };
  }
}

/** The answer of an earlier run: whole, or ended where it was because somebody asked for that. */
async function recall({ store }: ResponderDeps, turn: Turn): Promise<Answer> {
  const conversation = await store.conversation(turn.place);
  const reply = conversation ? begin(conversation) : newReply();
  if (turn.state !== "answered") return { reply: stopped(reply, turn.text), kept: async () => false };
  return {
    reply: complete(reply, turn.text ?? "", turn.incomplete),
    kept: async () => true,
    ...(conversation && { conversation }),
  };
}

const givenUp = ({ tries }: Turn): Failed => ({
  kind: "failed",
  reason: "internal",
  detail: `given up after ${tries} tries`,
  reached: "unknown",
});

/** Nothing was said yet, Telnyx did no work, and it may well do so in a few seconds. */
function mayPass({ failure, text }: Reply): boolean {
  const passing = failure?.reason === "unavailable" || failure?.reason === "rate_limited";
  return passing && failure.reached !== "unknown" && text === "";
}

/** Shows the ended reply, every page of it. Where the platform takes it no more, that is how the turn ends. */
async function deliver(turn: Turn, reply: Reply, view: View, signal: AbortSignal): Promise<Settled> {
  try {
    await view.finish(reply);
  } catch (error) {
    if (signal.aborted || !(error instanceof PlatformRefusal)) throw error;
    // Nothing is wrong with the reply: it waits until the platform takes the bot again, which the gate knows.
    if (error.kind === "unauthorized" && turn.tries < MAX_TRIES)
      return { turn: turn.id, kind: "retry", delayMs: REFUSED_MS, error: error.code };
    // Somebody deleted the message while it was being written: that is a wish, and no failure.
    return { turn: turn.id, kind: error.kind === "gone" ? "stopped" : "failed", error: error.code };
  }
  const { phase } = reply;
  if (phase === "done" || phase === "stopped" || phase === "postponed") return { turn: turn.id, kind: phase };
  const { reason, detail } = reply.failure ?? { reason: "unknown", detail: "" };
  return { turn: turn.id, kind: "failed", error: `${reason}: ${detail}` };
}

/** What is going to be shown is stored first: whoever takes the turn up after a crash then shows the same. */
async function storeEnd({ store, clock }: ResponderDeps, work: Work, reply: Reply): Promise<void> {
  const { turn, claim } = work;
  const { phase, text, usage, incomplete } = reply;
  const at = clock.now();
  if (phase === "stopped" && !isBlank(text)) await store.markStreaming(claim, turn.id, { text, at });
  if (phase !== "done" || turn.state === "answered") return;
  const facts = { text, at, ...(usage && { usage }), ...(incomplete && { incomplete }) };
  await store.markAnswered(claim, turn.id, facts);
}

async function ledgerOf({ store, clock }: ResponderDeps, { turn, claim }: Work): Promise<Ledger> {
  return {
    turn: turn.id,
    pages: await store.pages(turn.id),
    checkpoint: (text) => store.markStreaming(claim, turn.id, { text, at: clock.now() }),
    confirm: () => store.confirm(claim),
    intend: (page) => store.markPageIntended(claim, turn.id, page),
    posted: (page, id) => store.markPagePosted(claim, turn.id, page, id),
  };
}
