import type { Place } from "../chat/place.ts";
import type { Clock } from "../clock.ts";
import { asError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { decodePlace } from "./place.ts";
import type { SlackWeb } from "./web.ts";

/**
 * While an answer is on its way in a thread of a direct message, Slack shows the thread as worked on, with its own Stop (docs.slack.dev,
 * Agent sessions). It does so until it is told otherwise, or for an hour.
 */
export interface Sessions {
  /** An answer is on its way. `signal` aborts when its first words are painted, or never will be. */
  begin(place: Place, signal: AbortSignal): void;
  /** A stream has begun there: Slack shows the same for it, until it is stopped. */
  streamed(place: Place): void;
  /** A stream may have begun there. */
  unsure(place: Place): void;
}

export interface SessionsDeps {
  readonly web: SlackWeb;
  readonly clock: Clock;
  readonly log: Log;
  /** Slack lets the app have sessions, and its replies be streamed. */
  readonly isAble: boolean;
  /** Ends the waits. */
  readonly signal: AbortSignal;
}

/** The first words of an answer follow at once: a stream that begins with them is told of within this. */
const GRACE_MS = 5_000;
/** Between two tries where Slack names no wait, and how many there are. */
const PAUSE_MS = 2_000;
const MOST_TRIES = 5;
/** docs.slack.dev, agents.sessions.setStatus. */
const NO_STOP = "missing_agent_session_stopped_event_subscription";

/** Throws `PlatformRefusal`. Returns why people could not stop what is worked on there; nothing, when they can. */
export async function openSession(web: SlackWeb, place: Place): Promise<string> {
  const { warning } = await web.call("agents.sessions.setStatus", about(place, "processing"));
  if (typeof warning !== "string" || !warning.includes(NO_STOP)) return "";
  return "the app does not get the event agent_session_stopped, so a stream could not be stopped: add it to the app's events";
}

/** Throws `PlatformRefusal`. */
export async function closeSession(web: SlackWeb, place: Place): Promise<void> {
  await web.call("agents.sessions.setStatus", about(place, "active"));
}

function about(place: Place, status: string) {
  const { channel, threadTs } = decodePlace(place);
  return { channel_id: channel, thread_ts: threadTs, status };
}

export function createSessions({ web, clock, log, isAble, signal }: SessionsDeps): Sessions {
  /** Threads that may be shown as worked on, each with the answer that made them so. */
  const worked = new Map<Place, object>();
  let able = isAble;

  const isDmThread = (place: Place) => {
    const { channel, threadTs } = decodePlace(place);
    return channel.startsWith("D") && threadTs !== undefined;
  };
  const open = async (place: Place) => {
    const problem = await openSession(web, place).catch((error: unknown) => {
      if (error instanceof PlatformRefusal && error.kind === "rejected") able = false;
      log.debug({ place, err: asError(error) }, "Slack shows no Stop");
      return "";
    });
    if (problem !== "") able = false;
  };
  const close = async (place: Place, answer: object) => {
    await clock.sleep(GRACE_MS, signal).catch(() => undefined);
    for (let tries = 1; worked.get(place) === answer; tries += 1) {
      const failure = await closeSession(web, place).then(() => undefined, asError);
      const pause = failure && tries < MOST_TRIES ? pauseAfter(failure) : undefined;
      if (pause === undefined) {
        worked.delete(place);
        if (failure) log.debug({ place, err: failure }, "Slack was not told that an answer is there");
        return;
      }
      await clock.sleep(pause, signal).catch(() => undefined);
    }
  };
  const work = (place: Place) => {
    const answer = {};
    worked.set(place, answer);
    return answer;
  };
  return {
    begin: (place, until) => {
      if (!able || until.aborted || !isDmThread(place)) return;
      const answer = work(place);
      const opened = open(place);
      until.addEventListener("abort", () => void opened.then(() => close(place, answer)), { once: true });
    },
    streamed: (place) => void worked.delete(place),
    unsure: (place) => void close(place, work(place)),
  };
}

/** Undefined: another try would be refused as well. */
function pauseAfter(error: Error): number | undefined {
  if (!(error instanceof PlatformRefusal)) return undefined;
  if (error.kind !== "rate_limited" && error.kind !== "unavailable") return undefined;
  return error.retryAfterMs ?? PAUSE_MS;
}
