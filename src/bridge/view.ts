import type { Message } from "../chat/message.ts";
import type { Platform } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { asError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { nextPaint, type Paint } from "../reply/edits.ts";
import { NUDGE } from "../reply/nudge.ts";
import type { Reply } from "../reply/reply.ts";
import type { Allowance, Budgets, Paid } from "./budget.ts";
import type { Metrics } from "./metrics.ts";
import { createNudge, type NudgeDeps } from "./nudge.ts";
import { createPainter, type Ledger } from "./painter.ts";
import { createScript } from "./script.ts";
import { createSubject, type Subject } from "./subject.ts";

/** Shows one reply on its platform: always the newest state, as fast as the budget allows. */
export interface View {
  /** The reply has grown. Returns at once; a state that is overtaken before its turn is never shown. */
  show(reply: Reply): void;
  /** The reply has ended. Resolves when every page stands at its final text, and the nudge if there is one; rejects with what made that impossible. */
  finish(reply: Reply): Promise<void>;
  /** Aborts when painting cannot go on (the message or the place is gone): then the model need not go on either. */
  readonly broken: AbortSignal;
  /** Paints no more, whatever stands. Resolves when no call to the platform is under way any more. */
  close(): Promise<void>;
}

export interface ViewDeps extends NudgeDeps {
  readonly platform: Platform;
  readonly budgets: Budgets;
  readonly metrics: Metrics;
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
  const subject = createSubject({ ...deps, platform: deps.platform.name }, signal);
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

interface Work {
  readonly question: Message;
  readonly ledger: Ledger;
  readonly subject: Subject;
  readonly signal: AbortSignal;
}

async function paintAll(deps: ViewDeps, work: Work): Promise<void> {
  const { subject, signal } = work;
  const allowance = deps.budgets.join(scopeOf(deps.platform, work.question));
  const canvas = createCanvas(deps, work);
  const patience = createPatience(deps, allowance, signal);
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = canvas.wanted();
      if (!next) {
        if (subject.ended.aborted) return;
        await subject.changed();
        continue;
      }
      const paid = await takeSlot(allowance, next, work);
      const newest = canvas.wanted();
      if (newest?.kind !== next.kind || !paid) {
        paid?.(false);
        continue;
      }
      const refusal = await paintOnce(canvas, newest.paint, paid);
      if (!refusal) patience.succeeded();
      else if (!canvas.goesWithout(newest.paint, refusal)) await patience.failed(refusal, newest.kind);
    }
  } finally {
    allowance.leave();
  }
}

/** What is shown of one reply and what should be, and the paints between the two. */
function createCanvas({ platform, log, ...deps }: ViewDeps, work: Work) {
  const { question, ledger, subject, signal } = work;
  const painter = createPainter(platform, question, ledger);
  const script = createScript(platform.limits, ledger.turn);
  const nudge = createNudge({ ...deps, platform: platform.name }, question, painter);
  const silent = new AbortController();
  platform.indicate?.(question.place, AbortSignal.any([signal, silent.signal]));
  const pages = () => (subject.reply ? script.pagesOf(subject.reply) : []);
  return {
    /** The next paint, for the newest state. Undefined: all of that is shown. */
    wanted(): Counted | undefined {
      const paint = nextPaint(painter.shown, pages(), painter.begun);
      if (paint || !subject.ended.aborted || !subject.reply)
        return counted(platform, work, paint, script.left());
      subject.settled();
      return counted(platform, work, nudge.wanted(subject.reply));
    },
    async paint(newest: Paint): Promise<void> {
      subject.painting();
      const isLast = newest.index >= pages().length - 1;
      // A reply that has ended is stored: all that is left to ask is whether the turn is still ours.
      await (subject.reply && !subject.ended.aborted
        ? ledger.checkpoint(subject.reply.text)
        : ledger.confirm());
      signal.throwIfAborted();
      // Each call would make an error with its stack, though nothing is left to abort.
      if (!silent.signal.aborted) silent.abort();
      await painter.paint(newest);
      subject.painted(isLast);
    },
    /** The platform refused the paint: whether there is another way to go on. */
    goesWithout(newest: Paint, { kind, code, message }: PlatformRefusal): boolean {
      if (kind === "rate_limited") deps.metrics.rateLimited(platform.name);
      log.warn({ place: question.place, page: newest.index, code, why: message }, "a paint was refused");
      if (newest.index === NUDGE) return nudge.goesWithout(kind);
      return kind === "rejected" && script.without(newest);
    },
  };
}

/** A paint, and what it counts as. */
interface Counted {
  readonly paint: Paint;
  readonly kind: string;
  /** By how much its page may grow. 0: it is full, and another page follows. */
  readonly left: number;
}

/** A draft that would change nothing is no paint; what stands at the end is made sure of. */
function counted(
  platform: Platform,
  work: Work,
  paint: Paint | undefined,
  grows = Infinity,
): Counted | undefined {
  if (!paint) return undefined;
  const left = paint.page.final ? 0 : Math.max(1, grows);
  if (!platform.countsAs) return { paint, kind: paint.kind, left };
  const id = paint.kind === "edit" ? paint.id : undefined;
  const kind = platform.countsAs(work.question.place, paint.page, id);
  if (kind === undefined && !work.subject.ended.aborted) return undefined;
  return { paint, kind: kind ?? paint.kind, left };
}

/** Resolves to the platform's refusal, if it is one. */
async function paintOnce(
  canvas: ReturnType<typeof createCanvas>,
  paint: Paint,
  paid: Paid,
): Promise<PlatformRefusal | undefined> {
  let refusal: PlatformRefusal | undefined;
  try {
    await canvas.paint(paint);
  } catch (error) {
    refusal = asRefusal(error);
  } finally {
    paid(refusal?.kind !== "rate_limited");
  }
  return refusal;
}

/** Anything but a platform's refusal is none of the view's to deal with. */
function asRefusal(error: unknown): PlatformRefusal {
  if (error instanceof PlatformRefusal) return error;
  throw asError(error);
}

/** Waits for the right to paint. Undefined: the reply ended meanwhile, or its page is full, so that what is wanted must be looked at anew. */
async function takeSlot(
  allowance: Allowance,
  { paint, kind, left }: Counted,
  { subject, signal }: Work,
): Promise<Paid | undefined> {
  // Nothing of what is written is seen between a page that is full and the next one's post.
  const urgent = paint.kind === "post" || subject.ended.aborted;
  const fullAt = left > 0 ? subject.longerAt(left) : -Infinity;
  const others = urgent ? [] : left > 0 ? [subject.ended, subject.longer(left)] : [subject.ended];
  const cut = subject.ended.aborted ? signal : AbortSignal.any([signal, ...others]);
  try {
    return await allowance.take({ kind, urgent, unseenSince: subject.unseenSince, fullAt }, cut);
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
    async failed(error: PlatformRefusal, kind: string): Promise<void> {
      if (error.kind === "rate_limited")
        return allowance.hold(kind, Math.max(error.retryAfterMs ?? 1_000, MIN_HOLD_MS), error.per);
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
