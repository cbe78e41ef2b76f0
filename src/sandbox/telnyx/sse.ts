import type { Point, StreamFault } from "./faults.ts";
import type { Frame } from "./frame.ts";

/** How a stream looks as text, and where it breaks off. */
export interface WireForm {
  readonly lineEnd: "\n" | "\r\n" | "\r";
  readonly eventLines: boolean;
  readonly comments: boolean;
  readonly multilineData: boolean;
  readonly doneMarker: boolean;
  /** Chunks of so many bytes. */
  readonly split: number | undefined;
  /** So many events in a chunk. */
  readonly batch: number;
  readonly breakAt:
    | { readonly after: Point; readonly kind: "cut" | "stall" | "end"; readonly persisted: boolean }
    | undefined;
}

export function wireForm(faults: readonly StreamFault[]): WireForm {
  const find = <K extends StreamFault["kind"]>(kind: K) =>
    faults.find((fault): fault is Extract<StreamFault, { kind: K }> => fault.kind === kind);
  const broken = find("cut") ?? find("stall") ?? find("end");
  return {
    lineEnd: find("line_ends")?.as ?? "\n",
    eventLines: !find("no_event_lines"),
    comments: find("comments") !== undefined,
    multilineData: find("multiline_data") !== undefined,
    doneMarker: find("done_marker") !== undefined,
    split: find("split")?.bytes,
    batch: find("batch")?.events ?? 1,
    breakAt: broken && {
      after: broken.after,
      kind: broken.kind,
      persisted: broken.kind === "cut" && broken.persisted === true,
    },
  };
}

/** A frame as Server-Sent Events text. */
export function encode(frame: Extract<Frame, { kind: "event" | "raw" }>, form: WireForm): string {
  const text = frame.kind === "raw" ? frame.text : encodeEvent(frame, form);
  const all = form.comments ? `: keep-alive\n\n${text}` : text;
  return form.lineEnd === "\n" ? all : all.replaceAll("\n", form.lineEnd);
}

function encodeEvent(frame: Extract<Frame, { kind: "event" }>, form: WireForm): string {
  const type = frame.event["type"];
  const name = form.eventLines && !frame.bare && typeof type === "string" ? `event: ${type}\n` : "";
  if (!form.multilineData) return `${name}data: ${JSON.stringify(frame.event)}\n\n`;
  const lines = JSON.stringify(frame.event, null, 1).split("\n");
  return `${name}${lines.map((line) => `data: ${line}\n`).join("")}\n`;
}

export function encodeDone(form: WireForm): string {
  return `data: [DONE]${form.lineEnd}${form.lineEnd}`;
}
