import type { Message } from "../chat/message.ts";
import type { Platform } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { asError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { nextPaint, type Paint } from "../reply/edits.ts";
import { pagesOf } from "../reply/pages.ts";
import { isOver, type Reply } from "../reply/reply.ts";
import type { Allowance, Budgets } from "./budget.ts";
import { createPainter, type Ledger } from "./painter.ts";

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
  const { platform } = deps;
  const { question, ledger, subject, signal } = work;
  const painter = createPainter(platform, question, ledger);
  const allowance = deps.budgets.join(scopeOf(platform, question));
  const silent = new AbortController();
  platform.indicate?.(question.place, AbortSignal.any([signal, silent.signal]));
  const wanted = (): Paint | undefined =>
    subject.reply && nextPaint(painter.shown, pagesOf(subject.reply, platform.limits));
  const patience = createPatience(deps, allowance, signal);

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
      if (!paid) continue;
      try {
        const newest = wanted() ?? next;
        if (!subject.ended.aborted && subject.reply) await ledger.checkpoint(subject.reply.text);
        silent.abort();
        await painter.paint(newest);
        patience.succeeded();
      } catch (error) {
        await patience.failed(error, next.kind);
      } finally {
        paid();
      }
    }
  } finally {
    silent.abort();
    allowance.leave();
  }
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
function createPatience(deps: ViewDeps, allowance: Allowance, signal: AbortSignal) {
  let failures = 0;
  let since = 0;
  return {
    succeeded: () => void (failures = 0),
    async failed(caught: unknown, kind: Paint["kind"]): Promise<void> {
      const error = asError(caught);
      if (!(error instanceof PlatformRefusal)) throw error;
      deps.log.warn(
        { platform: deps.platform.name, code: error.code, kind: error.kind, failures },
        "a paint was refused",
      );
      if (error.kind === "rate_limited") return allowance.hold(kind, error.retryAfterMs ?? 1_000);
      if (error.kind !== "unavailable") throw error;
      if (failures === 0) since = deps.clock.monotonic();
      if (deps.clock.monotonic() - since > PATIENCE_MS) throw error;
      await deps.clock.sleep(backoff(failures), signal);
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
