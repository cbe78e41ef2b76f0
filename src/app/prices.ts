import type { Clock } from "../clock.ts";
import { asError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Price } from "../reply/event.ts";
import type { Model, Telnyx } from "../telnyx/telnyx.ts";

export interface PricesDeps {
  readonly telnyx: Pick<Telnyx, "listModels">;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Prices {
  /** What the model costs by the newest list. Undefined: not known, which keeps nobody from an answer. */
  readonly priceOf: (model: string) => Price | undefined;
  stop(): Promise<void>;
}

/** How long a list is taken for the newest. Prices change seldom. */
const HOLDS_MS = 3_600_000;
/** After a list that did not come. */
const RETRY_MS = 300_000;

/** Keeps Telnyx's price list, beginning with `models` where the start has read one. */
export function keepPrices({ telnyx, clock, log }: PricesDeps, models?: readonly Model[]): Prices {
  const stopping = new AbortController();
  const { signal } = stopping;
  let prices = pricesIn(models ?? []);
  const keep = async () => {
    for (let wait = models ? HOLDS_MS : RETRY_MS; ;) {
      await clock.sleep(wait, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        prices = pricesIn(await telnyx.listModels(signal));
        wait = HOLDS_MS;
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ err: asError(error) }, "Telnyx's price list cannot be read now: the last one holds");
        wait = RETRY_MS;
      }
    }
  };
  const running = keep();
  return {
    priceOf: (model) => prices.get(model),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

const pricesIn = (models: readonly Model[]): ReadonlyMap<string, Price> =>
  new Map(models.flatMap(({ id, price }) => (price ? [[id, price] as const] : [])));
