import type { ReplyEvent } from "../../src/reply/event.ts";
import { createEventReader } from "../../src/telnyx/events.ts";
import { createFrames } from "../../src/telnyx/frames.ts";

/** What a body comes to when it arrives in these chunks and then ends well. */
export function readBytes(chunks: readonly Uint8Array[]): ReplyEvent[] {
  const frames = createFrames();
  const reader = createEventReader();
  const events = chunks.flatMap((chunk) => frames.feed(chunk)).flatMap((frame) => reader.read(frame));
  return [...events, ...frames.end().flatMap((frame) => reader.read(frame)), ...reader.end()];
}

export function readText(text: string): ReplyEvent[] {
  return readBytes([Buffer.from(text)]);
}

/** All text of the events, joined. */
export function textOf(events: readonly ReplyEvent[]): string {
  return events.map((event) => (event.kind === "text" ? event.delta : "")).join("");
}

export function kindsOf(events: readonly ReplyEvent[]): string[] {
  return events.map(({ kind }) => kind);
}

export function terminalsOf(events: readonly ReplyEvent[]): ReplyEvent[] {
  return events.filter(({ kind }) => kind === "done" || kind === "failed");
}
