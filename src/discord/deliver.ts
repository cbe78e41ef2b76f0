import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";

/** Discord delivers an event once, acknowledged or not. So what cannot be taken in is kept here and tried again after these pauses, the last one for ever. */
const PAUSES_MS = [250, 1_000, 4_000, 15_000];
/** Ten minutes: whoever cannot take in one message for so long will not, and those behind it wait. */
const MOST_TRIES = 43;
/** A day of a busy server, or some ten megabytes. */
const MOST_WAITING = 5_000;

/** Hands messages over: those of a channel one after the other, as they came; those of different channels at once. */
export interface Delivery {
  /** Runs `hand` when it is the channel's turn, again while it rejects. Never throws. */
  take(channel: string, hand: () => Promise<void>): void;
  /** Resolves when nothing is under way. Once the signal has aborted, nobody waits for the pauses: each gets one try more. */
  settle(): Promise<void>;
  /** Resolves when what is under way now is not any more. */
  drained(): Promise<void>;
}

export interface DeliveryDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** A message was given up. It has to be read again, from where it was posted. */
  readonly onLost: () => void;
}

export function createDelivery({ clock, log, signal, onLost }: DeliveryDeps): Delivery {
  const lanes = new Map<string, Promise<void>>();
  let waiting = 0;

  const attempt = async (channel: string, hand: () => Promise<void>) => {
    for (let tries = 1; ; tries += 1) {
      const isLast = signal.aborted || tries === MOST_TRIES;
      try {
        return await hand();
      } catch (err) {
        if (isLast) {
          log.error(
            { err, channel, tries },
            "a message from Discord could not be taken in; left to be caught up on",
          );
          return onLost();
        }
        const pause = PAUSES_MS[tries - 1] ?? PAUSES_MS.at(-1) ?? 0;
        log.warn({ err, channel, pause }, "a message from Discord could not be taken in; trying again");
        await clock.sleep(pause, signal).catch(() => undefined);
      }
    }
  };
  const drained = async () => void (await Promise.all(lanes.values()));

  return {
    take(channel, hand) {
      if (waiting >= MOST_WAITING) {
        log.error(
          { channel, waiting },
          "too many messages from Discord wait; one is left to be caught up on",
        );
        return onLost();
      }
      waiting += 1;
      const turn = (lanes.get(channel) ?? Promise.resolve())
        .then(() => attempt(channel, hand))
        .finally(() => {
          waiting -= 1;
          if (lanes.get(channel) === turn) lanes.delete(channel);
        });
      lanes.set(channel, turn);
    },
    async settle() {
      while (lanes.size > 0) await drained();
    },
    drained,
  };
}
