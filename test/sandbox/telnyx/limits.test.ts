import { describe, expect, test } from "vitest";
import { fakeClock } from "../../fakes/clock.ts";
import { clientOf, start, textOf } from "./client.ts";

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);

describe("the rate limit", () => {
  test.each([
    ["delta", { "x-ratelimit-limit": "2", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "59" }],
    ["epoch", { "x-ratelimit-reset": String(NOW / 1000 + 60) }],
    ["retry_after", { "retry-after": "59", "x-ratelimit-reset": null }],
    ["retry_after_date", { "retry-after": "Sun, 22 Nov 2026 12:01:00 GMT" }],
    ["both", { "retry-after": "59", "x-ratelimit-reset": "59" }],
    ["none", { "retry-after": null, "x-ratelimit-reset": null }],
  ] as const)("is told in the form %s", async (rateLimitHeaders, expected) => {
    const clock = fakeClock(NOW);
    const { respond } = await start({ clock, switches: { requestsPerMinute: 2, rateLimitHeaders } });
    for (const _ of [1, 2]) {
      const { status, headers } = await respond("hi");
      expect([status, headers.get("retry-after")]).toEqual([200, null]);
    }
    await clock.advance(1_500);
    const { status, headers, body } = await respond("hi");
    expect([status, body.errors[0].code]).toEqual([429, "10011"]);
    for (const [name, value] of Object.entries(expected))
      expect([name, headers.get(name)]).toEqual([name, value]);
  });

  test("is an organization's, over all its keys, a minute long, and for Responses alone", async () => {
    const clock = fakeClock(NOW);
    const keys = { KEYa: "org-a", KEYa2: "org-a", KEYb: "org-b" };
    const { twin, respond, conversation } = await start({ clock, keys, switches: { requestsPerMinute: 1 } });
    expect((await respond("hi")).headers.get("x-ratelimit-remaining")).toBe("0");
    expect((await clientOf(twin, "KEYa2").respond("hi")).status).toBe(429);
    expect((await clientOf(twin, "KEYb").respond("hi")).status).toBe(200);
    expect(await conversation()).toMatch(/-/);
    await clock.advance(59_999);
    expect((await respond("hi")).status).toBe(429);
    await clock.advance(1);
    expect((await respond("hi")).status).toBe(200);
  });
});

describe("many streams at once", () => {
  test("are served together, recorded within bounds, and all end", async () => {
    const count = 1_000;
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const { twin, stream } = await start({
      keep: { requests: 100, bodyBytes: 50 },
      script: async function* () {
        yield { kind: "text", text: "held " };
        await held;
        yield { kind: "text", text: "and released" };
      },
    });
    const streams = Array.from({ length: count }, () => stream("x".repeat(500), {}, { silence: 60_000 }));
    await expect.poll(() => twin.live()).toBe(count);
    release();
    const texts = (await Promise.all(streams)).map(({ events }) => textOf(events));
    expect(new Set(texts)).toEqual(new Set(["held and released"]));
    expect(twin.live()).toBe(0);
    expect(twin.requests).toHaveLength(100);
    expect(twin.requests.every(({ body }) => body.length === 50)).toBe(true);
  });
});
