import type { MessageId } from "../chat/place.ts";
import type { Clock } from "../clock.ts";
import { asError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import type { StreamGate } from "./streaming.ts";

/** Where Slack names no wait. */
const PAUSE_MS = 2_000;

/** Streams that show their whole text and are still to be stopped: Slack takes fewer stops a minute than replies may end at once. */
export interface Endings {
  /** The stream is stopped as soon as there is a stop for it. */
  put(id: MessageId): void;
  /** Resolves when all of them were stopped, or could not be. Once `signal` is aborted none of them waits any more. */
  settled(): Promise<void>;
}

export interface EndingsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly gate: Pick<StreamGate, "stopIn">;
  /** Ends the waits. */
  readonly signal: AbortSignal;
  /** Stops a stream, unless that was done meanwhile. Throws `PlatformRefusal`. */
  readonly stop: (id: MessageId) => Promise<void>;
  /** The stream is none any more, or Slack will end it by itself. */
  readonly drop: (id: MessageId) => void;
}

export function createEndings(deps: EndingsDeps): Endings {
  const waiting = new Map<MessageId, Promise<void>>();
  return {
    put: (id) => {
      if (!waiting.has(id))
        waiting.set(
          id,
          end(deps, id).finally(() => waiting.delete(id)),
        );
    },
    settled: async () => void (await Promise.all(waiting.values())),
  };
}

async function end(deps: EndingsDeps, id: MessageId): Promise<void> {
  const { clock, log, gate, signal, stop, drop } = deps;
  try {
    for (;;) {
      const wait = await whenFree(
        () => gate.stopIn("whole"),
        deps,
        () => stop(id),
      ).then(() => undefined, waitAfter);
      if (wait === undefined || signal.aborted) return;
      await clock.sleep(wait, signal).catch(() => undefined);
    }
  } catch (error) {
    log.debug({ err: asError(error) }, "a stream was not ended");
  } finally {
    drop(id);
  }
}

/** How long Slack wants to be left alone. Throws what is no 429: the text is there, and Slack ends a stream by itself some minutes later. */
function waitAfter(error: unknown): number {
  if (error instanceof PlatformRefusal && error.kind === "rate_limited")
    return error.retryAfterMs ?? PAUSE_MS;
  throw asError(error);
}

/** Counts a stop of a stream whose message has to be edited, as soon as there is one or the signal aborts: see `StreamGate.count`. */
export async function takeStop(
  deps: Pick<EndingsDeps, "clock" | "signal"> & { gate: StreamGate },
): Promise<() => void> {
  return whenFree(
    () => deps.gate.stopIn("edited"),
    deps,
    () => deps.gate.count("stop"),
  );
}

/** What `then` returns, once nothing has to be waited for any more or the signal aborts. Nothing runs between the last look and `then`. */
async function whenFree<T>(
  freeIn: () => number,
  { clock, signal }: Pick<EndingsDeps, "clock" | "signal">,
  then: () => T,
): Promise<T> {
  for (let ms = freeIn(); ms > 0 && !signal.aborted; ms = freeIn())
    await clock.sleep(ms, signal).catch(() => undefined);
  return then();
}
