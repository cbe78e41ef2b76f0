/**
 * What the model's stream says, in order; exactly one terminal event (`done` or `failed`) ends it.
 * A stream never throws: every failure is its last event.
 */
export type ReplyEvent =
  | { readonly kind: "text"; readonly delta: string }
  /** The model reasons. What it reasons is never shown. */
  | { readonly kind: "thinking" }
  | { readonly kind: "tool"; readonly call: ToolCall }
  | Done
  | Failed;

export interface Done {
  readonly kind: "done";
  readonly usage?: Usage;
  /** Why the model stopped early, as it said it: `max_output_tokens`, `content_filter`, … */
  readonly incomplete?: string;
}

export interface Failed {
  readonly kind: "failed";
  readonly reason: FailureReason;
  /** For the operator. Never shown in a channel. */
  readonly detail: string;
  /**
   * What became of the request: `never` reached the server, `refused` by it before any work, or perhaps at work
   * (`unknown`). Only after `never` and `refused` may the same request be sent again without asking first.
   */
  readonly reached: "never" | "refused" | "unknown";
  readonly retryAfterMs?: number;
}

/** Few enough that each has its own sentence for people in `reply/notice.ts`. */
export type FailureReason =
  | "rate_limited"
  /** The server cannot be reached, or answered 5xx. */
  | "unavailable"
  /** No headers, or silence between bytes, for longer than the time limit. */
  | "timeout"
  /** The connection broke, or the stream ended without a terminal event. */
  | "cut"
  /** The key or the account is refused (401, 403, out of funds): the bridge is down for everyone. */
  | "account"
  /** The conversation is gone at Telnyx (404). */
  | "conversation_gone"
  | "model_gone"
  /** The request was refused for what it says: too long, not valid. */
  | "rejected"
  /** The model or its server reported an error of its own. */
  | "model_error"
  | "content_filter"
  /** It ended well and wrote nothing. */
  | "empty"
  /** Something broke in the bridge itself. */
  | "internal"
  /** We stopped it. */
  | "aborted";

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON as the model wrote it; may not parse. */
  readonly arguments: string;
}

export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
  readonly cachedTokens?: number;
}

/** What a model costs, in US dollars for a million tokens. */
export interface Price {
  readonly prompt: number;
  /** Of what was in the model's cache. Absent: the same as `prompt`. */
  readonly cachedPrompt?: number;
  readonly completion: number;
}
