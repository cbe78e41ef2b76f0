import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, wordsOf } from "../../src/store/words.ts";

/** Pieces that are hard to make comparable, alone and beside each other. */
const hard = fc.constantFrom(
  "é",
  "e\u0301",
  "İ",
  "ß",
  "ẞ",
  "Σ",
  "ς",
  "ﬁ",
  "Ａ",
  "Ǆ",
  "\u1100",
  "\u1161",
  "が",
  "か\u3099",
  "น้ำ",
  "कि",
  "\u0301",
  "\u200B",
  "\u00AD",
  "\uD83D",
  "\uDE00",
  "👩‍👩‍👧",
  "\0",
  "\n",
  " ",
  "東",
  "_",
);
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.array(hard, { minLength: 5, maxLength: 30 }).map((parts) => parts.join("")),
);

describe("fold", () => {
  it.each([
    ["Support", "SUPPORT"],
    ["Café", "Cafe\u0301"],
    ["Łódź Ærø Đà", "lodz aero da"],
    ["Straße", "STRASSE"],
    ["STRAẞE 𝐀", "strasse a"],
    ["ᾳ", "α"],
    ["ΟΔΟΣ", "οδός"],
    ["İstanbul Kapı", "istanbul KAPI"],
    ["ｆｕｌｌ　ｗｉｄｔｈ", "full width"],
    ["sup\u200Bport\u00AD", "support"],
    ["  a\t\n b ", "a b"],
    ["שָׁלוֹם", "שלום"],
  ])("makes %j and %j the same", (one, other) => expect(fold(one)).toBe(fold(other)));

  it.each([
    ["がく", "かく"],
    ["कि", "का"],
    ["a b", "ab"],
    ["a-b", "a b"],
  ])("keeps %j and %j apart", (one, other) => expect(fold(one)).not.toBe(fold(other)));

  it("changes nothing that was folded, whatever the text", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });

  it("makes well-formed text", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(fold(text).isWellFormed()).toBe(true);
      }),
    );
  });

  it("goes by upper and lower case nowhere", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(fold(text.toWellFormed().normalize("NFKD").toUpperCase())).toBe(fold(text));
      }),
    );
  });
});

describe("wordsOf", () => {
  it("gives letters and digits in their order, comparable", () => {
    expect(wordsOf("Hello, wörld! Order-17: C0123_x (1,000)")).toEqual([
      "hello",
      "world",
      "order",
      "17",
      "c0123",
      "x",
      "1",
      "000",
    ]);
  });

  it("makes one word a character of what is written without spaces", () => {
    expect(wordsOf("東京タワーへ2回")).toEqual(["東", "京", "タ", "ワ", "ー", "へ", "2", "回"]);
    expect(wordsOf("ไทยดี abc")).toEqual(["ไ", "ท", "ย", "ดี", "abc"]);
  });

  it("keeps words of other scripts whole, marks and all", () => {
    expect(wordsOf("नमस्ते दुनिया, 한국어 привет")).toEqual(["नमस्ते", "दुनिया", "한국어", "привет"]);
  });

  it("finds no words in signs and emoji", () => expect(wordsOf("?! — 👍🏽 \uD800")).toEqual([]));

  it("cuts runs that no index takes into words of 64, the same for a beginning of them", () => {
    const run = "𝔞b".repeat(50);
    expect(wordsOf(run).map((word) => Array.from(word).length)).toEqual([64, 36]);
    expect(wordsOf(run.slice(0, -10)).slice(0, 1)).toEqual(wordsOf(run).slice(0, 1));
    expect(wordsOf("𐐀".repeat(65)).map((word) => Array.from(word).length)).toEqual([64, 1]);
  });

  it("is the same for a text and for its words, whatever the text", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const words = wordsOf(text);
        expect(wordsOf(words.join(" "))).toEqual(words);
        expect(wordsOf(fold(text))).toEqual(words);
      }),
    );
  });

  it("is tried with texts of several words, some of them without spaces", () => {
    const samples = fc.sample(texts, 500).map(wordsOf);
    expect(samples.filter((words) => words.length > 2).length).toBeGreaterThan(90);
    expect(samples.filter((words) => words.includes("東")).length).toBeGreaterThan(50);
  });

  it("keeps every letter and digit: what is left out is signs alone", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(wordsOf(text).join("")).toBe(
          fold(text)
            .replaceAll(/[^\p{L}\p{N}\p{M}]/gu, "")
            .replaceAll(/(?<![\p{L}\p{N}\p{M}])\p{M}+/gu, ""),
        );
      }),
    );
  });
});
