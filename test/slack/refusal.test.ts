import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from "@slack/web-api";
import { expect, test } from "vitest";
import { PlatformRefusal } from "../../src/errors.ts";
import { asRefusal } from "../../src/slack/refusal.ts";

const platform = (error: string, more: object = {}) =>
  new WebAPIPlatformError({ ok: false, error, response_metadata: {}, ...more });
const told = (caught: unknown) => {
  const { kind, code, retryAfterMs } = asRefusal(caught, "chat.update");
  return [kind, code, retryAfterMs];
};

test.each([
  ["message_not_found", "gone"],
  ["is_archived", "unreachable"],
  ["not_in_channel", "unreachable"],
  ["restricted_action_read_only_channel", "unreachable"],
  ["invalid_auth", "unauthorized"],
  ["token_revoked", "unauthorized"],
  ["internal_error", "unavailable"],
  ["msg_too_long", "rejected"],
  ["invalid_blocks", "rejected"],
  ["something_new", "rejected"],
])("%s is %s", (code, kind) => {
  expect(told(platform(code))).toEqual([kind, `slack_${code}`, undefined]);
});

test("a rate limit says how long to wait, in milliseconds", () => {
  expect(told(new WebAPIRateLimitedError(3))).toEqual(["rate_limited", "slack_ratelimited", 3_000]);
  expect(told(platform("ratelimited"))).toEqual(["rate_limited", "slack_ratelimited", 5_000]);
  const unnamed = new Error(
    "Retry header did not contain a valid timeout (url: x, retry-after header: null)",
  );
  expect(told(unnamed)).toEqual(["rate_limited", "slack_ratelimited", 5_000]);
});

test("what says nothing of what Slack did is unavailable", () => {
  expect(told(new WebAPIHTTPError(502, "Bad Gateway", {}, "<html>"))[0]).toBe("unavailable");
  expect(told(new WebAPIRequestError(new Error("ECONNRESET")))[0]).toBe("unavailable");
  expect(told(new TypeError("terminated"))[0]).toBe("unavailable");
  expect(told(platform("<html>Something went wrong</html>"))).toEqual([
    "unavailable",
    "slack_no_json",
    undefined,
  ]);
});

test("tells the operator what is missing, and keeps the cause", () => {
  const cause = platform("missing_scope", {
    needed: "chat:write",
    response_metadata: { messages: ["[ERROR] no"] },
  });
  const refusal = asRefusal(cause, "chat.postMessage");
  expect(refusal.message).toBe("chat.postMessage: missing_scope; needs the scope chat:write; [ERROR] no");
  expect(refusal.cause).toBe(cause);
  expect(asRefusal(refusal, "else")).toBe(refusal);
  expect(refusal).toBeInstanceOf(PlatformRefusal);
});
