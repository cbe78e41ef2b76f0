import type { Place } from "../chat/place.ts";
import type { Clock } from "../clock.ts";
import { asError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { decodePlace } from "./place.ts";
import type { SlackWeb } from "./web.ts";

/** docs.slack.dev, assistant.threads.setStatus: a status lasts two minutes, or until the app posts in the thread. */
const REFRESH_MS = 60_000;
/** Slack puts the app's name before it. */
const STATUS = "is thinking…";
/** Shown in turn in place of the status, at most ten (docs.slack.dev, assistant.threads.setStatus). */
const LOADING = ["Reading what you wrote…", "Thinking it over…", "Looking for the right words…"];
/** Not now and not later: a workspace or an app that has no statuses. */
const NEVER = new Set(["slack_missing_scope", "slack_unknown_method", "slack_not_allowed_token_type"]);

export interface Indicator {
  /** See `Platform.indicate`. */
  indicate(place: Place, signal: AbortSignal): void;
  /** The bot has posted there: Slack takes the status away by itself. */
  posted(place: Place): void;
}

/** Slack's status line under a thread. A direct message outside of threads has none. */
export function createIndicator(deps: { web: SlackWeb; clock: Clock; log: Log }): Indicator {
  const live = new Map<Place, AbortController>();
  let able = true;

  const show = async (place: Place, status: string) => {
    const { channel, threadTs } = decodePlace(place);
    if (threadTs === undefined || !able) return;
    try {
      await deps.web.call("assistant.threads.setStatus", {
        channel_id: channel,
        thread_ts: threadTs,
        status,
        ...(status === "" ? {} : { loading_messages: LOADING }),
      });
    } catch (error) {
      if (error instanceof PlatformRefusal && NEVER.has(error.code)) able = false;
      deps.log.debug({ place, err: asError(error) }, "Slack shows no status");
    }
  };

  /** Until a post (`posted`) or the caller (`signal`) ends it. */
  const keepUp = async (place: Place, posted: AbortSignal, signal: AbortSignal) => {
    const end = AbortSignal.any([posted, signal]);
    let underway = false;
    while (!end.aborted) {
      underway = true;
      await show(place, STATUS);
      underway = end.aborted;
      await deps.clock.sleep(REFRESH_MS, end).catch(() => {});
    }
    // A status that was on its way when the post was made may have come after it, and would stay.
    if (underway || !posted.aborted) await show(place, "");
  };

  return {
    indicate: (place, signal) => {
      if (signal.aborted || live.has(place)) return;
      const posted = new AbortController();
      live.set(place, posted);
      void keepUp(place, posted.signal, signal).finally(() => live.delete(place));
    },
    posted: (place) => live.get(place)?.abort(),
  };
}
