import { describe, expect, test } from "vitest";
import { failedOf, readComplaint, reasonOf, refused } from "../../src/telnyx/errors.ts";

const telnyx = (code: string, title: string, detail?: string, source?: unknown) =>
  JSON.stringify({ errors: [{ code, title, detail, source, meta: { url: "https://example.com" } }] });

describe("readComplaint", () => {
  test.each<[string, string, object]>([
    [
      "Telnyx's list",
      telnyx("10009", "Authentication failed", "Could not understand the credentials.", {
        pointer: "/body/model",
      }),
      {
        codes: ["10009"],
        message: "Authentication failed: Could not understand the credentials.",
        param: "model",
      },
    ],
    [
      "Telnyx's list, with a title alone",
      telnyx("10005", "Not found"),
      { codes: ["10005"], message: "Not found" },
    ],
    [
      "a title that is the detail, once",
      telnyx("10011", "Too many", "Too many"),
      { codes: ["10011"], message: "Too many" },
    ],
    [
      "FastAPI's list",
      '{"detail":[{"loc":["body","input",0],"msg":"field required","type":"value_error.missing","input":"what a person said"}]}',
      { codes: ["value_error.missing"], message: "body.input.0: field required", param: "input" },
    ],
    ["FastAPI's word", '{"detail":"Not Found"}', { codes: [], message: "Not Found" }],
    [
      "OpenAI's object with Telnyx's list",
      '{"error":{"message":"Bad","type":"invalid_request_error","param":"model","code":"model_not_found"},"errors":[{"code":"invalid_request","title":"Invalid"}]}',
      {
        codes: ["model_not_found", "invalid_request_error", "invalid_request"],
        message: "Bad",
        param: "model",
      },
    ],
    ["OpenAI's as a word", '{"error":"Nope"}', { codes: [], message: "Nope" }],
    ["a message alone", '{"message":"Nope","code":404}', { codes: ["404"], message: "Nope" }],
    ["HTML", "<html>\n<h1>502 Bad  Gateway</h1></html>", { codes: [], message: "502 Bad Gateway" }],
    ["nothing", "", { codes: [], message: "" }],
    [
      "JSON of no known form",
      '{"ok":false,"errors":[],"error":null,"detail":[7]}',
      { codes: [], message: "" },
    ],
    ["a list", "[1]", { codes: [], message: "[1]" }],
  ])("reads %s", (_, body, complaint) => {
    expect(readComplaint(body)).toEqual(complaint);
  });

  test("quotes no more than a piece, and no key", () => {
    const words = readComplaint(`{"detail":"KEY0123456789ABCDEF is wrong ${"x".repeat(2_000)}"}`).message;
    expect(words).toHaveLength(500);
    expect(words).toMatch(/^\[secret\] is wrong/);
  });
});

describe("reasonOf", () => {
  test.each([
    [400, "10015", "rejected"],
    [400, "20012", "account"],
    [400, "content_filter", "content_filter"],
    [401, "10009", "account"],
    [402, "", "account"],
    [403, "10010", "account"],
    [403, "never_seen", "account"],
    [404, "10005", "rejected"],
    [408, "10008", "timeout"],
    [409, "", "unavailable"],
    [413, "", "rejected"],
    [422, "10027", "rejected"],
    [425, "", "unavailable"],
    [429, "10011", "rate_limited"],
    [429, "insufficient_quota", "account"],
    [301, "", "rejected"],
    [500, "10007", "unavailable"],
    [502, "", "unavailable"],
    [503, "10037", "unavailable"],
    [503, "10009", "unavailable"],
  ])("%i with code %s is %s", (status, code, reason) => {
    expect(reasonOf(status, [code])).toBe(reason);
  });
});

describe("refused", () => {
  const answer = (status: number, body: string, headers = {}) =>
    refused({
      call: "POST /x",
      status,
      headers,
      complaint: readComplaint(body),
      now: Date.UTC(2026, 10, 22),
      notFound: "conversation_gone",
    });

  test("says for the operator what was asked, what came, and what it means", () => {
    const error = answer(403, telnyx("10010", "Authorization failed", "Account is disabled D17"), {
      "x-request-id": "r-1",
    });
    expect(error.message).toBe(
      "POST /x answered 403 10010: Authorization failed: Account is disabled D17 " +
        "(the account or its key may not do this; an empty balance looks like this, too; request r-1)",
    );
    expect(error).toMatchObject({
      code: "telnyx_account",
      status: 403,
      reason: "account",
      reached: "refused",
      requestId: "r-1",
    });
    expect(answer(500, "").message).toBe("POST /x answered 500");
  });

  test.each([
    [400, "refused"],
    [409, "refused"],
    [429, "refused"],
    [404, "refused"],
    [408, "unknown"],
    [500, "unknown"],
    [502, "unknown"],
    [503, "unknown"],
    [504, "unknown"],
  ])("%i: what became of the request is %s", (status, reached) => {
    expect(answer(status, "").reached).toBe(reached);
  });

  test("a 404 means what the call says it means", () => {
    expect(answer(404, "").reason).toBe("conversation_gone");
  });

  test("carries the wait of a 429, 503 or 409, and of nothing else", () => {
    const headers = { "retry-after": "4", "x-ratelimit-reset": "9" };
    for (const status of [429, 503, 409]) expect(answer(status, "", headers).retryAfterMs).toBe(4_000);
    for (const status of [400, 500]) expect(answer(status, "", headers).retryAfterMs).toBeUndefined();
  });

  test("becomes the last event of a stream", () => {
    expect(failedOf(answer(429, "", { "retry-after": "4" }))).toEqual({
      kind: "failed",
      reason: "rate_limited",
      detail: "POST /x answered 429",
      reached: "refused",
      retryAfterMs: 4_000,
    });
  });
});
