import { createParser } from "eventsource-parser";

/** One server-sent event. */
export interface Frame {
  /** The `event:` line; some servers leave it out. */
  readonly event?: string;
  readonly data: string;
}

export interface FrameLimits {
  /** Characters of one event. */
  readonly eventLength: number;
  /** Bytes of the whole stream. */
  readonly streamLength: number;
}

/**
 * No vendor documents a limit. The last event repeats the whole answer with its reasoning: half a million tokens of some
 * four characters, each of them escaped as `\uXXXX`, stay below it. Each token travels in an event of a few hundred bytes.
 */
export const FRAME_LIMITS: FrameLimits = { eventLength: 16_000_000, streamLength: 512 * 1024 * 1024 };

export interface Frames {
  /** The events that `bytes` completes. */
  feed(bytes: Uint8Array): readonly Frame[];
  /** The body ended well: an event whose blank line is missing counts. */
  end(): readonly Frame[];
  /** Why there is no use in going on: an event or the stream is too long. */
  overflow(): string | undefined;
}

/** Bytes of a `text/event-stream` into events, however they are cut. Pure: it holds what is not complete yet, and no more than the limits. */
export function createFrames(limits: FrameLimits = FRAME_LIMITS): Frames {
  const decoder = new TextDecoder();
  let complete: Frame[] = [];
  let length = 0;
  let overflow: string | undefined;

  const push = ({ event, data }: { event?: string | undefined; data: string }) => {
    if (data.length > limits.eventLength) overflow = tooLong;
    else complete.push(event === undefined ? { data } : { event, data });
  };
  const tooLong = `an event is longer than ${limits.eventLength} characters`;
  const parser = createParser({
    maxBufferSize: limits.eventLength,
    onEvent: push,
    onError: ({ type }) => {
      if (type === "max-buffer-size-exceeded") overflow = tooLong;
    },
  });
  const feed = (text: string): readonly Frame[] => {
    if (overflow !== undefined) return [];
    parser.feed(text);
    const frames = complete;
    complete = [];
    return frames;
  };

  return {
    feed: (bytes) => {
      length += bytes.byteLength;
      if (length > limits.streamLength) overflow ??= `the stream is longer than ${limits.streamLength} bytes`;
      return feed(decoder.decode(bytes, { stream: true }));
    },
    end: () => feed(`${decoder.decode()}\n\n`),
    overflow: () => overflow,
  };
}
