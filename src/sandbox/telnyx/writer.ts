import type { ServerResponse } from "node:http";
import type { Break, Frame } from "./frame.ts";
import { encode, encodeDone, type WireForm } from "./sse.ts";

interface Options {
  readonly form: WireForm;
  /** The client goes, and the model writes on, unheard. */
  readonly finish: boolean;
  /** Aborts when the client is gone. */
  readonly gone: AbortSignal;
}

/**
 * Sends a stream's frames as Server-Sent Events, to their end or to where the form breaks off. Obeys back-pressure.
 * Resolves when the connection owes nothing more; a stalled one, when the client has gone.
 */
export async function writeStream(
  response: ServerResponse,
  frames: AsyncIterable<Frame>,
  options: Options,
): Promise<void> {
  const { finish, gone } = options;
  const sink = createSink(response, options);
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  });
  response.flushHeaders();

  for await (const frame of frames) {
    if (sink.open()) await sink.write(frame);
    if (!sink.open() && !finish) break;
  }
  if (sink.open()) await sink.end();
  if (sink.stalled()) await new Promise<void>((resolve) => whenAborted(gone, resolve));
}

/** Encodes, batches and splits, and counts up to the point where the stream breaks. */
function createSink(response: ServerResponse, { form, gone }: Options) {
  const { after, kind = "end" } = form.breakAt ?? {};
  const mostEvents = after && "events" in after ? after.events : Infinity;
  const mostBytes = after && "bytes" in after ? after.bytes : Infinity;
  let state: "open" | "stalled" | "over" = "open";
  let [events, bytes, held] = [0, 0, ""];

  const open = () => state === "open" && !gone.aborted;
  const reached = () => events >= mostEvents || bytes >= mostBytes;

  const flush = async () => {
    const chunk = Buffer.from(held).subarray(0, mostBytes - bytes);
    held = "";
    bytes += chunk.length;
    const step = form.split ?? Math.max(1, chunk.length);
    for (let at = 0; at < chunk.length && open(); at += step)
      if (!response.write(chunk.subarray(at, at + step))) await drained(response, gone);
  };
  const breakOff = async (how: Break["kind"]) => {
    state = how === "stall" ? "stalled" : "over";
    if (how === "end") response.end();
    if (how !== "cut") return;
    // A reset throws away what still waits to be sent, and the break would come sooner than it was asked for.
    await sent(response, gone);
    response.socket?.resetAndDestroy();
  };

  return {
    open,
    stalled: () => state === "stalled" && !gone.aborted,
    write: async (frame: Frame) => {
      if (frame.kind !== "event" && frame.kind !== "raw") {
        await flush();
        return breakOff(frame.kind);
      }
      if (!reached()) {
        held += encode(frame, form);
        events += 1;
        if (events % form.batch === 0 || reached()) await flush();
      }
      if (reached()) await breakOff(kind);
    },
    end: async () => {
      if (form.doneMarker) held += encodeDone(form);
      await flush();
      if (open()) await breakOff("end");
    },
  };
}

function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      gone.removeEventListener("abort", done);
      response.off("drain", done);
      resolve();
    };
    response.once("drain", done);
    whenAborted(gone, done);
  });
}

/** Resolves when all that was written has been handed to the operating system. */
function sent(response: ServerResponse, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    response.write("", () => resolve());
    whenAborted(gone, resolve);
  });
}

function whenAborted(signal: AbortSignal, then: () => void): void {
  if (signal.aborted) then();
  else signal.addEventListener("abort", then, { once: true });
}
