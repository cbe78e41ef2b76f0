import { describe, expect, test } from "vitest";
import { AT, foldedFrom, LESS_THAN } from "../../src/markdown/fold.ts";

const BEGINNINGS: Readonly<Record<string, string>> = { "<": LESS_THAN, "@": AT };

test("every sign of Unicode that folds to the beginning of a mention is known for one", () => {
  const found: Record<string, string> = { "<": "", "@": "" };
  for (let code = 0; code <= 0x10_ffff; code += 1) {
    const sign = String.fromCodePoint(code);
    const plain = sign.normalize("NFKD").charAt(0);
    if (plain in found) found[plain] += sign;
  }
  expect(found).toEqual(BEGINNINGS);
});

describe("foldedFrom", () => {
  test.each([
    ["@Ｅｖ\u00ADér\\y\u200B𝐨ne", "@everyone"],
    ["!here> and more", "!here>"],
    ["@U1\nnext", "@u1"],
    ["a＜b", "a"],
  ])("%j is read as %j", (text, folded) => expect(foldedFrom(text, 0, 40)).toBe(folded));

  test("reads no further than it has to", () => {
    expect(foldedFrom("x@ﬃﬃ", 1, 3)).toBe("@ff");
  });
});
