import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import { channelOf, decodePlace, encodePlace, isAfter } from "../../src/discord/place.ts";
import { discordPlace, snowflake } from "./arbitraries.ts";

describe("the place codec", () => {
  test("a place that was encoded is read back as it was", () => {
    fc.assert(
      fc.property(discordPlace, (place) => {
        expect(decodePlace(encodePlace(place))).toEqual(place);
      }),
    );
  });

  test("distinct places are distinct strings", () => {
    let nearMisses = 0;
    fc.assert(
      fc.property(discordPlace, discordPlace, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        if (!same && channelOf(one) === channelOf(other)) nearMisses += 1;
        expect(encodePlace(one) === encodePlace(other)).toBe(same);
      }),
      { numRuns: 2_000 },
    );
    expect(nearMisses).toBeGreaterThan(50);
  });

  test("is stored, so its form stays", () => {
    expect(encodePlace({ kind: "channel", guild: "1", channel: "2" })).toBe("discord:1:2");
    expect(encodePlace({ kind: "thread", guild: "1", parent: "2", thread: "3" })).toBe("discord:1:2:3");
    expect(encodePlace({ kind: "dm", channel: "2" })).toBe("discord:@me:2");
  });

  test.each([
    "",
    "discord",
    "discord:1",
    "discord:1:",
    "discord:@me:1:2",
    "discord:1:2:3:4",
    "discord:x:2",
    "slack:1:2",
    "discord:1:2:",
    "discord:1:2/../3",
  ])("refuses %j", (text) => {
    expect(() => decodePlace(text as Place)).toThrow(/Not a place on Discord/);
  });
});

describe("isAfter", () => {
  test("orders snowflakes by their value, whatever their length", () => {
    expect(isAfter("100000000000000000", "99999999999999999")).toBe(true);
    fc.assert(
      fc.property(snowflake, snowflake, (a, b) => {
        expect(isAfter(a, b)).toBe(BigInt(a) - BigInt(b) > 0n);
      }),
    );
  });
});
