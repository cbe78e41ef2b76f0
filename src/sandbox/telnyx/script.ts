import type { NewTwinMessage, TwinMessage } from "./state.ts";

/** What a script is asked to answer. */
export interface ModelRequest {
  readonly model: string;
  /** The conversation's stored messages before this turn, oldest first. Empty without a conversation. */
  readonly history: readonly TwinMessage[];
  /** This turn's input items as messages. */
  readonly input: readonly NewTwinMessage[];
  /** The instructions in force: this request's, else the last that were stored. */
  readonly instructions: string | undefined;
  readonly conversation: string | undefined;
  /** The request's body as it came. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * One step of an answer. A step of another kind than the one before opens a new output item. Without `fail`, `incomplete`,
 * `cut`, `stall` or `end` the answer ends as completed.
 */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reasoning"; readonly text: string }
  | { readonly kind: "refusal"; readonly text: string }
  /** A function call; `arguments` is sent as it is, so it may be no JSON. */
  | { readonly kind: "call"; readonly name: string; readonly arguments: string; readonly callId?: string }
  /** Closes the output item: text that follows is in a message item of its own. */
  | { readonly kind: "break" }
  | { readonly kind: "wait"; readonly ms: number }
  /** Any event, as it is; it gets a sequence number if it has none. */
  | { readonly kind: "event"; readonly event: { readonly type: string; readonly [field: string]: unknown } }
  | { readonly kind: "fail"; readonly code: string; readonly message: string }
  | { readonly kind: "incomplete"; readonly reason: string }
  /** Resets the connection. */
  | { readonly kind: "cut" }
  /** Says nothing more, and leaves the connection open. */
  | { readonly kind: "stall" }
  /** Ends the body properly, with no terminal event. */
  | { readonly kind: "end" };

/**
 * What answers: the scripted model, or what a test puts in its place. May wait between pieces for what it likes; `signal`
 * aborts when the answer is no longer wanted. What it throws becomes `response.failed`.
 */
export type Script = (request: ModelRequest, signal: AbortSignal) => Iterable<Piece> | AsyncIterable<Piece>;

/** A script that says `text` in one piece. */
export function say(text: string): Script {
  return () => [{ kind: "text", text }];
}
