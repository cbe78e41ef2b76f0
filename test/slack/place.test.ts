import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import { compareTs, decodePlace, encodePlace, sentAt, type SlackPlace } from "../../src/slack/place.ts";

const id = fc.stringMatching(/^[TCDG][A-Z0-9]{1,10}$/);
const ts = fc
  .tuple(fc.integer({ min: 1_000_000_000, max: 2_000_000_000 }), fc.integer({ min: 0, max: 999_999 }))
  .map(([seconds, micros]) => `${seconds}.${String(micros).padStart(6, "0")}`);
const place: fc.Arbitrary<SlackPlace> = fc.record(
  { team: id, channel: id, threadTs: ts },
  { requiredKeys: ["team", "channel"] },
);

describe("places", () => {
  test("decode to what was encoded", () => {
    fc.assert(
      fc.property(place, (one) => {
        expect(decodePlace(encodePlace(one))).toEqual(one);
      }),
    );
  });

  test("are different strings when they are different places", () => {
    const near = fc.tuple(place, place).map(([a, b]) => [a, { ...a, ...b }] as const);
    fc.assert(
      fc.property(fc.oneof(near, fc.tuple(place, place)), ([a, b]) => {
        const same = a.team === b.team && a.channel === b.channel && a.threadTs === b.threadTs;
        expect(encodePlace(a) === encodePlace(b)).toBe(same);
      }),
    );
    expect(fc.sample(place, 500).filter((one) => one.threadTs === undefined).length).toBeGreaterThan(50);
  });

  test.each(["", "slack", "slack:T1", "slack:T1:C1:", "slack:T1:C1:12", "discord:1:2", "slack:T1:C1:1.1:x"])(
    "%s is none",
    (text) => {
      expect(() => decodePlace(text as Place)).toThrow(/not a place of Slack/);
    },
  );
});

test("timestamps are ordered by time, not by their text", () => {
  const sorted = ["999999999.000200", "1700000000.000100", "1700000000.000200", "1700000001.000000"];
  expect([...sorted].reverse().sort(compareTs)).toEqual(sorted);
  expect(compareTs("1700000000.000100", "1700000000.000100")).toBe(0);
});

test("a timestamp is a time in whole milliseconds, without a rounding error", () => {
  for (let millis = 0; millis < 1_000; millis += 1)
    expect(sentAt(`1700000000.${String(millis).padStart(3, "0")}999`)).toBe(1_700_000_000_000 + millis);
});
