import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLimit } from "../../../src/admin/session/limit.ts";

function limitAt(each: number, all: number, perMs: number) {
  let now = 0;
  const limit = createLimit({ clock: { monotonic: () => now }, each, all, perMs });
  return { take: (key: string) => limit.take(key), pass: (ms: number) => void (now += ms) };
}

describe("a limit", () => {
  it("lets so many through at once, then one after the other, and says how long to wait", () => {
    const { take, pass } = limitAt(2, 100, 1_000);
    expect([take("a"), take("a"), take("a")]).toEqual([undefined, undefined, 500]);
    pass(499);
    expect(take("a")).toBe(1);
    pass(1);
    expect([take("a"), take("a")]).toEqual([undefined, 500]);
    pass(1_000_000);
    expect([take("a"), take("a"), take("a")]).toEqual([undefined, undefined, 500]);
  });

  it("tells keys apart, and counts all of them together", () => {
    const { take } = limitAt(2, 3, 3_000);
    expect([take("a"), take("a"), take("a")]).toEqual([undefined, undefined, 1_500]);
    expect([take("b"), take("c")]).toEqual([undefined, 1_000]);
  });

  it("goes on to hold when more keys come than are told apart, and forgets those that are full again", () => {
    const { take, pass } = limitAt(1, Infinity, 1_000);
    for (let index = 0; index < 10_000; index += 1) expect(take(String(index))).toBeUndefined();
    expect(take("one more")).toBeUndefined();
    expect(take("and another")).toBe(1_000);
    expect(take("17")).toBe(1_000);
    pass(1_000);
    expect([take("new"), take("newer")]).toEqual([undefined, undefined]);
  });

  it("never lets more through in any span than at once and what has filled up since", () => {
    let held = 0;
    const step = fc.record({ key: fc.constantFrom("a", "b", "c"), ms: fc.integer({ min: 0, max: 150 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 80 }), (steps) => {
        const { take, pass } = limitAt(3, 5, 1_000);
        const through: { key: string; at: number }[] = [];
        let at = 0;
        for (const { key, ms } of steps) {
          pass(ms);
          at += ms;
          if (take(key) === undefined) through.push({ key, at });
          else held += 1;
        }
        for (const [from, first] of through.entries())
          for (const [to, last] of through.entries()) {
            if (to < from) continue;
            const span = through.slice(from, to + 1);
            const passed = last.at - first.at;
            expect(span.length).toBeLessThanOrEqual(5 + (passed * 5) / 1_000 + 1e-6);
            const same = span.filter(({ key }) => key === first.key);
            expect(same.length).toBeLessThanOrEqual(3 + (passed * 3) / 1_000 + 1e-6);
          }
      }),
    );
    expect(held).toBeGreaterThan(100);
  });
});
