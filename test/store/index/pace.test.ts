import { expect, test } from "vitest";
import { steady } from "../../../src/store/index/pace.ts";
import { fakeClock } from "../../fakes/clock.ts";

/** Indexes batches of which each row takes so long. Returns the sizes that were asked for. */
async function sizes(msPerRow: number, count: number, rowsLeft = Infinity): Promise<number[]> {
  const clock = fakeClock();
  const pace = steady(clock, 20);
  const asked: number[] = [];
  for (let n = 0; n < count; n += 1)
    await pace.batch(async (limit) => {
      asked.push(limit);
      await clock.advance(limit * msPerRow);
      return { turns: Math.min(limit, rowsLeft), full: limit <= rowsLeft };
    });
  return asked;
}

test("batches become as large as take about 15 ms, and no larger than memory likes", async () => {
  expect((await sizes(0.1, 6)).slice(-2)).toEqual([150, 150]);
  expect((await sizes(0.001, 8)).at(-1)).toBe(400);
});

test("batches become small where each row takes long, but not so small that commits are all there is", async () => {
  expect(await sizes(50, 3)).toEqual([20, 20, 20]);
  expect(await sizes(0.5, 4)).toEqual([20, 30, 30, 30]);
});

test("a batch that was not full says nothing of how long rows take", async () => {
  expect(await sizes(0.1, 3, 2)).toEqual([20, 20, 20]);
});

test("others are let in between", async () => {
  const clock = fakeClock();
  let rested = false;
  void steady(clock, 20)
    .rest()
    .then(() => (rested = true));
  await clock.advance(19);
  expect(rested).toBe(false);
  await clock.advance(1);
  expect(rested).toBe(true);
});
