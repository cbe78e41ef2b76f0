import type { Place } from "../chat/place.ts";
import type { Page } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { boundedMap } from "./bounded.ts";
import type { StreamingMode } from "./config.ts";
import { decodePlace } from "./place.ts";
import { APPENDS } from "./format.ts";
import { openSession } from "./sessions.ts";
import { hasRoom } from "./stream-step.ts";
import { grownText } from "./stream-text.ts";
import type { SlackWeb } from "./web.ts";

/** Whether a page may be streamed. Slack's refusals are remembered. */
export interface StreamGate {
  /**
   * A post of this page would be the beginning of a stream, as far as is known. `live`: how many streams there are now; `edits`: as
   * `Traffic.editsFor` says of the channel.
   */
  mayOpen(place: Place, page: Page, now: { readonly live: number; readonly edits: number }): boolean;
  /** Asks Slack, once, whether people could stop a stream. */
  ready(place: Place): Promise<boolean>;
  /** A stream is being started, appended to, or stopped; call what is returned once that was answered, as Slack counts it by then. */
  count(what: Counted): () => void;
  /** What shows the last words of a stream: an append, where no stop is to be had for it before long. */
  endsBy(): "append" | "stop";
  /** Milliseconds until a stream may be stopped that shows its whole text already, or whose message has to be edited. */
  stopIn(then: "whole" | "edited"): number;
  /** Why no stream was started. Throws what leaves that open. */
  refused(error: unknown, place: Place): void;
}

type Counted = "start" | "append" | "stop";

export interface GateDeps {
  readonly web: SlackWeb;
  readonly clock: Clock;
  readonly log: Log;
  readonly mode: StreamingMode;
  /** The app is an agent: Slack shows a button that stops its streams (docs.slack.dev, Agent sessions). */
  readonly isAgent: boolean;
}

/** chat.startStream and chat.stopStream are tier 2: 20 a minute in a workspace, each (docs.slack.dev, Rate limits). */
const PER_MINUTE = 20;
const MINUTE_MS = 60_000;
/** While all that stand in the way of a call are under way. */
const LOOK_MS = 100;
/** Of a minute's stops so many are left to streams that have to be edited, who show nothing new before they are stopped. */
const KEPT_STOPS = 4;
/**
 * In a channel only who asked sees a stream grow, everybody else its first words and then its end (agentconnect-md/agentconnect#1494), while
 * all see edits. So there a reply is streamed only where it would have fewer edits than this, one a second through a short answer and then less: in a
 * crowd a few replies have the edits for themselves, and the others the appends.
 */
const LEGIBLE = 13;
/** In a direct message streams are preferred to edits, as long as they are at least this part as many. */
const PREFERRED = 0.5;
/** Where nothing can be streamed, now or later. */
const NEVER = new Set(["slack_unknown_method", "slack_not_allowed_token_type", "slack_missing_scope"]);
/** Where nothing can be streamed in that channel. */
const NOT_HERE = new Set(["slack_method_not_supported_for_channel_type", "slack_channel_type_not_supported"]);
const REMEMBERED = 10_000;

export function createStreamGate(deps: GateDeps): StreamGate {
  const { web, clock, log, mode } = deps;
  const closedChannels = boundedMap<string, true>(REMEMBERED);
  const calls = createCounts(clock);
  let able = mode !== "edit" && deps.isAgent;
  let isStoppable = false;
  let closedUntil = 0;

  const stopIn = (then: "whole" | "edited") =>
    calls.roomIn("stop", PER_MINUTE - (then === "whole" ? KEPT_STOPS : 0));
  const never = (why: string) => {
    if (able) log.warn({ why }, "replies in Slack are shown by edits instead of streams");
    able = false;
  };

  return {
    mayOpen: (place, page, { live, edits }) => {
      const { channel, threadTs } = decodePlace(place);
      if (!able || threadTs === undefined || closedChannels.get(channel)) return false;
      const appends = (APPENDS.paints - calls.lately("append")) / (live + 1);
      if (mode !== "native" && !isBetter(channel, { appends, edits })) return false;
      // Each stream has to be stopped: those that are live may all end at once, and wait for no more than a minute.
      const isFree = calls.lately("start") < PER_MINUTE && live < PER_MINUTE;
      return isFree && clock.monotonic() >= closedUntil && isGrowing(page);
    },
    ready: async (place) => {
      if (isStoppable) return true;
      const warned = await openSession(web, place).catch((error: unknown) => {
        if (!(error instanceof PlatformRefusal)) throw error;
        const passes = error.kind === "rate_limited" || error.kind === "unavailable";
        return passes ? undefined : error.message;
      });
      isStoppable = warned === "";
      if (warned !== undefined && !isStoppable) never(warned);
      return isStoppable;
    },
    count: calls.count,
    endsBy: () => (stopIn("whole") > 0 && calls.lately("append") < APPENDS.paints ? "append" : "stop"),
    stopIn,
    refused: (error, place) => {
      if (!(error instanceof PlatformRefusal) || error.kind === "unavailable") throw error;
      const { code, kind, message, retryAfterMs = 0 } = error;
      if (NEVER.has(code)) never(message);
      else if (NOT_HERE.has(code)) closedChannels.set(decodePlace(place).channel, true);
      else if (kind === "rate_limited") closedUntil = clock.monotonic() + retryAfterMs;
      log.info({ place, code, why: message }, "a page is posted that Slack will not stream");
    },
  };
}

/** Whether a stream with so many appends a minute shows a reply better than a message with so many edits. */
function isBetter(channel: string, { appends, edits }: { appends: number; edits: number }): boolean {
  if (edits <= 0) return true;
  return channel.startsWith("D") ? appends >= edits * PREFERRED : edits < LEGIBLE && appends > edits;
}

/** The calls of the last minute, from their answers on: when Slack counts a call that is under way is not known. */
function createCounts(clock: Pick<Clock, "monotonic">) {
  const counted: Record<Counted, readonly { at: number }[]> = { start: [], append: [], stop: [] };
  const within = (what: Counted) => counted[what].filter(({ at }) => at > clock.monotonic() - MINUTE_MS);
  return {
    count: (what: Counted) => {
      const call = { at: Infinity };
      counted[what] = [...within(what), call];
      return () => void (call.at = clock.monotonic());
    },
    lately: (what: Counted) => within(what).length,
    /** Milliseconds until there are fewer than `most`, or until it is worth another look. */
    roomIn: (what: Counted, most: number) => {
      const times = within(what).map(({ at }) => at);
      const blocking = times.sort((a, b) => a - b).at(-most);
      if (blocking === Infinity) return LOOK_MS;
      return blocking === undefined ? 0 : blocking + MINUTE_MS - clock.monotonic();
    },
  };
}

/** A draft that grows at its end, and of which something can be sent: text, or a card. A button other than Slack's own for stopping needs edits. */
function isGrowing({ final, written, buttons = [], tools = [] }: Page): boolean {
  if (final || written === undefined || buttons.some(({ action }) => action !== "stop")) return false;
  const text = grownText(written);
  return (text.trim() !== "" || tools.length > 0) && hasRoom(text, tools);
}
