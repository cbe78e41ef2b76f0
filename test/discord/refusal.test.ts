import { DiscordAPIError, HTTPError, RateLimitError } from "discord.js";
import { describe, expect, test } from "vitest";
import { refusalOf } from "../../src/discord/refusal.ts";
import { PlatformRefusal } from "../../src/errors.ts";
import { createLog } from "../../src/log.ts";

const sent = { body: { content: "what a person wrote" }, files: undefined };
const url = "https://discord.com/api/v10/channels/1/messages";

const apiError = (status: number, code?: number) =>
  new DiscordAPIError(
    (code === undefined ? {} : { code, message: "Told" }) as { code: number; message: string },
    code as number,
    status,
    "POST",
    url,
    sent,
  );

const limit = {
  global: false,
  hash: "x",
  limit: 5,
  majorParameter: "1",
  method: "POST",
  route: "/channels/:id/messages",
  scope: "user",
  sublimitTimeout: 0,
  url,
} as const;

describe("refusalOf", () => {
  test.each([
    [404, 10008, "gone"],
    [404, 10003, "unreachable"],
    [404, 10004, "unreachable"],
    [403, 50001, "unreachable"],
    [403, 50007, "unreachable"],
    [403, 50013, "unreachable"],
    [400, 50083, "unreachable"],
    [403, 160005, "unreachable"],
    [400, 160006, "unreachable"],
    [400, 50006, "rejected"],
    [400, 50035, "rejected"],
    [403, 50005, "rejected"],
    [400, 200000, "rejected"],
    [400, 240000, "rejected"],
    [413, 40005, "rejected"],
    [401, 0, "unauthorized"],
    [403, 40333, "unavailable"],
    [503, 130000, "unavailable"],
    [400, 30046, "rate_limited"],
  ] as const)("%i with code %i is %s", (status, code, kind) => {
    const refusal = refusalOf(apiError(status, code));
    expect([refusal.kind, refusal.code]).toEqual([kind, `discord_${code}`]);
    expect(refusal.retryAfterMs).toBe(kind === "rate_limited" ? 5_000 : undefined);
  });

  test("an error page of something in between is no word of Discord", () => {
    const refusal = refusalOf(apiError(403));
    expect([refusal.kind, refusal.code]).toEqual(["unavailable", "discord_http_403"]);
    expect(refusalOf(apiError(401)).kind).toBe("unauthorized");
  });

  test("a server's failure and a lost connection are unavailable", () => {
    expect(refusalOf(new HTTPError(502, "Bad Gateway", "POST", url, sent))).toMatchObject({
      kind: "unavailable",
      code: "discord_http_502",
    });
    expect(refusalOf(new Error("ECONNRESET"))).toMatchObject({ kind: "unavailable", message: "ECONNRESET" });
    expect(refusalOf("anything")).toMatchObject({ kind: "unavailable", message: "anything" });
  });

  test("a rate limit says how long to wait, whatever the headers leave out", () => {
    const wait = (retryAfter: number, timeToReset: number, most = 5) =>
      refusalOf(new RateLimitError({ ...limit, limit: most, retryAfter, timeToReset })).retryAfterMs;
    expect([wait(2_000, 500), wait(0, 700), wait(0, -3, Infinity)]).toEqual([2_000, 700, 5_000]);
  });

  test("a rate limit that is known, and over by the time it is told, is waited for a moment and no window", () => {
    const over = new RateLimitError({ ...limit, retryAfter: 0, timeToReset: 0 });
    expect(refusalOf(over).retryAfterMs).toBe(250);
  });

  test("a refusal stays what it is", () => {
    const refusal = new PlatformRefusal("gone", "x", "y");
    expect(refusalOf(refusal)).toBe(refusal);
  });

  test("what a person wrote does not go into the log with it", () => {
    const lines: string[] = [];
    const log = createLog("info", [], { write: (line: string) => void lines.push(line) });
    const thrown = [apiError(400, 50035), new HTTPError(502, "Bad Gateway", "POST", url, sent)];
    for (const error of thrown) log.warn({ err: refusalOf(error) }, "refused");
    expect(lines).toHaveLength(2);
    expect(lines.join("")).toContain("discord_50035");
    expect(lines.join("")).not.toContain("what a person wrote");
  });
});
