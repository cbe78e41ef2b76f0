import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pageKey, stableUuid } from "../../src/bridge/keys.ts";
import type { Message } from "../../src/chat/message.ts";

const part = fc.string({ unit: fc.constantFrom("a", "b", "-", "é", "😀"), maxLength: 6 });

describe("a key", () => {
  it("made of the same parts is the same UUID, and of other parts another", () => {
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 3 }),
        fc.array(part, { minLength: 1 }),
        (one, two) => {
          expect(stableUuid(...one)).toBe(stableUuid(...one));
          // RFC 9562: version 8, variant 10.
          expect(stableUuid(...one)).toMatch(
            /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
          );
          expect(stableUuid(...one) === stableUuid(...two)).toBe(JSON.stringify(one) === JSON.stringify(two));
        },
      ),
    );
    expect(stableUuid("ab", "c")).not.toBe(stableUuid("a", "bc"));
  });

  it("of a page fits a Discord nonce, whatever the message's key, and names one page of one message", () => {
    const keyOf = (key: string, page: number) =>
      pageKey({ id: 7, message: { key } as Message }, page, false).text;
    fc.assert(
      fc.property(part, fc.nat(10_000), (key, page) => {
        expect(keyOf(key, page)).toMatch(/^[a-z0-9-]{1,25}$/);
        expect(keyOf(key, page)).not.toBe(keyOf(key, page + 1));
        expect(keyOf(key, page)).not.toBe(keyOf(`${key}x`, page));
      }),
    );
    expect(pageKey({ id: 7, message: { key: "k" } as Message }, 2, true)).toMatchObject({
      turn: 7,
      page: 2,
      repeated: true,
    });
  });
});
