/** A point in a stream: after so many events, or so many bytes of the body. */
export type Point = { readonly events: number } | { readonly bytes: number };

/** What can be wrong, or merely unusual, about one answer's stream. Several can be combined. */
export type StreamFault =
  /** Falls silent at the point and leaves the connection open. */
  | { readonly kind: "stall"; readonly after: Point }
  /**
   * Resets the connection at the point. `persisted`: the model had finished all the same and the whole turn is stored,
   * so that only the answer is lost.
   */
  | { readonly kind: "cut"; readonly after: Point; readonly persisted?: boolean }
  /** Ends the body properly at the point, so without a terminal event unless it is the last. */
  | { readonly kind: "end"; readonly after: Point }
  /** Everything but the terminal event. */
  | { readonly kind: "no_terminal" }
  /** An error event in one of the known shapes, after so many events (3), and then the end. */
  | {
      readonly kind: "error";
      readonly shape: ErrorShape;
      readonly after?: number;
      readonly code?: string;
      readonly message?: string;
    }
  /** `response.failed` after so many events (3). */
  | { readonly kind: "failed"; readonly code?: string; readonly message?: string; readonly after?: number }
  /** `response.incomplete` instead of `response.completed`. */
  | { readonly kind: "incomplete"; readonly reason?: string }
  /** Completes with no output at all. */
  | { readonly kind: "empty" }
  /** Completes with a reasoning item and no message. */
  | { readonly kind: "reasoning_only" }
  | { readonly kind: "refusal"; readonly text?: string }
  /** Events that no SDK knows, all through the stream. */
  | { readonly kind: "unknown_events" }
  /** `: keep-alive` comments between the events. */
  | { readonly kind: "comments" }
  /** Line ends: CR LF, or CR alone. */
  | { readonly kind: "line_ends"; readonly as: "\r\n" | "\r" }
  /** The body in chunks of so many bytes, so that characters and lines are split. 1 is the worst. */
  | { readonly kind: "split"; readonly bytes: number }
  /** So many events in one chunk. */
  | { readonly kind: "batch"; readonly events: number }
  /** `data: [DONE]` after the terminal event. */
  | { readonly kind: "done_marker" }
  | { readonly kind: "no_sequence_numbers" }
  /** No `event:` lines: the type is in the data alone. */
  | { readonly kind: "no_event_lines" }
  /** Each event's JSON over several `data:` lines. */
  | { readonly kind: "multiline_data" }
  /** Each delta, or each `done` and terminal event, twice, the copy with the same sequence number. */
  | { readonly kind: "duplicate"; readonly of: "delta" | "done" }
  /** A `data:` line that is no JSON, after so many events. */
  | { readonly kind: "malformed"; readonly after: number }
  /** Answers with the JSON form although a stream was asked for. */
  | { readonly kind: "json" };

/**
 * - `event`: `event: error` with `code` and `message` at the top, as OpenAI documents it
 * - `nested`: `event: error` with an `error` object
 * - `data`: the same as `event`, with no `event:` line
 * - `chat`: `data: {"error": {…}}`, as on chat completions
 * - `telnyx`: `data: {"errors": […]}`, Telnyx's envelope
 */
export type ErrorShape = "event" | "nested" | "data" | "chat" | "telnyx";

/** Faults for the next `times` (1) Responses streams whose request body satisfies `matches` (any). */
export interface StreamFaults {
  readonly faults: readonly StreamFault[];
  readonly times?: number;
  readonly matches?: (body: Readonly<Record<string, unknown>>) => boolean;
}

const BREAK_AFTER: Point = { events: 6 };

const NAMED = {
  stall: { kind: "stall", after: BREAK_AFTER },
  cut: { kind: "cut", after: BREAK_AFTER },
  lost: { kind: "cut", after: BREAK_AFTER, persisted: true },
  end: { kind: "end", after: BREAK_AFTER },
  no_terminal: { kind: "no_terminal" },
  error: { kind: "error", shape: "event" },
  failed: { kind: "failed" },
  incomplete: { kind: "incomplete" },
  empty: { kind: "empty" },
  reasoning_only: { kind: "reasoning_only" },
  refusal: { kind: "refusal" },
  json: { kind: "json" },
} satisfies Record<string, StreamFault>;

/** A stream fault by the name that the `x-twin-fault` request header gives it: for trying out by hand. */
export function namedStreamFault(name: string): StreamFault | undefined {
  return Object.hasOwn(NAMED, name) ? NAMED[name as keyof typeof NAMED] : undefined;
}
