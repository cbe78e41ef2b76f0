import type { Clock } from "../clock.ts";
import { aborted } from "./errors.ts";
import { TelnyxError } from "./telnyx.ts";

/** Time limits of one request, in milliseconds. */
export interface Pace {
  /** From the start to the answer's headers. */
  readonly headersMs: number;
  /** Between two pieces of the body, counted only while we wait for one. */
  readonly silenceMs: number;
  /** From the start to the last byte. */
  readonly totalMs: number;
}

/** Watches over one request. `signal` aborts, with the `TelnyxError` to end in, when a limit passes or the caller's signal aborts. */
export interface Guard {
  readonly signal: AbortSignal;
  /** The headers are here: from now on silence counts. */
  answered(): void;
  /** We begin to wait for bytes; `heard` ends it. */
  waiting(): void;
  heard(): void;
  /** The rest may take this long at the most. */
  hurry(ms: number): void;
  /** Ends every timer and listener. */
  release(): void;
}

/** Nobody reads why a wait was given up. Without a reason of ours an error is made for each, with its stack, at a tenth of a millisecond. */
const DONE = "done";

/**
 * The limits go by `Clock`, not by undici's own timers: those tick every half second, cannot be told in tests, and the
 * body's one also counts while nobody reads.
 */
export function createGuard(clock: Clock, pace: Pace, outer?: AbortSignal): Guard {
  const stop = new AbortController();
  const over = new AbortController();
  const awaitingHeaders = new AbortController();
  let waitingSince: number | undefined;

  const expire = (what: string) =>
    stop.abort(new TelnyxError(what, { code: "telnyx_timeout", reason: "timeout", reached: "unknown" }));
  const after = (ms: number, signal: AbortSignal, what: string) =>
    void clock.sleep(ms, signal).then(
      () => expire(what),
      () => {}, // Released in time.
    );
  // One timer that looks again when it is due, instead of one for each piece: a reply has thousands of pieces.
  const watchSilence = async () => {
    for (;;) {
      const now = clock.monotonic();
      const left = (waitingSince ?? now) + pace.silenceMs - now;
      if (left <= 0) return expire(`no byte for ${seconds(pace.silenceMs)}`);
      await clock.sleep(left, over.signal);
    }
  };
  const abort = () => stop.abort(aborted("unknown"));

  outer?.addEventListener("abort", abort, { once: true });
  after(pace.headersMs, awaitingHeaders.signal, `no answer within ${seconds(pace.headersMs)}`);
  after(pace.totalMs, over.signal, `not finished within ${seconds(pace.totalMs)}`);

  return {
    signal: stop.signal,
    answered: () => {
      awaitingHeaders.abort(DONE);
      watchSilence().catch(() => {}); // Released.
    },
    waiting: () => (waitingSince = clock.monotonic()),
    heard: () => (waitingSince = undefined),
    hurry: (ms) => after(ms, over.signal, `not finished within ${seconds(ms)}`),
    release: () => {
      outer?.removeEventListener("abort", abort);
      awaitingHeaders.abort(DONE);
      over.abort(DONE);
    },
  };
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
