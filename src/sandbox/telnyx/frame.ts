/** One thing that goes down the wire of a stream. */
export type Frame =
  /** An event. `bare`: with no `event:` line. */
  | { readonly kind: "event"; readonly event: StreamEvent; readonly bare?: boolean }
  /** Bytes as they are. */
  | { readonly kind: "raw"; readonly text: string }
  | Break;

/** The stream breaks off: connection reset, silence, or a proper end. */
export interface Break {
  readonly kind: "cut" | "stall" | "end";
}

export type StreamEvent = Readonly<Record<string, unknown>>;

const TERMINAL = new Set(["response.completed", "response.incomplete", "response.failed"]);

export function isTerminal(frame: Frame): boolean {
  return frame.kind === "event" && TERMINAL.has(String(frame.event["type"]));
}
