import type { Clock } from "../clock.ts";
import type { Mailbox } from "../store/mailbox.ts";
import type { Health } from "./health.ts";

/**
 * Whether this process may hold mailboxes at all. It may as long as it knows that its leases are good; else other processes may run
 * them by now, and everything that runs here has to end at once.
 */
export interface Tenure {
  /** Aborts when what runs now is no longer ours. After that, there is another one. */
  readonly signal: AbortSignal;
  /** False from a loss until everything was handed over. */
  readonly isHeld: boolean;
  /** The leases are good as of then, on the monotonic clock: since before they were asked for. */
  confirm(since: number): void;
  /** A mailbox was taken while there was no tenure: that is to be handed over, too. */
  refuse(): void;
  /** Whether the leases were confirmed lately enough, if there are any; else what they cover is lost. */
  check(): void;
  /** What is held may be other processes' by now. */
  lose(why: Error): void;
  /** Breaks off what runs, because this process ends. */
  end(why: Error): void;
  /** Resolves when no loss is being dealt with. */
  settled(): Promise<void>;
}

export interface TenureDeps {
  readonly mailbox: Mailbox;
  readonly clock: Clock;
  readonly health: Health;
  /** Resolves when nothing runs any more that a loss has broken off, soon in any case. */
  readonly brokenOff: () => Promise<void>;
  /** Aborts when nothing is to be taken again. */
  readonly stopping: AbortSignal;
}

/** Half of a lease: then a process that cannot renew it ends its turns, well before another takes them up. */
const FENCE_MS = 15_000;
/** Between two tries to hand over. */
const RETRY_MS = 1_000;
const LOST = "The database could not be reached in time: replies are broken off, and go on when it answers.";

export function createTenure(deps: TenureDeps): Tenure {
  const { mailbox, clock, health, stopping } = deps;
  let current = new AbortController();
  let confirmed = clock.monotonic();
  let regaining: Promise<void> | undefined;
  let refused = false;

  /** Hands over what is held, as soon as the database takes it: only then may anything be taken again. */
  const regain = async (why: Error): Promise<void> => {
    health.report("mailboxes", LOST, why);
    current.abort(why);
    await deps.brokenOff();
    while (!stopping.aborted) {
      refused = false;
      const done = await mailbox.handOver().then(
        () => !refused,
        () => false,
      );
      if (done) break;
      await clock.sleep(RETRY_MS, stopping).catch(() => undefined);
    }
    current = new AbortController();
    confirmed = clock.monotonic();
    regaining = undefined;
    health.report("mailboxes", undefined);
  };
  const lose = (why: Error): void => void (regaining ??= regain(why));

  return {
    get signal() {
      return current.signal;
    },
    get isHeld() {
      return regaining === undefined;
    },
    confirm: (since) => void (confirmed = Math.max(confirmed, since)),
    refuse: () => void (refused = true),
    check: () => {
      const age = clock.monotonic() - confirmed;
      if (age > FENCE_MS) lose(new Error(`the leases were last renewed ${Math.round(age / 1_000)} s ago`));
    },
    lose,
    end: (why) => current.abort(why),
    settled: async () => regaining,
  };
}
