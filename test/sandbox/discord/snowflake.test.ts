import { expect, it } from "vitest";
import { byAge, createSnowflakes, isSnowflake, timeOf } from "../../../src/sandbox/discord/snowflake.ts";

it("ids carry their time", () => {
  // The id and the time of the example in Discord's API Reference, Snowflakes.
  expect(timeOf("175928847299117063")).toBe(Date.UTC(2016, 3, 30, 11, 18, 25, 796));
  const now = Date.UTC(2026, 10, 22);
  expect(timeOf(createSnowflakes(() => now)())).toBe(now);
});

it("ids never repeat or go back, also when the clock does", () => {
  let now = Date.UTC(2026, 10, 22);
  const next = createSnowflakes(() => (now -= 1));
  const ids = Array.from({ length: 100 }, () => ({ id: next() }));
  expect([...ids].sort(byAge)).toEqual(ids);
  expect(new Set(ids.map(({ id }) => id)).size).toBe(100);
});

it("ids are decimal numbers of 64 bits", () => {
  expect(["1", "18446744073709551615", "18446744073709551616", "x", "", 5].map(isSnowflake)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
