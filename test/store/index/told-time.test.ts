import Database from "better-sqlite3";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ranksOf, toldTime, toldTimeSql } from "../../../src/store/index/told-time.ts";

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

it("finds the ranks among counts", () => {
  const counts = (times: readonly number[]) =>
    new Map([...Map.groupBy(times, (ms) => ms)].map(([ms, all]) => [ms, all.length]));
  expect(ranksOf(new Map())).toBeUndefined();
  expect(ranksOf(counts([9]))).toEqual({ median: 9, p95: 9 });
  expect(ranksOf(counts([30, 10, 10, 20]))).toEqual({ median: 10, p95: 30 });
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(ranksOf(counts(hundred))).toEqual({ median: 50, p95: 95 });
});
