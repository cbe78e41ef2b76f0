import { redact } from "../log.ts";
import type { Failed, FailureReason } from "../reply/event.ts";
import { asObject, asObjects, asString, given, parseJson, type Json } from "./json.ts";
import { retryAfterMs, type Headers } from "./rate-limit.ts";
import { TelnyxError } from "./telnyx.ts";

/** What an error body says, whichever of the envelopes it uses. */
export interface Complaint {
  readonly codes: readonly string[];
  readonly message: string;
  /** The field that is complained of, `model`. */
  readonly param?: string;
}

/**
 * Codes that say "no request of this account will work", with what an operator should make of them
 * (developers.telnyx.com, API errors). An empty balance was also seen as 403 with 10010.
 */
const ACCOUNT_CODES: ReadonlyMap<string, string> = new Map([
  ["10009", "the API key is not accepted"],
  ["10010", "the account or its key may not do this; an empty balance looks like this, too"],
  ["20001", "the API key's secret is wrong"],
  ["20002", "the API key was revoked"],
  ["20003", "the API key is forbidden"],
  ["20006", "the API key has expired"],
  ["20008", "the API key is not valid"],
  ["20012", "the account is inactive, perhaps out of funds"],
  ["20013", "the account is blocked"],
  ["20014", "the account needs a higher verification level"],
  ["20015", "the feature is not enabled for the account"],
  ["20016", "the account needs a higher verification level"],
  ["20017", "the account needs a higher verification level"],
  ["10038", "the feature is not permitted for the account"],
  ["10039", "the feature is limited for the account"],
  ["insufficient_quota", "the account is out of funds or quota"],
  ["invalid_api_key", "the API key is not accepted"],
]);

/** What a code says where no status does. Those with names are OpenAI's (API reference, Streaming events, Errors). */
const CODE_REASONS: ReadonlyMap<string, FailureReason> = new Map<string, FailureReason>([
  ["10011", "rate_limited"],
  ["rate_limit_exceeded", "rate_limited"],
  ["rate_limit_error", "rate_limited"],
  ["content_filter", "content_filter"],
  ["content_policy_violation", "content_filter"],
  ["model_not_found", "model_gone"],
  ["invalid_prompt", "rejected"],
  ["context_length_exceeded", "rejected"],
  ["data_residency_mismatch", "rejected"],
]);

/** Longest piece of Telnyx's own words that goes into a message, and of a page that it is looked for in. */
const LONGEST_QUOTE = 500;
const LONGEST_PAGE = 10_000;

/**
 * Reads an error body: Telnyx's `errors` list, OpenAI's `error` (or both at once), a `detail` list or string as FastAPI
 * writes it, or nothing that can be read (HTML of a proxy, an empty body).
 */
export function readComplaint(body: string): Complaint {
  const json = asObject(parseJson(body));
  if (json) return complaintOf(json);
  const words = body
    .slice(0, LONGEST_PAGE)
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return { codes: [], message: quote(words) };
}

/** The same for JSON that is parsed already: an error body, an error chunk within a stream, or a response's own `error`. */
export function complaintOf(json: Json): Complaint {
  const entries = [
    asObject(json["error"]),
    ...asObjects(json["errors"]),
    ...asObjects(json["detail"]),
    json,
  ].filter((entry) => entry !== undefined);
  const codes = entries.flatMap((entry) => [entry["code"], entry["type"]]).flatMap(codeOf);
  const words = [json["error"], json["detail"], ...entries.map(wordsOf)].find(
    (text) => typeof text === "string" && text !== "",
  );
  const param = entries.map(paramOf).find((name) => name !== undefined);
  return { codes, message: quote(asString(words) ?? ""), ...given({ param }) };
}

function codeOf(code: unknown): readonly string[] {
  return typeof code === "string" || typeof code === "number" ? [String(code)] : [];
}

function wordsOf(entry: Json): string | undefined {
  const { title, detail, message, msg, loc } = entry;
  if (typeof msg === "string") return Array.isArray(loc) ? `${loc.join(".")}: ${msg}` : msg;
  if (typeof message === "string") return message;
  if (typeof title === "string" && typeof detail === "string" && title !== detail)
    return `${title}: ${detail}`;
  return asString(detail) ?? asString(title);
}

function paramOf(entry: Json): string | undefined {
  const { param, loc, source } = entry;
  const pointer = asString(asObject(source)?.["pointer"]);
  return asString(param) ?? (Array.isArray(loc) ? asString(loc[1]) : undefined) ?? pointer?.split("/").at(-1);
}

function quote(words: string): string {
  return redact(words).slice(0, LONGEST_QUOTE);
}

/** What a status means for the bridge. The status goes first: Telnyx has several families of codes for the same thing. */
export function reasonOf(status: number, codes: readonly string[]): FailureReason {
  if (status === 401 || status === 402 || status === 403) return "account";
  if (status >= 400 && status < 500 && codes.some((code) => ACCOUNT_CODES.has(code))) return "account";
  if (status === 408) return "timeout";
  if (status === 429) return "rate_limited";
  // 409: the same call, or another turn of the conversation, is still being worked on. 425: too early. Both pass.
  if (status === 409 || status === 425 || status >= 500) return "unavailable";
  return codes.includes("content_filter") ? "content_filter" : "rejected";
}

/** The reason of an error that came without a status: within a stream, or in a response's own `error`. */
export function streamReasonOf(codes: readonly string[]): FailureReason {
  for (const code of codes) {
    if (ACCOUNT_CODES.has(code)) return "account";
    const reason = CODE_REASONS.get(code);
    if (reason !== undefined) return reason;
    // Some servers put the HTTP status that they could not send any more into `code`.
    if (/^[45]\d\d$/.test(code)) return Number(code) >= 500 ? "model_error" : reasonOf(Number(code), []);
  }
  return "model_error";
}

export interface RefusedAnswer {
  /** `POST /ai/conversations`. */
  readonly call: string;
  readonly status: number;
  readonly headers: Headers;
  readonly complaint: Complaint;
  /** The wall clock, in milliseconds. */
  readonly now: number;
  /** What a 404 means for this call; `rejected` unless it says otherwise. */
  readonly notFound?: FailureReason;
}

/** The error for an answer whose status is not 2xx. */
export function refused(answer: RefusedAnswer): TelnyxError {
  const { call, status, headers, complaint, now, notFound } = answer;
  const reason = status === 404 && notFound !== undefined ? notFound : reasonOf(status, complaint.codes);
  const waits = status === 429 || status === 503 || status === 409;
  const requestId = asString(headers["x-request-id"]);
  const hint = complaint.codes.map((code) => ACCOUNT_CODES.get(code)).find((words) => words !== undefined);
  const code = complaint.codes[0];
  const said = [code === undefined ? "" : ` ${code}`, complaint.message && `: ${complaint.message}`].join("");
  const notes = [hint, requestId === undefined ? undefined : `request ${requestId}`]
    .filter(Boolean)
    .join("; ");
  return new TelnyxError(`${call} answered ${status}${said}${notes && ` (${notes})`}`, {
    code: `telnyx_${reason}`,
    status,
    reason,
    // A 408 or a 5xx proves nothing: the work may have been done, or go on behind it.
    reached: status === 408 || status >= 500 ? "unknown" : "refused",
    ...given({ requestId, retryAfterMs: waits ? retryAfterMs(headers, now) : undefined }),
  });
}

/** An answer that was accepted, but is not what Telnyx documents: nothing can be made of it. */
export function unreadable(call: string, problem: string): TelnyxError {
  return new TelnyxError(`${call} was answered, but ${problem}`, {
    code: "telnyx_unreadable",
    reason: "unavailable",
    reached: "unknown",
  });
}

export function aborted(reached: Failed["reached"]): TelnyxError {
  return new TelnyxError("stopped by us", { code: "telnyx_aborted", reason: "aborted", reached });
}

/** The last event of a stream that ended in `error`. */
export function failedOf(error: TelnyxError): Failed {
  const { reason, message: detail, reached, retryAfterMs } = error;
  return { kind: "failed", reason, detail, reached, ...given({ retryAfterMs }) };
}
