import type { Message } from "../chat/message.ts";
import type { Clock } from "../clock.ts";
import { asError } from "../errors.ts";
import type { Log } from "../log.ts";
import { type AnswerRules, decide } from "../reply/decide.ts";
import type { Mailbox } from "../store/mailbox.ts";
import type { Store } from "../store/store.ts";
import type { Workers } from "./workers.ts";

export interface IntakeDeps {
  readonly mailbox: Mailbox;
  readonly store: Store;
  readonly workers: Workers;
  readonly rules: AnswerRules;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What every platform hands its messages to. Resolves when the message is on the disk, or is none of ours; only then may the
 * platform be told that it arrived. Rejects when it could not be stored.
 */
export function createIntake(deps: IntakeDeps): (message: Message) => Promise<void> {
  const { mailbox, store, workers, log } = deps;
  return async (message) => {
    const takesPart = await store.takesPart(message.place, message.sentAt);
    const decision = decide(message, deps.rules, { takesPart });
    if (!decision.answer) {
      log.debug({ message: message.key, why: decision.why }, "message ignored");
      // No effect where the bot was never addressed.
      if (message.author.kind !== "self") await store.markGap(message.place, message.sentAt);
      return;
    }
    const added = await mailbox.add(message, workers.hasRoom());
    log.info(
      {
        message: message.key,
        why: decision.why,
        added: added.kind,
        ...(added.kind === "new" && { turn: added.turn }),
      },
      "message addressed",
    );
    if (added.kind === "seen") return;
    if (added.claim) workers.run(added.claim);
    // The message is safe; the names of its place may wait, and are noted again with the next one.
    await store
      .noteWhereabouts(message.place, message.where, deps.clock.now())
      .catch((error: unknown) =>
        log.warn({ place: message.place, err: asError(error) }, "a place's names were not noted"),
      );
  };
}
