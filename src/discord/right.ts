import type { Exclusive, Held } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { asError } from "../errors.ts";
import type { Log } from "../log.ts";

/** Who does not get a right within this time takes it that another process has it. */
const PATIENCE_MS = 1_000;
/** Between tries to get it, when the answer was neither yes nor no. */
const PAUSE_MS = 5_000;

export interface RightDeps {
  readonly name: string;
  readonly exclusive: Exclusive;
  readonly clock: Clock;
  readonly log: Log;
  /** Another process has it. */
  readonly away: () => void;
  /** Done as long as it is held: until the signal aborts. Never rejects. */
  readonly work: (over: AbortSignal) => Promise<void>;
}

/** Works whenever this process holds the right, until the signal aborts. */
export async function workByRight(deps: RightDeps, signal: AbortSignal): Promise<void> {
  const { clock, log, away, work } = deps;
  while (!signal.aborted) {
    try {
      const held = await take(deps, signal);
      held.lost.addEventListener("abort", () => signal.aborted || away(), { once: true });
      await work(AbortSignal.any([signal, held.lost]));
      await held.release();
    } catch (error) {
      if (signal.aborted) return;
      log.error(
        { err: asError(error), right: deps.name },
        "whether another process listens cannot be found out",
      );
      await clock.sleep(PAUSE_MS, signal).catch(() => undefined);
    }
  }
}

async function take({ name, exclusive, clock, away }: RightDeps, signal: AbortSignal): Promise<Held> {
  const got = new AbortController();
  clock.sleep(PATIENCE_MS, AbortSignal.any([got.signal, signal])).then(away, () => undefined);
  try {
    return await exclusive.hold(name, signal);
  } finally {
    got.abort();
  }
}
