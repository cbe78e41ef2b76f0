/**
 * What Telnyx documents in two ways, or not at all, and what observers saw: each is a switch, so that a client
 * can be tried against every answer. The defaults are what was observed, else what is hardest on the client.
 */
export interface Switches {
  /** Whether `POST /ai/conversations` answers `{data: …}`, as observed, or the bare object, as documented. */
  createEnvelope: "wrapped" | "unwrapped";
  /** The body of a 404 about a conversation: Telnyx's `errors`, FastAPI's `detail`, or nothing. */
  notFoundShape: "telnyx" | "detail" | "empty";
  /** A filter, order or column that does not parse: refused with 422, or ignored (and so everything returned). */
  malformedFilter: "refuse" | "ignore";
  /** What `PUT` does with metadata keys that its body leaves out: drops them, or keeps them. */
  updateMetadata: "replace" | "merge";
  /** Whether metadata must fit OpenAI's limits (16 pairs, keys of 64, values of 512 characters); Telnyx documents none. */
  metadataLimits: "openai" | "none";
  /** Milliseconds until a new conversation shows in the list. Reading it by id works at once. */
  listLagMs: number;
  /** Rows in a list that asks for no `limit`. */
  listDefault: number;
  /** Rows in a list at the most, whatever `limit` asks: a silent cap. */
  listCap: number;
  /** The order in which messages come: none (the same on each page), the newest or the oldest first. */
  messageOrder: "shuffled" | "newest_first" | "oldest_first";
  /** The body of the 200 to `POST …/message`, for which no schema is documented. */
  messageCreated: "empty" | "object";
  /** Whether stored messages carry their `metadata`, which older versions of the API left out. */
  messageMetadata: "present" | "absent";
  /** Whether stored reasoning shows among a conversation's messages, as role `reasoning`. */
  storedReasoning: "hidden" | "shown";
  /**
   * When a turn is stored: its input at the start and its output at the end; everything at the end and nothing
   * without an end; or the input at the start and as much output as there was, also when it was broken off.
   */
  persistence: "input_first" | "on_completion" | "partial";
  /** What the model does when the client goes away: stops, or writes on to the end (and stores it). */
  disconnect: "stop" | "finish";
  /** A second Responses request on a conversation while one runs: both run, or 409. */
  overlap: "allow" | "refuse";
  /** The status for a conversation that is unknown, deleted or of another organization, on the Responses endpoint. */
  unknownConversation: 404 | 400 | 422;
  unknownModel: 404 | 400 | 422;
  /** `previous_response_id`, which the deprecated sibling endpoint says it does not support. */
  previousResponseId: "ignore" | "refuse";
  /** New user input while the history ends in a function call without an output. */
  pendingCall: "refuse" | "allow";
  /** How a response names its conversation. */
  echoConversation: "object" | "string" | "none";
  /** How much of `usage` a response tells. */
  usage: "full" | "totals" | "none";
  /** Whether the terminal event repeats all output. */
  terminalOutput: "full" | "empty";
  /** Which events carry reasoning: OpenAI's text, OpenAI's summary, or those of vLLM. */
  reasoningEvents: "text" | "summary" | "vllm";
  /** True: every Responses request is refused with 403 10010 "D17", and everything else works, as with an empty balance. */
  accountDisabled: boolean;
  /** Responses requests a minute and organization. */
  requestsPerMinute: number;
  /** Which headers tell of the rate limit. */
  rateLimitHeaders: RateLimitHeaders;
  /** Milliseconds that a write of the Conversations API takes (an idempotency key is in use for so long). */
  writeLatencyMs: number;
}

/** Seconds until the reset; the epoch second of the reset; `Retry-After` in seconds or as a date; both kinds; none. */
export type RateLimitHeaders = "delta" | "epoch" | "retry_after" | "retry_after_date" | "both" | "none";

export const DEFAULT_SWITCHES: Readonly<Switches> = {
  createEnvelope: "wrapped",
  notFoundShape: "telnyx",
  malformedFilter: "refuse",
  updateMetadata: "replace",
  metadataLimits: "openai",
  listLagMs: 0,
  listDefault: 20,
  listCap: 100,
  messageOrder: "shuffled",
  messageCreated: "empty",
  messageMetadata: "present",
  storedReasoning: "hidden",
  persistence: "input_first",
  disconnect: "stop",
  overlap: "allow",
  unknownConversation: 404,
  unknownModel: 404,
  previousResponseId: "ignore",
  pendingCall: "refuse",
  echoConversation: "object",
  usage: "full",
  terminalOutput: "full",
  reasoningEvents: "text",
  accountDisabled: false,
  requestsPerMinute: Infinity,
  rateLimitHeaders: "delta",
  writeLatencyMs: 0,
};
