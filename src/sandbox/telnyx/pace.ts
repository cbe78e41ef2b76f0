import type { Clock } from "../../clock.ts";
import type { Piece } from "./script.ts";

/** How fast the model writes. 0 and 0: everything at once. */
export interface Speed {
  /** Milliseconds from the request to the first token. */
  firstTokenMs: number;
  /** 0: at once. A token is about a word. */
  tokensPerSecond: number;
}

/** Cuts text as a tokenizer might: a short word with the space before it. Joined again, it is the text. */
export function tokensOf(text: string): string[] {
  return text.match(/\s*[^\s]{1,10}|\s+/gu) ?? [];
}

/**
 * The pieces with text cut to tokens, each no sooner than the speed allows. Counts from the start, so that the rate holds
 * over the whole answer also where timers are late. `wait` pieces are slept through here.
 */
export async function* pace(
  pieces: () => Iterable<Piece> | AsyncIterable<Piece>,
  deps: { clock: Clock; speed: Readonly<Speed>; signal: AbortSignal },
): AsyncGenerator<Piece> {
  const { clock, signal } = deps;
  const { firstTokenMs, tokensPerSecond } = deps.speed;
  let due = clock.monotonic() + firstTokenMs;
  const step = tokensPerSecond > 0 ? 1000 / tokensPerSecond : 0;

  const whenDue = async () => {
    const wait = due - clock.monotonic();
    if (wait > 0) await clock.sleep(wait, signal);
    due += step;
  };

  for await (const piece of abortable(pieces(), signal)) {
    if (piece.kind === "wait") {
      await clock.sleep(piece.ms, signal);
      due = Math.max(due, clock.monotonic());
    } else if (piece.kind === "text" || piece.kind === "reasoning" || piece.kind === "refusal") {
      for (const text of tokensOf(piece.text)) {
        await whenDue();
        yield { kind: piece.kind, text };
      }
    } else {
      await whenDue();
      yield piece;
    }
  }
}

/** Ends, with the signal's reason, also while the source waits for something that may never come. */
async function* abortable<T>(source: Iterable<T> | AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  if (Symbol.iterator in source) {
    for (const item of source) {
      signal.throwIfAborted();
      yield item;
    }
    return;
  }
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await beforeAbort(iterator.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a generator that waits inside cannot return before its wait is over.
    void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
