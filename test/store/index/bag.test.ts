import fc from "fast-check";
import { expect, it } from "vitest";
import { addPairs, addTo, type Bag, readBag, writeBag } from "../../../src/store/index/bag.ts";

const number = fc.oneof(
  fc.nat(70),
  fc.nat(),
  fc.maxSafeNat().map((value) => Math.floor(value / 4)),
);

it("comes back from its text as it was, in order, also with great numbers and counts", () => {
  let great = 0;
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          number,
          fc.integer({ min: 1, max: 2 ** 40 }).map((n) => (n % 3 ? 1 : n)),
        ),
      ),
      (all) => {
        const bag: Bag = new Map(all);
        const text = writeBag(bag);
        expect(readBag(text)).toEqual([...bag].sort(([a], [b]) => a - b).flat());
        expect(text).toMatch(/^[0-o]*$/);
        if (all.some(([value, count]) => value > 2 ** 32 && count > 1)) great += 1;
      },
    ),
  );
  expect(great).toBeGreaterThan(10);
});

it("holds nothing of what was taken out as often as it was put in", () => {
  const bag: Bag = new Map();
  addTo(bag, 5, 1);
  addPairs(bag, [5, 2, 7, 1]);
  addTo(bag, 7, -1);
  expect([...bag]).toEqual([[5, 3]]);
  addTo(bag, 5, -3);
  expect(writeBag(bag)).toBe("");
});

it("is not read from a text that is cut off", () => {
  const text = writeBag(new Map([[100_000, 3]]));
  for (let length = 1; length < text.length; length += 1)
    expect(() => readBag(text.slice(0, length)), `${length} of ${text}`).toThrow("cut off");
});
