import { describe, expect, it } from "vitest";
import { type Answer, bare, questionIn, tokensOf } from "../../bench/compare/answer.ts";
import { mean, overTime, quantile, showingOf, type Sight } from "../../bench/compare/figures.ts";

/** Five segments of three words, one a second from 1,000 ms on. */
const words = Array.from({ length: 5 }, (_, i) => `k07${String(i).padStart(3, "0")} rope **tide** `);
const answer: Answer = {
  question: 7,
  text: words.join(""),
  segments: words.map((word, i) => ({
    mark: bare(word),
    end: words.slice(0, i + 1).join("").length,
    at: 1_000 * (i + 1),
  })),
  begunAt: 1_000,
  endedAt: 5_000,
};
const upTo = (count: number) => words.slice(0, count).join("");
const at = (ms: number, text: string, message = "1"): Sight => ({ at: ms, message, text });
const WHOLE = answer.text.length;

describe("showingOf", () => {
  it("finds nothing late when every word is shown as it is said", () => {
    const shown = showingOf(
      answer,
      [1, 2, 3, 4, 5].map((i) => at(1_000 * i, upTo(i))),
    );
    expect(shown).toMatchObject({ firstMs: 0, completeMs: 0, lost: 0, doubled: 0 });
    expect([...shown.ages, ...shown.behind].every((one) => one === 0)).toBe(true);
  });

  it("tells how old the oldest word is that is not shown, and how many characters are missing", () => {
    const shown = showingOf(answer, [at(1_000, upTo(1)), at(5_600, upTo(5))]);
    expect(Math.max(...shown.ages)).toBe(3_000);
    expect(mean(shown.ages)).toBeCloseTo((3_000 * 3_000) / 2 / 4_000, -2);
    expect(shown.behind.at(-1)).toBe(WHOLE - upTo(1).length);
    expect(shown.completeMs).toBe(600);
  });

  it("tells how the age goes on over the model's time", () => {
    const shown = showingOf(answer, [at(1_000, upTo(1)), at(3_000, upTo(3)), at(5_600, upTo(5))]);
    // "two" is said at 2,000 and seen at 3,000; "four" is said at 4,000 and not seen before the end.
    expect(overTime([shown, shown], 4).map((ms) => Math.round(ms / 100))).toEqual([0, 5, 0, 5]);
  });

  it("knows the words under other formatting, over several messages, and with a fence opened again", () => {
    const cut = upTo(2).length + "k07002 rope".length;
    const first = answer.text.slice(0, cut).replaceAll("**", "*");
    const second = `\`\`\`ts\n${answer.text.slice(cut).replaceAll("**", "")}\n\`\`\` …`;
    const shown = showingOf(answer, [at(3_000, first, "1"), at(6_000, second, "2")]);
    expect(shown).toMatchObject({ firstMs: 2_000, completeMs: 1_000, lost: 0, doubled: 0 });
  });

  it("reads messages as they stand, whichever came first, also words that two of them share", () => {
    const cut = upTo(2).length + "k07002 rope".length;
    const sights = [at(5_000, answer.text.slice(cut), "2"), at(5_500, answer.text.slice(0, cut), "1")];
    expect(showingOf(answer, sights)).toMatchObject({ completeMs: 500, lost: 0 });
  });

  it("counts what never came as lost, and what stands twice as doubled", () => {
    expect(showingOf(answer, [])).toMatchObject({ firstMs: Infinity, completeMs: Infinity, lost: WHOLE });
    const cut = showingOf(answer, [at(5_000, `${upTo(4)}k07004 ro...`)]);
    expect(cut).toMatchObject({ lost: WHOLE - upTo(4).length, completeMs: Infinity });
    const twice = showingOf(answer, [at(5_000, answer.text, "1"), at(6_000, upTo(1), "2")]);
    expect(twice).toMatchObject({ lost: 0, doubled: upTo(1).length, completeMs: 0 });
  });

  it("takes a text that was taken back as not shown", () => {
    const shown = showingOf(answer, [at(2_000, upTo(2)), at(3_000, ""), at(5_000, answer.text)]);
    expect(shown.lost).toBe(0);
    expect(Math.max(...shown.ages)).toBe(3_980);
  });

  it("holds a placeholder for no text", () => {
    expect(showingOf(answer, [at(1_000, "..."), at(4_000, upTo(4))]).firstMs).toBe(3_000);
  });
});

describe("an answer", () => {
  it("says which question each part of it answers, in words that stand nowhere else", () => {
    const text = tokensOf(42, 600).join("");
    expect(questionIn(text)).toBe(42);
    const names = text.match(/k42\d{3}/gu) ?? [];
    expect(new Set(names).size).toBe(200);
    expect(names).toHaveLength(200);
  });

  it("is about what a model writes: four to six characters a token, with a block of code in it", () => {
    const text = tokensOf(1, 600).join("");
    expect(text.length / 600).toBeGreaterThan(4);
    expect(text.length / 600).toBeLessThan(6.5);
    expect(text.match(/^```/gmu)).toHaveLength(2);
  });
});

describe("quantile", () => {
  it("is the value below which that share lies", () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(3);
    expect(quantile([1, Infinity], 0.99)).toBe(Infinity);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
