import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";

/** Discord delivers an event once, acknowledged or not. So what cannot be taken in is kept here and tried again after these pauses. */
const PAUSES_MS = [250, 1_000, 4_000, 15_000];

/** Hands messages over: those of a channel one after the other, as they came; those of different channels at once. */
export interface Delivery {
  /** Runs `hand` when it is the channel's turn, again while it rejects, and gives up in the end. Never throws. */
  take(channel: string, hand: () => Promise<void>): void;
  /** Resolves when nothing is under way. Once the signal has aborted, nobody waits for the pauses. */
  settle(): Promise<void>;
}

export function createDelivery(deps: { clock: Clock; log: Log; signal: AbortSignal }): Delivery {
  const { clock, log, signal } = deps;
  const lanes = new Map<string, Promise<void>>();

  const attempt = async (channel: string, hand: () => Promise<void>) => {
    for (const pause of [...PAUSES_MS, undefined]) {
      try {
        return await hand();
      } catch (err) {
        if (pause === undefined) {
          log.error({ err, channel }, "a message from Discord could not be taken in, and is lost");
          return undefined;
        }
        log.warn({ err, channel, pause }, "a message from Discord could not be taken in; trying again");
        await clock.sleep(pause, signal).catch(() => undefined);
      }
    }
  };

  return {
    take(channel, hand) {
      const turn = (lanes.get(channel) ?? Promise.resolve())
        .then(() => attempt(channel, hand))
        .finally(() => {
          if (lanes.get(channel) === turn) lanes.delete(channel);
        });
      lanes.set(channel, turn);
    },
    async settle() {
      while (lanes.size > 0) await Promise.all(lanes.values());
    },
  };
}
