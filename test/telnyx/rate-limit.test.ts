import { describe, expect, test } from "vitest";
import { retryAfterMs } from "../../src/telnyx/rate-limit.ts";

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);

describe("retryAfterMs", () => {
  test.each([
    ["seconds", { "retry-after": "3" }, 3_000],
    ["seconds with a fraction, rounded up", { "retry-after": "0.0015" }, 2],
    ["an HTTP date", { "retry-after": "Sun, 22 Nov 2026 12:00:07 GMT" }, 7_000],
    ["a date that has passed", { "retry-after": "Sun, 22 Nov 2026 11:59:00 GMT" }, 0],
    ["milliseconds", { "retry-after-ms": "1250", "retry-after": "9" }, 1_250],
    ["seconds until the reset", { "x-ratelimit-reset": "12" }, 12_000],
    ["the epoch second of the reset", { "x-ratelimit-reset": String(NOW / 1000 + 5) }, 5_000],
    ["the epoch millisecond of the reset", { "x-ratelimit-reset": String(NOW + 5_500) }, 5_500],
    ["an ISO date", { "x-ratelimit-reset": "2026-11-22T12:00:04Z" }, 4_000],
    ["the first of several", { "retry-after": ["2", "8"] }, 2_000],
    ["an hour at the most", { "retry-after": "86400" }, 3_600_000],
    ["retry-after before the reset", { "retry-after": "1", "x-ratelimit-reset": "60" }, 1_000],
    ["the reset where retry-after is nonsense", { "retry-after": "soon", "x-ratelimit-reset": "6" }, 6_000],
    ["nothing where there is nothing", { "x-ratelimit-remaining": "0" }, undefined],
    ["nothing for words, also with a number in them", { "retry-after": "in 5" }, undefined],
    ["nothing for a negative number", { "retry-after": "-4" }, undefined],
    ["nothing for an empty value", { "retry-after": " " }, undefined],
  ])("reads %s", (_, headers, wait) => {
    expect(retryAfterMs(headers, NOW)).toBe(wait);
  });

  test("holds dates against the answer's own clock, not ours", () => {
    const headers = { date: "Sun, 22 Nov 2026 18:00:00 GMT", "retry-after": "Sun, 22 Nov 2026 18:00:09 GMT" };
    expect(retryAfterMs(headers, NOW)).toBe(9_000);
    const reset = { date: headers.date, "x-ratelimit-reset": String(NOW / 1000 + 6 * 3600 + 3) };
    expect(retryAfterMs(reset, NOW)).toBe(3_000);
  });
});
