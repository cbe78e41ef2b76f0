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
   * and handed over. Resolves when nothing runs any more.
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

export function createWorkers(deps: WorkerDeps): Workers {
  const { mailbox, clock, log } = deps;
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const breaking = new AbortController();

  const run = (claim: Claim): void => {
    const done = runMailbox(deps, claim, { stopping: stopping.signal, breaking: breaking.signal })
      .catch((error: unknown) => {
        if (breaking.signal.aborted) return;
        log.error(
          { place: claim.place, err: asError(error) },
          "a mailbox was let go of; it is taken up again when its lease runs out",
        );
      })
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

  return {
    hasRoom: () => running.size < ROOM && !stopping.signal.aborted,
    run,
    start: () => {
      void repeat(deps, { work: sweep, everyMs: SWEEP_MS }, stopping.signal);
      void repeat(deps, { work: renew, everyMs: RENEW_MS }, stopping.signal);
    },
    stop: async (graceMs) => {
      stopping.abort();
      const cut = new AbortController();
      await Promise.race([Promise.all(running), clock.sleep(graceMs, cut.signal).catch(() => undefined)]);
      cut.abort();
      breaking.abort(new Error("patchcord is stopping"));
      await Promise.all(running);
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

async function runMailbox(
  { mailbox, respond }: WorkerDeps,
  claim: Claim,
  { stopping, breaking }: Stops,
): Promise<void> {
  let turn: Turn | undefined = await mailbox.next(claim);
  while (turn) {
    const settled: Settled = await respond(turn, claim, breaking);
    turn = await mailbox.next(claim, settled);
    if (stopping.aborted) return;
  }
}
