import type { Clock } from "../clock.ts";
import { asError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Claim, Mailbox, Settled, Turn } from "../store/mailbox.ts";
import type { Gate } from "./gate.ts";
import type { Responder } from "./responder.ts";

export interface MailboxRunDeps {
  readonly mailbox: Mailbox;
  readonly respond: Responder;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Stops {
  /** Begin no more turns. */
  readonly stopping: AbortSignal;
  /** Break off the turn that runs: nothing here is ours any more. */
  readonly breaking: AbortSignal;
}

/** Between two tries to reach the database: a second, doubled each time, at most half a minute. */
const backoff = (failures: number) => Math.min(30_000, 1_000 * 2 ** failures);

/** Runs a claimed mailbox, one turn after the other, until it is empty or a signal says otherwise. */
export async function runMailbox(deps: MailboxRunDeps, claim: Claim, stops: Stops): Promise<void> {
  const { stopping, breaking } = stops;
  const either = AbortSignal.any([stopping, breaking]);
  let settled: Settled | undefined;
  for (;;) {
    await deps.gate.pass(claim.place, either).catch(() => undefined); // what a signal says is looked at next
    if (breaking.aborted || (stopping.aborted && !settled)) return;
    const turn = await nextTurn(deps, claim, settled, either);
    if (!turn || either.aborted) return;
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
  deps: MailboxRunDeps,
  claim: Claim,
  settled: Settled | undefined,
  signal: AbortSignal,
): Promise<Turn | undefined> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await deps.mailbox.next(claim, settled);
    } catch (error) {
      deps.log.warn(
        { place: claim.place, failures, err: asError(error) },
        "a mailbox cannot be read; trying again",
      );
      if (signal.aborted) throw error;
      await deps.clock.sleep(backoff(failures), signal).catch(() => undefined);
    }
  }
}
