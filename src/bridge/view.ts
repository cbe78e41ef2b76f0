import type { Message } from "../chat/message.ts";
import type { Platform } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { asError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { nextPaint, type Paint } from "../reply/edits.ts";
import { isOver, type Reply } from "../reply/reply.ts";
import type { Allowance, Budgets } from "./budget.ts";
import { createPainter, type Ledger } from "./painter.ts";
import { createScript } from "./script.ts";

/** Shows one reply on its platform: always the newest state, as fast as the budget allows. */
export interface View {
  /** The reply has grown. Returns at once; a state that is overtaken before its turn is never shown. */
  show(reply: Reply): void;
  /** The reply has ended. Resolves when every page stands at its final text; rejects with what made that impossible. */
  finish(reply: Reply): Promise<void>;
  /** Aborts when painting cannot go on (the message or the place is gone): then the model need not go on either. */
  readonly broken: AbortSignal;
  /** Paints no more, whatever stands. Resolves when no call to the platform is under way any more. */
  close(): Promise<void>;
}

export interface ViewDeps {
  readonly platform: Platform;
  readonly budgets: Budgets;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long a platform that does not answer is tried before a reply counts as undeliverable. */
const PATIENCE_MS = 600_000;
/** The least pause after a 429, whatever it says: a platform that asks for no wait at all must not be asked in a loop. */
const MIN_HOLD_MS = 250;
/** Between two tries: half a second, doubled each time, at most half a minute. */
const backoff = (failures: number) => Math.min(30_000, 500 * 2 ** failures);

export function openView(deps: ViewDeps, question: Message, ledger: Ledger, outer: AbortSignal): View {
  const broken = new AbortController();
  const closed = new AbortController();
  const signal = AbortSignal.any([outer, closed.signal]);
  const subject = createSubject(signal);
  const painted = paintAll(deps, { question, ledger, subject, signal }).catch((error: unknown) => {
    if (!signal.aborted) broken.abort(error);
    throw error;
  });
  painted.catch(() => undefined); // told by `broken` at once, and by `finish`

  return {
    broken: broken.signal,
    show: (reply) => subject.set(reply),
    finish: (reply) => {
      subject.set(reply);
      return painted;
    },
    close: async () => {
      closed.abort();
      await painted.catch(() => undefined);
    },
  };
}

/** The newest reply, and a way to wait for a newer one. */
interface Subject {
  readonly reply: Reply | undefined;
  set(reply: Reply): void;
  /** Resolves when a newer reply than the one last read is there, or the signal aborts. */
  changed(): Promise<void>;
  /** Aborts when the reply has ended: what waits as a draft need not wait any more. */
  readonly ended: AbortSignal;
}

function createSubject(signal: AbortSignal): Subject {
  const ended = new AbortController();
  let reply: Reply | undefined;
  let next = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => next.resolve(), { once: true });
  return {
    get reply() {
      return reply;
    },
    ended: ended.signal,
    set(newer) {
      reply = newer;
      next.resolve();
      if (isOver(newer)) ended.abort();
    },
    async changed() {
      await next.promise;
      if (!signal.aborted) next = Promise.withResolvers();
    },
  };
}

interface Work {
  readonly question: Message;
  readonly ledger: Ledger;
  readonly subject: Subject;
  readonly signal: AbortSignal;
}

async function paintAll(deps: ViewDeps, work: Work): Promise<void> {
  const { platform, log } = deps;
  const { question, ledger, subject, signal } = work;
  const painter = createPainter(platform, question, ledger);
  const allowance = deps.budgets.join(scopeOf(platform, question));
  const silent = new AbortController();
  platform.indicate?.(question.place, AbortSignal.any([signal, silent.signal]));
  const script = createScript(platform.limits, ledger.turn);
  const wanted = () =>
    subject.reply && nextPaint(painter.shown, script.pagesOf(subject.reply), painter.begun);
  const patience = createPatience(deps, allowance, signal);
  const paint = async (newest: Paint): Promise<void> => {
    // A reply that has ended is stored: all that is left to ask is whether the turn is still ours.
    await (subject.reply && !subject.ended.aborted
      ? ledger.checkpoint(subject.reply.text)
      : ledger.confirm());
    signal.throwIfAborted();
    silent.abort();
    await painter.paint(newest);
  };

  try {
    for (;;) {
      signal.throwIfAborted();
      const next = wanted();
      if (!next) {
        if (subject.ended.aborted) return;
        await subject.changed();
        continue;
      }
      const paid = await takeSlot(allowance, next, work);
      const newest = wanted();
      if (!paid || !newest) continue;
      const refusal = await paint(newest)
        .then(() => undefined, asRefusal)
        .finally(paid);
      if (!refusal) {
        patience.succeeded();
        continue;
      }
      const { code, message } = refusal;
      log.warn({ place: question.place, page: newest.index, code, why: message }, "a paint was refused");
      const goesOn = refusal.kind === "rejected" && script.without(newest);
      if (!goesOn) await patience.failed(refusal, newest.kind);
    }
  } finally {
    allowance.leave();
  }
}

/** Anything but a platform's refusal is none of the view's to deal with. */
function asRefusal(error: unknown): PlatformRefusal {
  if (error instanceof PlatformRefusal) return error;
  throw asError(error);
}

/** Waits for the right to paint. Undefined: the reply ended meanwhile, so that what is wanted must be looked at anew. */
async function takeSlot(
  allowance: Allowance,
  next: Paint,
  { subject, signal }: Work,
): Promise<(() => void) | undefined> {
  const firstText = next.kind === "post" && next.index === 0;
  const urgent = firstText || subject.ended.aborted;
  const cut = subject.ended.aborted ? signal : AbortSignal.any([signal, subject.ended]);
  try {
    return await allowance.take({ kind: next.kind, urgent }, cut);
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** What to do about refusals: wait and go on, as long as there is hope; else throw. */
function createPatience({ clock }: ViewDeps, allowance: Allowance, signal: AbortSignal) {
  let failures = 0;
  let since = 0;
  return {
    succeeded: () => void (failures = 0),
    async failed(error: PlatformRefusal, kind: Paint["kind"]): Promise<void> {
      if (error.kind === "rate_limited")
        return allowance.hold(kind, Math.max(error.retryAfterMs ?? 1_000, MIN_HOLD_MS));
      if (error.kind !== "unavailable") throw error;
      if (failures === 0) since = clock.monotonic();
      if (clock.monotonic() - since > PATIENCE_MS) throw error;
      await clock.sleep(backoff(failures), signal);
      failures += 1;
    },
  };
}

function scopeOf(platform: Platform, { place, where }: Message) {
  return {
    platform: platform.name,
    workspace: where.workspaceId,
    channel: where.channelId,
    place,
    budgets: platform.limits.budgets,
  };
}
