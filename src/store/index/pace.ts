import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import type { Batch } from "./indexer.ts";

/** How fast the index takes in what came: each batch is one transaction, which runs in one go where the database is this process's. */
export interface Pace {
  /** Runs a batch of the size that is right now. */
  batch(index: (limit: number) => Promise<Batch>): Promise<Batch>;
  /** Lets others in before the next. */
  rest(): Promise<unknown>;
}

/** Below this a batch costs as much as its commit; above it memory is the limit. */
const [LEAST, MOST] = [20, 400];
/** Nobody who waits for the process, or for the file, notices that long. */
const AIM_MS = 15;

/** As fast as can be, for a database that has processes of its own. */
export const atOnce = (size = 100): Pace => ({ batch: (index) => index(size), rest: () => setImmediate() });

/** With batches that take about 15 ms each, and so many milliseconds for others in between. */
export function steady(clock: Clock, restMs: number): Pace {
  let size = LEAST;
  return {
    batch: async (index) => {
      const began = clock.monotonic();
      const taken = await index(size);
      const tookMs = Math.max(1, clock.monotonic() - began);
      if (taken.full) size = Math.round(Math.min(MOST, size * 2, Math.max(LEAST, (size * AIM_MS) / tookMs)));
      return taken;
    },
    rest: () => clock.sleep(restMs),
  };
}
