import type { Press } from "../chat/platform.ts";
import { asError } from "../errors.ts";
import type { Log } from "../log.ts";
import { NOTHING_TO_ANSWER, NOTHING_TO_STOP } from "../reply/notice.ts";
import type { Mailbox } from "../store/mailbox.ts";
import type { Control, Word } from "../store/replicas.ts";

/** By what a turn that runs hears that somebody wants it to end. */
export interface Stops {
  /** Runs a turn, with a signal that aborts when its end is asked for: while it runs, or a moment before. */
  heed<T>(turn: number, run: (stop: AbortSignal) => Promise<T>): Promise<T>;
  /** Takes what any process says. */
  hear(word: Word): void;
}

/** A word can overtake the turn that it is for by a moment: so many of the newest are kept. */
const REMEMBERED = 1_000;

export function createStops(): Stops {
  const running = new Map<number, AbortController>();
  const asked = new Set<number>();
  return {
    async heed(turn, run) {
      const stop = new AbortController();
      if (asked.has(turn)) stop.abort();
      running.set(turn, stop);
      try {
        return await run(stop.signal);
      } finally {
        if (running.get(turn) === stop) running.delete(turn);
      }
    },
    hear({ turn }) {
      const [oldest] = asked;
      if (asked.size >= REMEMBERED && oldest !== undefined) asked.delete(oldest);
      asked.add(turn);
      running.get(turn)?.abort();
    },
  };
}

export interface PressDeps {
  readonly mailbox: Mailbox;
  readonly control: Control;
  readonly stops: Stops;
  readonly log: Log;
}

/**
 * What every platform hands its presses to. Whoever can see a button may press it. Resolves when what was asked for is on the disk, with
 * a sentence for that person alone if there is nothing left to do; rejects when it could not be stored.
 */
export function createPresses(deps: PressDeps): (press: Press) => Promise<string | undefined> {
  const { mailbox, log } = deps;
  return async (press) => {
    const { place, action, by } = press;
    const turn = await wish(mailbox, press);
    log.info(
      { turn: turn ?? press.turn, place, action, by: by.id, done: turn !== undefined },
      "a button was pressed",
    );
    if (turn === undefined) return action === "answer" ? NOTHING_TO_ANSWER : NOTHING_TO_STOP;
    if (action === "stop") await tell(deps, { kind: "stop", turn });
    return undefined;
  };
}

/** Stores what is asked for. The turn that it is asked of; undefined: there is nothing left to ask of it. */
async function wish(mailbox: Mailbox, { place, turn, action }: Press): Promise<number | undefined> {
  if (turn === undefined) return action === "stop" ? mailbox.askStopHere(place) : undefined;
  const isOpen = await (action === "stop" ? mailbox.askStop(place, turn) : mailbox.reopen(place, turn));
  return isOpen ? turn : undefined;
}

/** The wish is stored: a process that does not hear of it finds it when it takes the turn up again. */
async function tell({ control, stops, log }: PressDeps, word: Word): Promise<void> {
  await control.tell(word).catch((error: unknown) => {
    log.warn({ turn: word.turn, err: asError(error) }, "other processes were not told to stop a reply");
    stops.hear(word);
  });
}
