import type { ErrorShape, StreamFault } from "./faults.ts";
import { isTerminal, type Frame, type StreamEvent } from "./frame.ts";

/** The faults that change which events there are, and in what form. */
export function disturbFrames(
  frames: AsyncIterable<Frame>,
  faults: readonly StreamFault[],
): AsyncIterable<Frame> {
  return faults.reduce(disturb, frames);
}

function disturb(frames: AsyncIterable<Frame>, fault: StreamFault): AsyncIterable<Frame> {
  switch (fault.kind) {
    case "no_terminal":
      return flatMap(frames, (frame) => (isTerminal(frame) ? [] : [frame]));
    case "error": {
      const { code = "server_error", message = "The server had an error." } = fault;
      return replacedAfter(frames, fault.after ?? 3, [
        errorFrame(fault.shape, code, message),
        { kind: "end" },
      ]);
    }
    case "malformed":
      return insertedAfter(frames, fault.after, { kind: "raw", text: 'data: {"type":"response.outp\n\n' });
    case "unknown_events":
      return flatMap(frames, (frame) => [UNKNOWN, frame]);
    case "no_sequence_numbers":
      return flatMap(frames, (frame) => [withoutSequence(frame)]);
    case "duplicate":
      return flatMap(frames, (frame) => (isNamed(frame, fault.of) ? [frame, frame] : [frame]));
    default:
      return frames;
  }
}

/** The terminal event without the output that the stream has told already. */
export function withoutTerminalOutput(frames: AsyncIterable<Frame>): AsyncIterable<Frame> {
  return flatMap(frames, (frame) => {
    if (frame.kind !== "event" || !isTerminal(frame)) return [frame];
    const response = { ...(frame.event["response"] as object), output: [] };
    return [{ ...frame, event: { ...frame.event, response } }];
  });
}

/** Known to no SDK, but with fields that a careless reader would take for text. */
const UNKNOWN: Frame = {
  kind: "event",
  event: {
    type: "response.telemetry.delta",
    delta: "TELEMETRY",
    text: "TELEMETRY",
    item: { type: "telemetry" },
  },
};

function withoutSequence(frame: Frame): Frame {
  if (frame.kind !== "event") return frame;
  const { sequence_number: _dropped, ...event } = frame.event;
  return { ...frame, event };
}

function isNamed(frame: Frame, of: "delta" | "done"): boolean {
  const type = frame.kind === "event" ? String(frame.event["type"]) : "";
  return type.endsWith(`.${of}`) || (of === "done" && isTerminal(frame));
}

function errorFrame(shape: ErrorShape, code: string, message: string): Frame {
  const error = { code, message, param: null };
  const frames: Readonly<Record<ErrorShape, [event: StreamEvent, bare?: true]>> = {
    event: [{ type: "error", ...error }],
    nested: [{ type: "error", error: { type: code, ...error } }],
    data: [{ type: "error", ...error }, true],
    chat: [{ error: { type: "server_error", ...error } }, true],
    telnyx: [{ errors: [{ code: "10007", title: code, detail: message }] }, true],
  };
  const [event, bare = false] = frames[shape];
  return { kind: "event", event, bare };
}

async function* flatMap(
  frames: AsyncIterable<Frame>,
  change: (frame: Frame) => readonly Frame[],
): AsyncGenerator<Frame> {
  for await (const frame of frames) yield* change(frame);
}

async function* replacedAfter(
  frames: AsyncIterable<Frame>,
  count: number,
  rest: readonly Frame[],
): AsyncGenerator<Frame> {
  let seen = 0;
  for await (const frame of frames) {
    if (seen >= count || isTerminal(frame)) break;
    seen += 1;
    yield frame;
  }
  yield* rest;
}

async function* insertedAfter(
  frames: AsyncIterable<Frame>,
  count: number,
  added: Frame,
): AsyncGenerator<Frame> {
  let seen = 0;
  for await (const frame of frames) {
    if (seen === count) yield added;
    seen += 1;
    yield frame;
  }
}
