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
  readonly workers: Pick<Workers, "hasRoom" | "run">;
  readonly rules: AnswerRules;
  /** A message that was sent longer ago than this is not answered unasked. */
  readonly lateAfterMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is to become of a message. `why` is for the log. */
export interface Verdict {
  /** `late`: it is meant for the bot, but was sent too long ago to be answered unasked. */
  readonly kind: "answer" | "late" | "ignore";
  readonly why: string;
}

/** Takes what the platforms tell of, now or afterwards. */
export interface Intake {
  /**
   * Judges a message and takes it. Resolves when it is on the disk, or is none of ours; only then may the platform be
   * told that it arrived. Rejects when it could not be stored.
   */
  receive(message: Message): Promise<void>;
  /** `follows`: the bot was addressed in the place before, by a message that is not stored yet. */
  judge(message: Message, facts: { follows: boolean }): Promise<Verdict>;
  /** Stores what the verdict says: a turn, a turn that is only offered to be answered, or that something was said. */
  take(message: Message, verdict: Verdict): Promise<void>;
}

export function createIntake(deps: IntakeDeps): Intake {
  const { store, clock, log } = deps;

  const judge: Intake["judge"] = async (message, { follows }) => {
    const takesPart = follows || (await store.takesPart(message.place, message.sentAt));
    const { answer, why } = decide(message, deps.rules, { takesPart });
    if (!answer) return { kind: "ignore", why };
    return { kind: clock.now() - message.sentAt > deps.lateAfterMs ? "late" : "answer", why };
  };
  const take: Intake["take"] = async (message, { kind, why }) => {
    if (kind !== "ignore") return add(deps, message, { why, late: kind === "late" });
    log.debug({ message: message.key, why }, "message ignored");
    // No effect where the bot was never addressed.
    if (message.author.kind !== "self") await store.markGap(message.place, message.sentAt);
  };
  return { receive: async (message) => take(message, await judge(message, { follows: false })), judge, take };
}

async function add(deps: IntakeDeps, message: Message, { why, late }: { why: string; late: boolean }) {
  const { mailbox, workers, store, clock, log } = deps;
  const added = await mailbox.add(message, workers.hasRoom(), late);
  const turn = added.kind === "new" && { turn: added.turn, ...(late && { late }) };
  log.info({ message: message.key, why, added: added.kind, ...turn }, "message addressed");
  if (added.kind === "seen") return;
  if (added.claim) workers.run(added.claim);
  // The message is safe; the names of its place may wait, and are noted again with the next one.
  await store
    .noteWhereabouts(message.place, message.where, clock.now())
    .catch((error: unknown) =>
      log.warn({ place: message.place, err: asError(error) }, "a place's names were not noted"),
    );
}
