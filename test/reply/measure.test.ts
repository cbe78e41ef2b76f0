import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitting, sizeOf } from "../../src/reply/measure.ts";

/** As the platforms count: NUL and a half of a pair are sent as U+FFFD. */
const COUNTS = {
  utf16: (text: string) => text.length,
  "code points": (text: string) => Array.from(text).length,
  utf8: (text: string) => Buffer.byteLength(text.replaceAll("\0", "\uFFFD")),
};
const units = Object.keys(COUNTS) as (keyof typeof COUNTS)[];
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc
    .array(fc.constantFrom("a", "é", "漢", "😀", "\uD83D", "\uDE00", "\0"), { maxLength: 60 })
    .map((signs) => signs.join("")),
);

describe.each(units)("counted in %s", (unit) => {
  const count = COUNTS[unit];

  test("a text is as large as the platform finds it", () => {
    fc.assert(
      fc.property(text, (some) => {
        expect(sizeOf(some, unit)).toBe(count(some));
      }),
    );
  });

  test("what fits is all that has room, and ends inside no character", () => {
    let full = 0;
    fc.assert(
      fc.property(text, fc.nat(80), (some, room) => {
        const end = fitting(some, room, unit);
        expect(count(some.slice(0, end))).toBeLessThanOrEqual(room);
        const next = String.fromCodePoint(some.codePointAt(end) ?? 0);
        if (end < some.length) expect(count(some.slice(0, end) + next)).toBeGreaterThan(room);
        if (unit !== "utf16") expect(some.slice(0, end).isWellFormed() || !some.isWellFormed()).toBe(true);
        full += Number(end < some.length);
      }),
      { numRuns: 300 },
    );
    expect(full).toBeGreaterThan(50);
  });
});
