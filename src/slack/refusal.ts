import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from "@slack/web-api";
import { asError, PlatformRefusal, type RefusalKind } from "../errors.ts";
import { record, text } from "./json.ts";

/** Where Slack names no wait. Its own waits are whole seconds; most are below ten. */
const UNNAMED_WAIT_MS = 5_000;

const KINDS: Readonly<Record<Exclude<RefusalKind, "rejected">, readonly string[]>> = {
  rate_limited: ["ratelimited", "rate_limited", "message_limit_exceeded"],
  unavailable: [
    "fatal_error",
    "internal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
    "accesslimited",
    "update_failed",
  ],
  gone: ["message_not_found", "cant_update_message", "edit_window_closed"],
  unreachable: [
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "is_inactive",
    "thread_not_found",
    "cannot_reply_to_message",
    "messages_tab_disabled",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "restricted_action_thread_locked",
    "restricted_action_non_threadable_channel",
    "posting_to_channel_denied",
    "no_permission",
    "team_not_found",
    "ekm_access_denied",
    "access_denied",
    "user_disabled",
    "missing_scope",
    "method_not_supported_for_channel_type",
  ],
  unauthorized: [
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "org_login_required",
    "team_access_not_granted",
    "not_allowed_token_type",
    "two_factor_setup_required",
    "enterprise_is_restricted",
  ],
};

const KIND_OF = new Map(
  Object.entries(KINDS).flatMap(([kind, codes]) => codes.map((code) => [code, kind as RefusalKind] as const)),
);

/**
 * What a failed call of the Web API means for the bridge. Codes are those that docs.slack.dev lists for chat.postMessage,
 * chat.update, conversations.replies and conversations.history; one that is not known refuses the content as it is.
 * A 5xx, a broken connection or a time limit says nothing of what Slack did: `unavailable`.
 */
export function asRefusal(caught: unknown, method: string): PlatformRefusal {
  if (caught instanceof PlatformRefusal) return caught;
  const cause = asError(caught);
  const refuse = (kind: RefusalKind, code: string, detail: string, retryAfterMs?: number) =>
    new PlatformRefusal(kind, `slack_${code}`, `${method}: ${detail}`, {
      cause,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });

  if (caught instanceof WebAPIRateLimitedError)
    return refuse("rate_limited", "ratelimited", cause.message, caught.retryAfter * 1000);
  // web-api's plain Error for a 429 without a usable Retry-After.
  if (cause.message.startsWith("Retry header did not contain"))
    return refuse("rate_limited", "ratelimited", cause.message, UNNAMED_WAIT_MS);
  if (caught instanceof WebAPIHTTPError)
    return refuse("unavailable", `http_${caught.statusCode}`, cause.message);
  if (!(caught instanceof WebAPIPlatformError)) return refuse("unavailable", "no_answer", cause.message);

  // A body that is not JSON comes as a code, whole.
  const code = caught.data.error;
  if (!/^[a-z0-9_:.-]{1,80}$/u.test(code)) return refuse("unavailable", "no_json", "answered with no JSON");
  const kind = KIND_OF.get(code) ?? "rejected";
  const detail = [code, ...explanations(caught.data)].join("; ");
  return refuse(kind, code, detail, kind === "rate_limited" ? UNNAMED_WAIT_MS : undefined);
}

/** What Slack says beside the code: the scope that is missing, what is wrong with the blocks. */
function explanations(data: unknown): string[] {
  const { needed, response_metadata: metadata } = record(data);
  const messages = record(metadata)["messages"];
  const first = Array.isArray(messages) ? text(messages[0]) : undefined;
  return [
    ...(text(needed) === undefined ? [] : [`needs the scope ${String(needed)}`]),
    ...(first === undefined ? [] : [first]),
  ];
}
