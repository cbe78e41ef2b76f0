import { expect, test } from "vitest";
import { keepPrices } from "../../src/app/prices.ts";
import { createLog } from "../../src/log.ts";
import type { Model } from "../../src/telnyx/telnyx.ts";
import { fakeClock } from "../fakes/clock.ts";

const HOUR = 3_600_000;
const costing = (prompt: number): readonly Model[] => [
  { id: "m", task: "text-generation", recommended: true, price: { prompt, completion: 1 } },
  { id: "unpriced", task: "text-generation", recommended: true },
];

/** Telnyx with a price list that the test changes; without one it cannot be reached. */
function priceList() {
  const clock = fakeClock();
  const lines: string[] = [];
  const list = { models: undefined as readonly Model[] | undefined, asked: 0 };
  const telnyx = {
    listModels: async () => {
      list.asked += 1;
      if (!list.models) throw new Error("no route to Telnyx");
      return list.models;
    },
  };
  const log = createLog("warn", [], { write: (line) => void lines.push(line) });
  return { deps: { telnyx, clock, log }, clock, list, lines };
}

test("the price is the newest list's, which is read every hour", async () => {
  const { deps, clock, list } = priceList();
  const prices = keepPrices(deps, costing(1));
  expect(prices.priceOf("m")).toEqual({ prompt: 1, completion: 1 });
  expect([prices.priceOf("unpriced"), prices.priceOf("other")]).toEqual([undefined, undefined]);
  list.models = costing(2);
  await clock.advance(HOUR - 1);
  expect([list.asked, prices.priceOf("m")?.prompt]).toEqual([0, 1]);
  await clock.advance(1);
  expect([list.asked, prices.priceOf("m")?.prompt]).toEqual([1, 2]);
  await prices.stop();
  expect(clock.sleeping()).toBe(0);
});

test("a list that cannot be read leaves the last one, is told of, and is soon asked for again", async () => {
  const { deps, clock, list, lines } = priceList();
  const prices = keepPrices(deps, costing(1));
  await clock.advance(HOUR);
  expect(prices.priceOf("m")?.prompt).toBe(1);
  expect(lines).toHaveLength(1);
  list.models = costing(3);
  await clock.advance(300_000);
  expect(prices.priceOf("m")?.prompt).toBe(3);
  await prices.stop();
});

test("where the start could read none, one is read soon", async () => {
  const { deps, clock, list } = priceList();
  const prices = keepPrices(deps);
  expect(prices.priceOf("m")).toBeUndefined();
  list.models = costing(4);
  await clock.advance(300_000);
  expect(prices.priceOf("m")?.prompt).toBe(4);
  await prices.stop();
});
