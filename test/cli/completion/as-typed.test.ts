import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quote } from "../../../src/admin/query/print.ts";
import { parseQuery } from "../../../src/admin/query/query.ts";
import { allAsTyped, asTyped, eachAsTyped } from "../../../src/cli/completion/as-typed.ts";
import { fold } from "../../../src/store/words.ts";

describe("what completes", () => {
  it.each([
    ["user:dev", 'user:"Devika Rao"', "user:devika*"],
    ["user:De", 'user:"Devika Rao"', "user:Devika*"],
    ["-user:a,zo", '-user:a,"Zoë 🌻"', "-user:a,zoë*"],
    ["user:zo", "user:Zoë", "user:zoë"],
    ["channel:sup", "channel:support", "channel:support"],
    ["model:glm", "model:zai-org/GLM-5.3", "model:glm-5.3"],
    ["user:rao", 'user:"Devika Rao"', undefined],
    ["user:on", 'user:"(on call)"', undefined],
    ["chan", "user:", undefined],
  ])("for %s, %s, is written as what was typed", (typed, candidate, expected) =>
    expect(asTyped(typed, candidate)).toBe(expected),
  );

  it("is as it is where nothing of what was typed would be lost", () => {
    const alike = ['user:"Devika Rao"', 'user:"Devika (on call)"'];
    expect(allAsTyped("user:dev", alike)).toEqual(alike);
    expect(allAsTyped("user:packet", ["user:packet_pusher", 'user:"packet pusher (he/him)"'])).toEqual([
      "user:packet_pusher",
      "user:packet*",
    ]);
    expect(eachAsTyped("user:zo", "user:Zoë")).toBe("user:Zoë");
    expect(eachAsTyped("user:zo", 'user:"Zoë 🌻"')).toBe("user:zoë*");
  });

  it("finds the name that it is made of", () => {
    const name = fc.string({
      unit: fc.constantFrom("a", "B", "é", " ", '"', "(", ",", "*", "日", "."),
      minLength: 1,
      maxLength: 9,
    });
    const counts = { cut: 0, whole: 0 };
    fc.assert(
      fc.property(name, fc.nat(3), (called, length) => {
        fc.pre(called.trim() === called);
        const begun = called.slice(0, length + 1).toLowerCase();
        fc.pre(/^[^\s()",*]*$/.test(begun));
        const written = asTyped(`user:${begun}`, `user:${quote(called)}`);
        if (written === undefined) return;
        expect(written.startsWith(`user:${begun}`)).toBe(true);
        const { where } = parseQuery(written, 0);
        const names = JSON.stringify(where).matchAll(
          /"match":"(equals|prefix)","value":("(?:[^"\\]|\\.)*")/g,
        );
        const finds = [...names].some(([, match, value = ""]) => {
          const wanted = String(JSON.parse(value));
          return match === "prefix" ? fold(called).startsWith(wanted) : fold(called) === wanted;
        });
        expect(finds, written).toBe(true);
        if (written.endsWith("*")) counts.cut += 1;
        else counts.whole += 1;
      }),
      { numRuns: 500 },
    );
    expect(Math.min(counts.cut, counts.whole)).toBeGreaterThan(20);
  });
});
