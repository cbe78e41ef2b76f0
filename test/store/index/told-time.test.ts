import Database from "better-sqlite3";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  addTimes,
  ranksOf,
  toldTime,
  toldTimes,
  toldTimeSql,
  toPlaces,
} from "../../../src/store/index/told-time.ts";

const time = fc.oneof(
  fc.nat(200),
  fc.nat(),
  fc
    .integer({ min: 6, max: 42 })
    .chain((power) => fc.integer({ min: -1, max: 1 }).map((by) => 2 ** power + by)),
);

it("is off by less than 1.6 %, by nothing below 64 ms, and never out of order", () => {
  fc.assert(
    fc.property(time, time, (one, other) => {
      expect(Math.abs(toldTime(one) - one)).toBeLessThanOrEqual(one * 0.016);
      if (one < 64) expect(toldTime(one)).toBe(one);
      if (one <= other) expect(toldTime(one)).toBeLessThanOrEqual(toldTime(other));
    }),
  );
});

it("leaves few times, however many there were", () => {
  const told = new Set(Array.from({ length: 60_000 }, (_, ms) => toldTime(ms)));
  expect(told.size).toBeLessThan(400);
});

it("is the same in SQL", () => {
  const db = new Database(":memory:");
  const statement = db.prepare(`SELECT ${toldTimeSql("v")} AS told FROM (SELECT ? AS v)`).pluck();
  fc.assert(
    fc.property(time, (ms) => {
      expect(statement.get(BigInt(ms))).toBe(toldTime(ms));
    }),
  );
  db.close();
});

/** As they are told, each so often as it is there. */
function counts(times: readonly number[]) {
  const all = toldTimes();
  for (const ms of times) {
    const pairs = Float64Array.of(toldTime(ms), 1);
    toPlaces(pairs, 2);
    addTimes(all, pairs, 2);
  }
  return all;
}

it("tells each time by a place of its own, in their order", () => {
  let long = 0;
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 9 }), (times) => {
      const told = times.map(toldTime).toSorted((a, b) => a - b);
      // Some hundred years are told alike.
      fc.pre(told.every((ms) => ms < 2 ** 42));
      const [middle, last] = [told[Math.ceil(told.length / 2) - 1], told.at(-1)];
      expect(ranksOf(counts(times))).toEqual({ median: middle, p95: last });
      if ((last ?? 0) >= 2 ** 31) long += 1;
    }),
  );
  expect(long).toBeGreaterThan(10);
  expect(ranksOf(counts([2 ** 42, 2 ** 50]))?.median).toBeGreaterThan(2 ** 41);
});

it("finds the ranks among counts", () => {
  expect(ranksOf(toldTimes())).toBeUndefined();
  expect(ranksOf(counts([9]))).toEqual({ median: 9, p95: 9 });
  expect(ranksOf(counts([30, 10, 10, 20]))).toEqual({ median: 10, p95: 30 });
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  // From 64 ms on times are told two by two, by the middle.
  expect(ranksOf(counts(hundred))).toEqual({ median: 50, p95: 95 });
});
