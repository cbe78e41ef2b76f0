import fc from "fast-check";
import { expect, it } from "vitest";
import { addPairs, addTo, type Bag, readBag, readBags, writeBag } from "../../../src/store/index/bag.ts";

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

it("is read as well one behind the other, and so much at a time as there is room for", () => {
  let [full, several] = [0, 0];
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.tuple(number, fc.integer({ min: 1, max: 3 })), { maxLength: 9 }), {
        maxLength: 5,
      }),
      fc.integer({ min: 1, max: 8 }),
      (all, room) => {
        const texts = all.map((pairs) => writeBag(new Map(pairs)));
        const [text, reading, read] = [texts.join(" "), { at: 0, value: 0 }, [] as number[]];
        const pairs = new Float64Array(room * 2);
        while (reading.at < text.length) {
          const end = readBags(text, reading, pairs);
          read.push(...pairs.subarray(0, end));
          if (end === pairs.length) full += 1;
        }
        expect(read).toEqual(texts.flatMap(readBag));
        if (texts.filter((one) => one !== "").length > 1) several += 1;
      },
    ),
  );
  expect(Math.min(full, several)).toBeGreaterThan(10);
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
