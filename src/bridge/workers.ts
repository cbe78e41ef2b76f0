import type { Clock } from "../clock.ts";
import { asError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Claim, Mailbox, Settled, Turn } from "../store/mailbox.ts";
import type { Responder } from "./responder.ts";

/** Runs claimed mailboxes, many at a time, each one turn after the other. */
export interface Workers {
  /** Whether one more mailbox can be taken now. */
  hasRoom(): boolean;
  /** Runs a claimed mailbox until it is empty. Returns at once. */
  run(claim: Claim): void;
  /** Begins to look for mailboxes that nobody runs, and to renew the leases of those that run here. */
  start(): void;
  /**
   * Takes nothing new, and lets what runs finish for `graceMs`; what still runs then is broken off, its turn unsettled,
   * and handed over. Resolves within `graceMs` and two seconds more, whatever a platform leaves unanswered.
   */
  stop(graceMs: number): Promise<void>;
}

export interface WorkerDeps {
  readonly mailbox: Mailbox;
  readonly respond: Responder;
  readonly clock: Clock;
  readonly log: Log;
}

/** How many replies may be live at a time. Each holds a stream and its text: about 50 kB. */
const ROOM = 1_000;
/** How often mailboxes are looked for that fell due, or whose runner died. */
const SWEEP_MS = 500;
/** A third of the lease. */
const RENEW_MS = 10_000;
/** For a call to a platform that is under way when its turn is broken off: what it did can then still be stored. */
const BREAK_MS = 2_000;

export function createWorkers(deps: WorkerDeps): Workers {
  const { mailbox, clock } = deps;
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const breaking = new AbortController();
  const loops: Promise<void>[] = [];

  const run = (claim: Claim): void => {
    const done = runMailbox(deps, claim, { stopping: stopping.signal, breaking: breaking.signal })
      .catch(() => undefined) // only while stopping, and logged: the turn is handed over
      .finally(() => running.delete(done));
    running.add(done);
  };
  const sweep = async () => {
    const room = ROOM - running.size;
    if (room > 0) for (const claim of await mailbox.sweep(room)) run(claim);
  };
  const renew = async () => {
    if (running.size > 0) await mailbox.renew();
  };
  const allEnded = async (withinMs: number) => {
    const ended = new AbortController();
    const timeout = clock.sleep(withinMs, ended.signal).catch(() => undefined);
    await Promise.race([Promise.all(running), timeout]);
    ended.abort();
  };

  return {
    hasRoom: () => running.size < ROOM && !stopping.signal.aborted,
    run,
    start: () => {
      loops.push(
        repeat(deps, { work: sweep, everyMs: SWEEP_MS }, stopping.signal),
        repeat(deps, { work: renew, everyMs: RENEW_MS }, stopping.signal),
      );
    },
    stop: async (graceMs) => {
      stopping.abort();
      await Promise.all(loops); // a sweep that is under way takes mailboxes, which are to be handed over too
      await allEnded(graceMs);
      breaking.abort(new Error("patchcord is stopping"));
      await allEnded(BREAK_MS);
      await mailbox.handOver();
    },
  };
}

/** Does the work, then waits, until `signal`. A failure is logged and the next try comes in its time. */
async function repeat(
  { clock, log }: WorkerDeps,
  task: { work: () => Promise<void>; everyMs: number },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await task
      .work()
      .catch((error: unknown) =>
        log.error({ err: asError(error) }, "the mailboxes could not be read or renewed"),
      );
    await clock.sleep(task.everyMs, signal).catch(() => undefined);
  }
}

interface Stops {
  /** Begin no more turns. */
  readonly stopping: AbortSignal;
  /** Break off the turn that runs. */
  readonly breaking: AbortSignal;
}

/** Between two tries to reach the database: a second, doubled each time, at most half a minute. */
const backoff = (failures: number) => Math.min(30_000, 1_000 * 2 ** failures);

async function runMailbox(deps: WorkerDeps, claim: Claim, { stopping, breaking }: Stops): Promise<void> {
  let settled: Settled | undefined;
  for (;;) {
    const turn = await nextTurn(deps, claim, settled, stopping);
    if (!turn || stopping.aborted) return;
    settled = await deps.respond(turn, claim, breaking).catch((error: unknown) => {
      if (!breaking.aborted)
        deps.log.warn({ turn: turn.id, err: asError(error) }, "a turn was left unsettled");
      return undefined;
    });
    if (breaking.aborted) return;
  }
}

/**
 * Settles and reads on, as often as it takes: the lease of what runs here is renewed as long as anything runs, so nobody else would
 * ever take up a mailbox that was dropped because the database failed for a moment. A claim that is over yields no turn.
 */
async function nextTurn(
  deps: WorkerDeps,
  claim: Claim,
  settled: Settled | undefined,
  stopping: AbortSignal,
): Promise<Turn | undefined> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await deps.mailbox.next(claim, settled);
    } catch (error) {
      deps.log.error(
        { place: claim.place, failures, err: asError(error) },
        "a mailbox cannot be read; trying again",
      );
      if (stopping.aborted) throw error;
      await deps.clock.sleep(backoff(failures), stopping).catch(() => undefined);
    }
  }
}
