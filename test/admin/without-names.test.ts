import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyCase, withoutNames } from "../../src/admin/without-names.ts";
import type { Person } from "../../src/store/of-found.ts";

const aliasOf = (id: string) => `<${id}>`;

/** The same by one regular expression of all names, tried on every text. */
function plainly(people: readonly Person[], text: string): string {
  const names = people
    .flatMap(({ id, names: all }) => [id, ...all].map((name) => ({ name, alias: aliasOf(id) })))
    .filter(({ name }) => name.length >= 3)
    .sort((a, b) => b.name.length - a.name.length);
  if (names.length === 0) return text;
  const any = names.map(({ name }) => RegExp.escape(name)).join("|");
  const found = new RegExp(`(?<![\\p{L}\\p{N}])(?:${any})(?![\\p{L}\\p{N}])`, "giu");
  return text.replace(found, (written) => {
    const same = (flags: string) =>
      names.find(({ name }) => new RegExp(`^(?:${RegExp.escape(name)})$`, flags).test(written));
    return (
      (names.find(({ name }) => name.toLowerCase() === written.toLowerCase()) ?? same("iu"))?.alias ?? "?"
    );
  });
}

const letters = fc.constantFrom(
  "a",
  "A",
  "k",
  "K",
  "\u212A",
  "s",
  "\u017F",
  "σ",
  "ς",
  "Σ",
  "é",
  ".",
  " ",
  "(",
  "7",
);
const name = fc.string({ unit: letters, minLength: 1, maxLength: 4 });
const people = fc
  .array(fc.array(name, { minLength: 1, maxLength: 2 }), { maxLength: 3 })
  .map((all) => all.map((names, at) => ({ id: `U${at}00`, names })));
const worlds = people.chain((all) => {
  const said = all.flatMap(({ id, names }) => [id, ...names]);
  const word = fc.oneof(
    name,
    fc.constantFrom("U000", "u100", ...said, ...said.map((one) => one.toUpperCase())),
  );
  return fc.record({ all: fc.constant(all), words: fc.array(word, { maxLength: 6 }) });
});

describe("names", () => {
  it("are found as by one look at all of them", () => {
    const reached = { named: 0, otherCase: 0, none: 0 };
    fc.assert(
      fc.property(worlds, ({ all, words }) => {
        const text = words.join(" ");
        const expected = plainly(all, text);
        if (expected === text) reached.none += 1;
        else reached.named += 1;
        if (
          expected !== text &&
          !all.some(({ id, names }) => [id, ...names].some((one) => text.includes(one)))
        )
          reached.otherCase += 1;
        expect(withoutNames(all, aliasOf)(text)).toBe(expected);
      }),
      { numRuns: 500 },
    );
    expect(Math.min(...Object.values(reached))).toBeGreaterThan(8);
  });

  it("are looked for in any case, by every letter that has one", () => {
    const cased: string[] = [];
    for (let code = 0; code <= 0x10_ff_ff; code += 1) {
      const letter = code >= 0xd8_00 && code <= 0xdf_ff ? "" : String.fromCodePoint(code);
      if (/[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]/u.test(letter)) cased.push(letter);
    }
    const all = cased.join("");
    let others = 0;
    for (const letter of cased)
      for (const [same] of all.matchAll(new RegExp(letter, "giu"))) {
        if (same !== letter) others += 1;
        if (anyCase(same) !== anyCase(letter)) expect([letter, same]).toEqual([]);
      }
    expect(cased.length).toBeGreaterThan(2_000);
    expect(others).toBeGreaterThan(2_000);
  });
});
