import { PatchcordError } from "../errors.ts";
import type { Claim } from "../store/mailbox.ts";
import type { Health } from "./health.ts";
import { type MailboxRunDeps, runMailbox } from "./mailbox-run.ts";
import { createTenure, type Tenure } from "./tenure.ts";
import { within } from "./within.ts";

/** Runs claimed mailboxes, many at a time, each one turn after the other. */
export interface Workers {
  /** Whether one more mailbox can be taken now. */
  hasRoom(): boolean;
  /** Runs a claimed mailbox until it is empty. Returns at once. */
  run(claim: Claim): void;
  /** Begins to look for mailboxes that nobody runs, and to renew the leases of those that run here. */
  start(): void;
  /**
   * Other processes may take over, from now on, what runs here: breaks it all off, its turns unsettled, hands it over as soon as the
   * database answers, and then takes mailboxes again. Returns at once.
   */
  lose(why: Error): void;
  /**
   * Takes nothing new, and lets what runs finish for `graceMs`; what still runs then is broken off, its turn unsettled,
   * and handed over. Resolves within `graceMs` and a few seconds more, whatever a platform leaves unanswered.
   */
  stop(graceMs: number): Promise<void>;
}

export interface WorkerDeps extends MailboxRunDeps {
  readonly health: Health;
}

/** How many replies may be live at a time. Each holds a stream and its text: about 50 kB. */
const ROOM = 1_000;
/** How often mailboxes are looked for that fell due, or whose runner died. */
const SWEEP_MS = 500;
/** A third of the lease. */
const RENEW_MS = 10_000;
/** How often the age of the leases is looked at: also what a process does first that was frozen and wakes up. */
const WATCH_MS = 1_000;
/** For a call to a platform that is under way when its turn is broken off: what it did can then still be stored. */
const BREAK_MS = 2_000;

export function createWorkers(deps: WorkerDeps): Workers {
  const { mailbox, clock } = deps;
  const stopping = new AbortController();
  const closed = new AbortController();
  const runs = createRuns(deps, stopping.signal);
  const brokenOff = () => runs.allEnded(BREAK_MS);
  const tenure = createTenure({ ...deps, brokenOff, stopping: stopping.signal });

  const run = (claim: Claim): void => {
    if (!tenure.isHeld) return tenure.refuse();
    if (runs.size === 0) tenure.confirm(clock.monotonic());
    runs.begin(claim, tenure.signal);
  };
  const { sweep, renew, watch } = createRounds(deps, { runs, tenure, run });
  let sweeping: Promise<void> | undefined;
  let keeping: Promise<unknown> | undefined;

  return {
    hasRoom: () => runs.size < ROOM && tenure.isHeld && !stopping.signal.aborted,
    run,
    lose: (why) => tenure.lose(why),
    start: () => {
      sweeping = repeat(deps, { ms: SWEEP_MS, work: sweep, name: "sweep" }, stopping.signal);
      keeping = Promise.all([
        repeat(deps, { ms: RENEW_MS, work: renew, name: "renewal" }, closed.signal),
        repeat(deps, { ms: WATCH_MS, work: watch, name: "watch" }, closed.signal),
      ]);
    },
    stop: async (graceMs) => {
      stopping.abort();
      await within(clock, BREAK_MS, sweeping); // one that is under way takes mailboxes, which are to be handed over too
      await runs.allEnded(graceMs);
      tenure.end(new Error("patchcord is stopping"));
      await runs.allEnded(BREAK_MS);
      closed.abort();
      await within(clock, BREAK_MS, Promise.all([keeping, tenure.settled()]));
      await mailbox.handOver();
    },
  };
}

interface RoundDeps {
  readonly runs: Runs;
  readonly tenure: Tenure;
  readonly run: (claim: Claim) => void;
}

/** What is done again and again. */
function createRounds({ mailbox, clock }: WorkerDeps, { runs, tenure, run }: RoundDeps) {
  return {
    sweep: async () => {
      const room = ROOM - runs.size;
      if (room > 0 && tenure.isHeld) for (const claim of await mailbox.sweep(room)) run(claim);
    },
    renew: async () => {
      if (runs.size === 0 || !tenure.isHeld) return;
      const asked = clock.monotonic();
      const held = await mailbox.renew();
      tenure.confirm(asked);
      runs.endAllBut(held, asked);
      held.forEach(run); // also what this process was given without hearing of it
    },
    watch: async () => {
      if (runs.size === 0) tenure.confirm(clock.monotonic());
      else tenure.check();
    },
  };
}

/** The mailboxes that run here. */
interface Runs {
  readonly size: number;
  /** No effect for a claim that runs already: a renewal and whoever took it may both tell of it. */
  begin(claim: Claim, breaking: AbortSignal): void;
  /** Breaks off what began before `asked`, on the monotonic clock, and is not among what this process held then or later. */
  endAllBut(held: readonly Claim[], asked: number): void;
  /** Resolves when everything that runs now has ended, or after `ms`. */
  allEnded(ms: number): Promise<void>;
}

function createRuns(deps: WorkerDeps, stopping: AbortSignal): Runs {
  const { clock } = deps;
  const running = new Map<string, { since: number; over: AbortController; ended: Promise<void> }>();
  const keyOf = ({ place, epoch }: Claim) => `${epoch} ${place}`;
  return {
    get size() {
      return running.size;
    },
    begin: (claim, breaking) => {
      const key = keyOf(claim);
      if (running.has(key)) return;
      const over = new AbortController();
      const either = AbortSignal.any([breaking, over.signal]);
      const ended = runMailbox(deps, claim, { stopping, breaking: either })
        .catch(() => undefined) // only when a signal says so, and logged: the turn is handed over
        .finally(() => running.delete(key));
      running.set(key, { since: clock.monotonic(), over, ended });
    },
    endAllBut: (held, asked) => {
      const keys = new Set(held.map(keyOf));
      const why = new PatchcordError("fenced", "Another process has this mailbox by now.");
      for (const [key, { since, over }] of running) if (since < asked && !keys.has(key)) over.abort(why);
    },
    allEnded: (ms) => within(clock, ms, Promise.all([...running.values()].map(({ ended }) => ended))),
  };
}

interface Task {
  readonly ms: number;
  readonly work: () => Promise<void>;
  /** For the log. */
  readonly name: string;
}

const DEAF = "The database does not answer as it has to: no reply can begin or go on.";

/** Does the work, then waits, until `signal`. A failure makes the bot unwell, and the next try comes in its time. */
async function repeat({ clock, health }: WorkerDeps, task: Task, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await task.work().then(
      () => health.report(task.name, undefined),
      (error: unknown) => health.report(task.name, DEAF, error),
    );
    await clock.sleep(task.ms, signal).catch(() => undefined);
  }
}
