import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRecords } from "../../src/sandbox/slack/watchful.ts";
import { inert, inertSoFar, withoutBreaks } from "../../src/slack/inert.ts";

/** Whom Slack would notify of a streamed text, by the twin's rules. */
function notified(text: string): number {
  const records = createRecords();
  const blocks = [{ type: "markdown", text }];
  const sent = { channel: "C1", ts: "1.1", via: "chat.appendStream", text, blocks, attachments: [] };
  records.look({ ...sent, parse: "none", linkNames: false, unfurls: false });
  return records.notifications.length;
}

const token = fc.constantFrom(
  ..."<!here> <!channel|x> <!subteam^S1> <!HERE> <@U1> <@W1|ada> <#C1> <!date^1^x|y> ＜！here＞ ≮!here> <!h\\ere>".split(
    " ",
  ),
  "<!he\u200Bre>",
  "<\u{E0068}@U1>",
);
const part = fc.constantFrom(
  ..."< <! <@ <# <!h <!subte here> channel U1> > | ^ @ # ! ＜ ！ ≮ \\ List<@A <!DOCTYPE 文 ` ** \u0338 \u{1D421} \u{FF48}".split(
    " ",
  ),
  " ",
  "\n",
  "\u200B",
);
const odd = fc.oneof(fc.string({ maxLength: 3 }), fc.string({ unit: "binary", maxLength: 2 }));
const text = fc
  .array(
    fc.oneof({ weight: 2, arbitrary: token }, { weight: 4, arbitrary: part }, { weight: 1, arbitrary: odd }),
    { maxLength: 25 },
  )
  .map((pieces) => pieces.join(""));

describe("inert", () => {
  test("notifies nobody, and comes back as it was", () => {
    let hard = 0;
    fc.assert(
      fc.property(text, (whole) => {
        hard += Number(notified(whole) > 0);
        expect(notified(inert(whole))).toBe(0);
        if (!whole.includes("\u200A")) expect(withoutBreaks(inert(whole))).toBe(whole);
      }),
      { numRuns: 3_000 },
    );
    expect(hard).toBeGreaterThan(1_000);
  });

  test.each([
    ["<!DOCTYPE html>"],
    ["<!-- a comment -->"],
    ["List<@NonNull String>"],
    ["a < b, x <- y, <div>, Map<string, number>"],
    ["#include <stdio.h> and <#if x>"],
    ["@here, @channel and ada@example.com"],
  ])("leaves %s as it is", (harmless) => expect(inert(harmless)).toBe(harmless));

  test("does nothing to what is inert", () =>
    fc.assert(fc.property(text, (whole) => inert(inert(whole)) === inert(whole))));

  test("takes time in proportion to the text", () => {
    const worst = "<\u200B\u200B".repeat(50_000) + "<@".repeat(50_000) + `<@${"x".repeat(100_000)}`;
    expect(inert(worst)).toBe(worst);
  });
});

describe("inertSoFar", () => {
  test("is a beginning of what comes, wherever the text is cut", () => {
    const cases = { held: 0, hard: 0, halves: 0 };
    fc.assert(
      fc.property(text, (whole) => {
        let shown = "";
        // What holds from each beginning to the next holds for any deltas.
        for (let end = 1; end <= whole.length; end += 1) {
          const next = inertSoFar(whole.slice(0, end));
          expect(next.startsWith(shown)).toBe(true);
          expect(notified(next)).toBe(0);
          cases.held += Number(withoutBreaks(next).length < end);
          cases.halves += Number(!whole.slice(0, end).isWellFormed());
          shown = next;
        }
        expect(inert(whole).startsWith(shown)).toBe(true);
        cases.hard += Number(notified(whole) > 0);
      }),
      { numRuns: 600 },
    );
    expect(
      Object.values(cases).every((count) => count > 200),
      JSON.stringify(cases),
    ).toBe(true);
  });

  test("lacks the beginning of a mention and no more", () => {
    expect(inertSoFar("See a < b, and <!he")).toBe("See a < b, and ");
    expect(inertSoFar("See <!hex")).toBe("See <!hex");
    expect(inertSoFar("See <@Override\n")).toBe("See <@Override\n");
    expect(inertSoFar("<!here>")).toBe(inert("<!here>"));
  });
});
