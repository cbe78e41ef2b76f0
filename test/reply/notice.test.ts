import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agoInWords, failureNotice, incompleteNotice, inWords, lateNotice } from "../../src/reply/notice.ts";
import { reasons } from "./arbitraries.ts";

const all = [true, false].flatMap((partial) =>
  reasons.map((reason) => ({ reason, partial, notice: failureNotice(reason, { partial }) })),
);

describe("failureNotice", () => {
  test("each reason has its own words, and others when part of the answer is there", () => {
    expect(new Set(all.map(({ notice }) => notice)).size).toBe(all.length);
  });

  test.each(all)(
    "$reason ($partial) is short, plain and says what happened",
    ({ reason, partial, notice }) => {
      expect(notice).toMatch(/^[A-Z][^_*`<>\n]{8,150}\.$/);
      expect(notice).not.toMatch(/error code|HTTP|API|token|stream|server|request|timeout|\b\d{3}\b/i);
      expect(notice.startsWith("The answer stops here: ")).toBe(partial);
      // Being stopped is the one thing after which there is nothing to do.
      if (reason !== "aborted") expect(notice).toMatch(/\. (?:Please|Ask|Other|A shorter)/);
    },
  );

  test("tells how long to wait where that is known", () => {
    expect(failureNotice("rate_limited", { partial: false, retryAfterMs: 20_000 })).toBe(
      "I could not answer: the model is being asked too much at the moment. Please ask again in 20 seconds.",
    );
    expect(failureNotice("unavailable", { partial: true, retryAfterMs: 3_600_000 })).toContain(
      "continue in an hour.",
    );
    expect(failureNotice("rate_limited", { partial: false })).toContain("again in a minute.");
    expect(failureNotice("account", { partial: false, retryAfterMs: 5_000 })).not.toContain("seconds");
  });
});

describe("incompleteNotice", () => {
  test.each(["max_output_tokens", "content_filter", "max_messages", "something new"])(
    "%s ends a partial answer",
    (why) => {
      expect(incompleteNotice(why)).toMatch(/^The answer stops here: [^_*`\n]+\. (?:Ask|Other) [^\n]+\.$/);
      expect(incompleteNotice(why)).not.toContain(why);
    },
  );
});

describe("lateNotice", () => {
  test("says how long ago it was asked, and nothing strange where the clocks differ", () => {
    expect(lateNotice(20 * 60_000)).toBe("This was asked while I was away, 20 minutes ago.");
    expect(lateNotice(-5_000)).toBe("This was asked while I was away, a few seconds ago.");
  });
});

describe("agoInWords", () => {
  test.each([
    [3 * 3_600_000 + 1_000, "3 hours ago"],
    [3.6 * 3_600_000, "4 hours ago"],
    [50 * 60_000, "50 minutes ago"],
    [51 * 60_000, "an hour ago"],
    [89 * 60_000, "an hour ago"],
    [14_000, "10 seconds ago"],
    [34 * 3_600_000, "a day ago"],
  ])("%i milliseconds ago is %s", (ms, words) => {
    expect(agoInWords(ms)).toBe(words);
  });
});

describe("inWords", () => {
  const units: Record<string, number> = { second: 1, minute: 60, hour: 3_600, day: 86_400 };

  test("never names a shorter time than it is, nor a much longer one", () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(120_000), fc.nat(10 ** 7), fc.nat(10 ** 9)), (ms) => {
        const [, count = "", unit = ""] =
          /^(a few|an?|\d+) (second|minute|hour|day)s?$/.exec(inWords(ms)) ?? [];
        const named =
          (count === "a few" ? 10 : count.startsWith("a") ? 1 : Number(count)) * units[unit]! * 1_000;
        expect(named).toBeGreaterThanOrEqual(ms);
        expect(named).toBeLessThanOrEqual(Math.max(10_000, ms * 2 + 1_000));
      }),
    );
  });

  test.each([
    [0, "a few seconds"],
    [10_001, "20 seconds"],
    [55_000, "a minute"],
    [61_000, "2 minutes"],
    [3_000_001, "an hour"],
    [90_000_000, "2 days"],
  ])("%i milliseconds are %s", (ms, words) => {
    expect(inWords(ms)).toBe(words);
  });
});
