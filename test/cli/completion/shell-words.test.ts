import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bashReplies, lineOf } from "../../../src/cli/completion/shell-words.ts";

const BREAKS = " \t\n\"'><=;|&(:";
const currentOf = (line: string) => lineOf(line).current;

describe("a line", () => {
  it.each([
    ["patchcord ", ["patchcord"], "", ""],
    ["patchcord turns chan", ["patchcord", "turns"], "chan", ""],
    ["patchcord turns 'a b", ["patchcord", "turns"], "a b", "'"],
    [`patchcord turns "say \\"hi\\" \\x`, ["patchcord", "turns"], 'say "hi" \\x', '"'],
    ["patchcord turns a\\ b'c d'e", ["patchcord", "turns"], "a bc de", ""],
    ["patchcord turns ''  x", ["patchcord", "turns", ""], "x", ""],
    ["cd /tmp && patchcord us", ["patchcord"], "us", ""],
    ["cat x | patchcord 'a|b' ", ["patchcord", "a|b"], "", ""],
    ["patchcord x\\", ["patchcord"], "x", ""],
  ])("%s has its words without their quotes", (line, words, text, quote) => {
    expect(lineOf(line)).toMatchObject({ words, current: { text, quote } });
  });
});

describe("what bash puts there", () => {
  it.each([
    // Behind the open quote, whatever is in it.
    ["'channel:su", ["channel:support"], ["channel:support"]],
    ["'thread:it", ["thread:it's"], ["thread:it'\\''s"]],
    ['"thread:', ['thread:"a $b"'], ['thread:\\"a \\$b\\"']],
    // Behind the last sign at which bash breaks words.
    ["channel:su", ["channel:support"], ["support"]],
    ["thread:", ['thread:"a b"'], ['\\"a\\ b\\"']],
    ["chan", ["channel:"], ["channel:"]],
    ["channel\\:su", ["channel:support"], ["channel:support"]],
    ["user:zo", ['user:"Zoë 🌻"'], ['\\"Zoë\\ 🌻\\"']],
    ["channel:'su", ["channel:support"], ["support"]],
  ])("for %s", (word, candidates, replies) =>
    expect(bashReplies(currentOf(`patchcord turns ${word}`), candidates, BREAKS)).toEqual(replies),
  );

  it("loses nothing of what was typed", () => {
    const typed = currentOf("patchcord turns 'user:a");
    expect(bashReplies(typed, ['user:"Ada L"', "user:alice"], BREAKS)).toEqual(["user:ada*", "user:alice"]);
    expect(bashReplies(typed, ['user:"Ada L"', 'user:"Ada M"'], BREAKS)).toHaveLength(2);
  });

  it("is the candidate, when bash has put it behind what it keeps and the quote is closed", () => {
    const counts = { quoted: 0, broken: 0 };
    fc.assert(
      fc.property(
        // Inside of a quote whatever would end it is left for the candidate to bring.
        fc.string({ unit: fc.constantFrom("a", "b", ":", "é", "日"), maxLength: 6 }),
        fc.string({
          unit: fc.constantFrom("a", ":", " ", "'", '"', "\\", "$", "`", "*", "日"),
          maxLength: 8,
        }),
        fc.constantFrom("", "'", '"'),
        (begun, rest, quote) => {
          const candidate = begun + rest;
          fc.pre(candidate !== "");
          const before = `patchcord turns ${quote}`;
          const kept = quote === "" ? begun.slice(0, begun.lastIndexOf(":") + 1) : "";
          if (quote !== "") counts.quoted += 1;
          if (kept !== "") counts.broken += 1;
          const [reply] = bashReplies(currentOf(before + begun), [candidate], BREAKS);
          expect(reply).toBeDefined();
          expect(lineOf(`${before}${kept}${reply}${quote}`)).toMatchObject({
            current: { text: candidate, quote: "" },
          });
        },
      ),
      { numRuns: 500 },
    );
    expect(Math.min(counts.quoted, counts.broken)).toBeGreaterThan(20);
  });
});
