import type { MessageId, Place } from "../chat/place.ts";
import type { Page, Platform, PostKey, Press } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { asError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { createLanes } from "./lanes.ts";
import { decodePlace } from "./place.ts";
import { createStreamCalls, type StreamCalls } from "./stream-calls.ts";
import { type Call, grown, isEmpty, type Stream, stepFor, STREAM_MS } from "./stream-step.ts";
import { createEndings, takeStop } from "./stream-ends.ts";
import { grownText } from "./stream-text.ts";
import type { Sessions } from "./sessions.ts";
import type { StreamGate } from "./streaming.ts";
import { createTraffic, type Traffic } from "./traffic.ts";
import type { SlackWeb } from "./web.ts";

/** The messages that this process streams: each grows by what is appended to it, one call at a time, until it is stopped. */
export interface Streams {
  /** See `Platform.countsAs`. */
  countsAs: NonNullable<Platform["countsAs"]>;
  /** Begins a message with this page. Undefined: it has to be posted. Throws `PlatformRefusal` when it may have begun all the same. */
  start(place: Place, page: Page, key: PostKey): Promise<MessageId | undefined>;
  /** Shows the page in a stream. False: the message is no stream, or none any more, and has to be edited. Throws `PlatformRefusal`. */
  show(id: MessageId, page: Page): Promise<boolean>;
  /** Notes what was posted and edited beside the streams. */
  readonly beside: Pick<Traffic, "posting" | "posted" | "edited">;
  /** Ends a stream that another process left open. Throws `PlatformRefusal`. */
  end(place: Place, id: MessageId, key: Pick<PostKey, "text">): Promise<void>;
  /** Once `signal` is aborted: resolves when those are stopped that show their whole text. */
  close(): Promise<void>;
}

export interface StreamsDeps {
  readonly web: SlackWeb;
  readonly clock: Clock;
  readonly log: Log;
  readonly gate: StreamGate;
  readonly sessions: Pick<Sessions, "streamed" | "unsure">;
  /** A person ended a stream. */
  readonly onStop: (press: Press) => Promise<unknown>;
  /** Ends the waits. */
  readonly signal: AbortSignal;
}

export function createStreams(deps: StreamsDeps): Streams {
  const calls = createStreamCalls(deps);
  const inTurn = createLanes();
  const live = createLive(deps, (id) => leave(id));
  const steps = createSteps(deps, live, calls);
  const leave = (id: MessageId) => inTurn(id, () => steps.leave(id));
  const endings = createEndings({ ...deps, stop: leave, drop: (id) => live.drop(id) });
  const beside = createTraffic(deps.clock);
  const show = async (id: MessageId, page: Page): Promise<boolean> => {
    const stream = live.get(id);
    if (!stream) return false;
    const step = stepFor(stream, page, deps.clock.monotonic());
    if (step.kind === "nothing") return true;
    if (step.kind === "leave") {
      await steps.leave(id);
      return false;
    }
    if (step.kind === "append" || deps.gate.endsBy() === "stop") return steps.take(id, stream, step);
    const isShown = isEmpty(step.add) || (await steps.take(id, stream, { ...step, kind: "append" }));
    if (isShown && live.get(id)) endings.put(id);
    return isShown;
  };
  return {
    ...opening(deps, { live, beside }, calls),
    close: () => endings.settled(),
    beside,
    show: async (id, page) => {
      let isShown = false;
      await inTurn(id, async () => void (isShown = await show(id, page)));
      return isShown;
    },
    end: async (place, id, key) => void (await calls.stop(id, { place, key })),
  };
}

/** Takes single steps, and keeps what they leave of the stream. Throws `PlatformRefusal`. */
function createSteps(deps: StreamsDeps, live: Live, calls: StreamCalls) {
  const { gate, onStop } = deps;
  const leave = async (id: MessageId) => {
    const stream = live.get(id);
    if (!stream) return;
    // Whatever becomes of the call, nothing is appended any more.
    live.put(id, { ...stream, unsure: true });
    const answered = await takeStop(deps);
    await calls.stop(id, stream).finally(answered);
    live.drop(id);
  };
  const call = async (id: MessageId, stream: Stream, { kind, add }: Call): Promise<boolean> => {
    live.put(id, { ...stream, unsure: true });
    const answered = gate.count(kind);
    if (kind === "append") {
      await calls.append(id, stream, add).finally(answered);
      live.put(id, grown(stream, add));
      return true;
    }
    const isShown = await calls.stop(id, stream, add).finally(answered);
    live.drop(id);
    return isShown;
  };
  const heed = async (id: MessageId, stream: Stream, refusal: PlatformRefusal): Promise<boolean> => {
    const isStopped = refusal.code === "slack_stopped_by_user";
    if (isStopped || refusal.code === "slack_message_not_in_streaming_state") {
      live.drop(id);
      await calls.settle(stream.place);
      if (isStopped) await onStop(stopOf(stream));
      return isStopped;
    }
    if (refusal.kind === "gone") live.drop(id);
    else if (refusal.kind !== "unavailable") live.put(id, stream);
    if (refusal.kind !== "rejected") throw refusal;
    await leave(id);
    return false;
  };
  return {
    /** Ends the stream: from then on the message is edited. */
    leave,
    /** Whether the page counts as shown; false: it has to be shown by an edit. */
    take: (id: MessageId, stream: Stream, step: Call): Promise<boolean> =>
      call(id, stream, step).catch((error: unknown) => {
        if (!(error instanceof PlatformRefusal)) throw error;
        return heed(id, stream, error);
      }),
  };
}

/** How streams begin, and what paints count as: a stream's beginning has no budget, for the gate keeps count of it. */
function opening(
  { clock, gate, sessions }: StreamsDeps,
  { live, beside }: { live: Live; beside: Traffic },
  calls: Pick<StreamCalls, "start" | "settle">,
): Pick<Streams, "countsAs" | "start"> {
  let beginning = 0;
  // Those that are being begun are not live yet, and have to be stopped just the same.
  const mayOpen = (place: Place, page: Page) => {
    const edits = beside.editsFor(decodePlace(place).channel);
    return gate.mayOpen(place, page, { live: live.size() + beginning, edits });
  };
  const begin = async (place: Place, page: Page, key: PostKey): Promise<MessageId | undefined> => {
    const answered = gate.count("start");
    beginning += 1;
    try {
      const add = { text: grownText(page.written ?? ""), tools: page.tools ?? [] };
      const id = await calls.start(place, add, key).finally(answered);
      sessions.streamed(place);
      const { text: sent, tools } = add;
      live.put(id, { place, key, sent, tools, startedAt: clock.monotonic(), unsure: false });
      return id;
    } catch (error) {
      if (!(error instanceof PlatformRefusal) || error.kind === "unavailable") sessions.unsure(place);
      gate.refused(error, place);
      return undefined;
    } finally {
      beginning -= 1;
    }
  };
  return {
    countsAs: (place, page, id) => {
      if (id === undefined) return mayOpen(place, page) ? "start" : "post";
      const stream = live.get(id);
      if (!stream) return "edit";
      const { kind } = stepFor(stream, page, clock.monotonic());
      if (kind === "leave") return "edit";
      return kind === "nothing" ? undefined : kind === "stop" ? gate.endsBy() : kind;
    },
    start: async (place, page, key) => {
      if (!mayOpen(place, page)) return undefined;
      // While Slack was asked, others may have begun. From here to the count nothing waits.
      const isReady = (await gate.ready(place)) && mayOpen(place, page);
      const id = isReady ? await begin(place, page, key) : undefined;
      // Slack may show the thread as being worked on for it, which a post does not end.
      if (id === undefined) await calls.settle(place);
      return id;
    },
  };
}

interface Live {
  get(id: MessageId): Stream | undefined;
  put(id: MessageId, stream: Stream): void;
  drop(id: MessageId): void;
  size(): number;
}

/** The streams that are live, each with the wait for its end: a model that is silent must not let Slack end it. */
function createLive({ clock, log, signal }: StreamsDeps, expire: (id: MessageId) => Promise<void>): Live {
  const streams = new Map<MessageId, Stream>();
  const waits = new Map<MessageId, AbortController>();
  const watch = async (id: MessageId) => {
    const over = new AbortController();
    waits.set(id, over);
    const end = AbortSignal.any([signal, over.signal]);
    await clock.sleep(STREAM_MS, end).then(
      () =>
        expire(id).catch((error: unknown) => log.debug({ err: asError(error) }, "a stream was not ended")),
      () => {},
    );
  };
  return {
    get: (id) => streams.get(id),
    put: (id, stream) => {
      streams.set(id, stream);
      if (!waits.has(id)) void watch(id);
    },
    drop: (id) => {
      streams.delete(id);
      waits.get(id)?.abort();
      waits.delete(id);
    },
    size: () => streams.size,
  };
}

function stopOf({ place, key }: Stream): Press {
  const by = { id: key.asker ?? "unknown", name: key.asker ?? "unknown", kind: "person" } as const;
  return { platform: "slack", place, action: "stop", turn: key.turn, by };
}
