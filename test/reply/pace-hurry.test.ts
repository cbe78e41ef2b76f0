import { describe, expect, it } from "vitest";
import { type Draft, whenDraft, type Window } from "../../src/reply/pace.ts";

const TIER_3 = { paints: 50, windowMs: 60_000 };

describe("who hurries", () => {
  /** When the next draft is due of four that began two seconds ago, when nothing, or other things, had been drawn before. */
  const dueAfter = (change: Partial<Window & Draft> = {}) => {
    const now = 100_000;
    const window = { now, ...TIER_3, drawn: [], ages: [2_000, 2_000, 2_000, 2_000], ended: [], ...change };
    const draft = { age: 2_000, after: now, painted: now - 2_000, ahead: 0, fullIn: Infinity, ...change };
    return whenDraft(window, draft) - now;
  };
  const earlier = (count: number) => Array.from({ length: count }, (_, i) => 60_000 + i);
  const free = TIER_3.paints - 4;

  it("whoever was not painted for long, in a workspace that was quiet", () => {
    expect(dueAfter()).toBeCloseTo((40_000 / 3 - 2_000) / free);
    const careful = 17_000 / free;
    expect(dueAfter({ painted: 100_000 })).toBeCloseTo(careful);
    expect(dueAfter({ painted: 99_100 + 300 })).toBeCloseTo(300);
  });

  it("the less, the more had been drawn before its reply began", () => {
    const paces = [0, 4, 8, 13, 20].map((count) => dueAfter({ drawn: earlier(count) }) * (free - count));
    expect(paces.map((pace) => Math.round(pace / 1_000))).toEqual([11, 13, 15, 17, 17]);
    const own = Array.from({ length: 20 }, (_, i) => 98_000 + i * 90);
    expect(dueAfter({ drawn: own }) * (free - 20)).toBeCloseTo(40_000 / 3 - 2_000);
  });

  it("nobody who would not leave three endings to those who come next, for each that is live", () => {
    const own = (left: number) => Array.from({ length: free - left }, (_, i) => 98_000 + i * 10);
    expect(dueAfter({ drawn: own(13) }) * 13).toBeCloseTo(40_000 / 3 - 2_000);
    expect(dueAfter({ drawn: own(12) }) * 12).toBeCloseTo(17_000);
  });

  it("nobody whose answer is no short one, or whose windows are short", () => {
    expect(dueAfter({ age: 10_000 }) * free).toBeCloseTo(22_000);
    const discord = { paints: 5, windowMs: 5_000, ages: [8_000], age: 8_000 };
    expect(dueAfter(discord)).toBeCloseTo(5_000 / 4);
  });
});
