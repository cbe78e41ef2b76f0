import type { Failed, Price, ReplyEvent } from "../reply/event.ts";
import { PatchcordError } from "../errors.ts";

/**
 * PORT: what the bridge and its admins use of Telnyx. Every method but `respond` throws `TelnyxError`.
 * Calls that are safe to repeat (reads, and writes with an idempotency key) are repeated inside, within
 * bounds; `respond` is sent once, and again only when the first cannot have reached the server.
 */
export interface Telnyx {
  /** `key` makes repeating safe for 24 hours: the same key must always come with the same body. */
  createConversation(body: NewConversation, key: string, signal?: AbortSignal): Promise<TelnyxConversation>;
  /** Every match, page by page (keyset over the order's column), each id once. */
  listConversations(query?: ConversationQuery, signal?: AbortSignal): AsyncIterable<TelnyxConversation>;
  getConversation(id: string, signal?: AbortSignal): Promise<TelnyxConversation>;
  /** Reads, merges and writes the whole map: whether PUT merges or replaces is not documented. */
  updateConversation(id: string, metadata: Metadata, signal?: AbortSignal): Promise<TelnyxConversation>;
  deleteConversation(id: string, signal?: AbortSignal): Promise<void>;
  addMessage(conversation: string, message: NewMessage, key: string, signal?: AbortSignal): Promise<void>;
  /** All pages, each message once, oldest first. */
  getMessages(conversation: string, signal?: AbortSignal): Promise<readonly StoredMessage[]>;
  listModels(signal?: AbortSignal): Promise<readonly Model[]>;
  /** Never throws; ends with exactly one terminal event. Aborting `signal` ends it at once and frees the socket. */
  respond(request: ResponseRequest, signal?: AbortSignal): AsyncIterable<ReplyEvent>;
}

export type Metadata = Readonly<Record<string, string>>;

export interface NewConversation {
  readonly name?: string;
  readonly metadata?: Metadata;
}

export interface TelnyxConversation {
  readonly id: string;
  readonly name?: string;
  readonly createdAt: string;
  readonly lastMessageAt?: string;
  /** Telnyx adds keys of its own, and promises no type: values are whatever came. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * A PostgREST-style condition, `metadata->channel_id` `eq` `C123`. The value is encoded by the client; for `in` it is a
 * list in parentheses, `(a,b)`.
 */
export interface Filter {
  readonly column: "id" | "name" | "created_at" | "last_message_at" | `metadata->${string}`;
  readonly operator:
    | "eq"
    | "neq"
    | "gt"
    | "gte"
    | "lt"
    | "lte"
    | "like"
    | "ilike"
    | "in"
    | "is"
    | "not.eq"
    | "not.like"
    | "not.is";
  readonly value: string;
}

export interface ConversationQuery {
  /** All of them hold. */
  readonly where?: readonly Filter[];
  /** At least one of them holds. */
  readonly or?: readonly Filter[];
  readonly order?: { readonly by: "created_at" | "last_message_at"; readonly direction: "asc" | "desc" };
  /** How many at the most, over all pages. */
  readonly limit?: number;
}

export interface NewMessage {
  readonly role: "user" | "assistant" | "system";
  readonly content: string;
  readonly name?: string;
  /** ISO 8601: when the person posted it. */
  readonly sentAt?: string;
  readonly metadata?: Readonly<Record<string, string | number | boolean>>;
}

export interface StoredMessage {
  readonly role: string;
  /** Empty where Telnyx stores none, as for tool calls. */
  readonly text: string;
  /** ISO 8601, `sent_at` before `created_at`. */
  readonly sentAt?: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Model {
  readonly id: string;
  /** `text-generation`, `feature-extraction`, … */
  readonly task: string;
  readonly contextLength?: number;
  readonly recommended: boolean;
  /** Absent: not told, or not in dollars for a million tokens. */
  readonly price?: Price;
}

export interface ResponseRequest {
  readonly model: string;
  readonly input: readonly InputItem[];
  /** Omitted: nothing is stored, and the model sees `input` alone. */
  readonly conversation?: string;
  readonly instructions?: string;
  /** False asks for one JSON answer; the events are the same. */
  readonly stream?: boolean;
}

export type InputItem =
  | {
      readonly role: "user" | "assistant" | "system";
      readonly content: readonly { readonly type: "input_text"; readonly text: string }[];
    }
  | { readonly type: "function_call_output"; readonly call_id: string; readonly output: string };

/** Telnyx refused, or could not be reached. The cause and Telnyx's own words are for the operator. */
export class TelnyxError extends PatchcordError {
  /** Absent when no answer came. */
  readonly status: number | undefined;
  readonly reason: Failed["reason"];
  readonly reached: Failed["reached"];
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;

  constructor(
    message: string,
    facts: {
      code: string;
      status?: number;
      reason: Failed["reason"];
      reached: Failed["reached"];
      retryAfterMs?: number;
      requestId?: string;
      cause?: unknown;
    },
  ) {
    super(facts.code, message, { cause: facts.cause });
    this.status = facts.status;
    this.reason = facts.reason;
    this.reached = facts.reached;
    this.retryAfterMs = facts.retryAfterMs;
    this.requestId = facts.requestId;
  }
}
