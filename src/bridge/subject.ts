import type { Clock } from "../clock.ts";
import { isOver, type Reply } from "../reply/reply.ts";
import type { Metrics } from "./metrics.ts";

/** The newest state of one reply, a way to wait for a newer one, and how far what is shown is behind it. */
export interface Subject {
  readonly reply: Reply | undefined;
  /** Aborts when the reply has ended: what waits as a draft need not wait any more. */
  readonly ended: AbortSignal;
  /** When the oldest text came that is not shown, on the monotonic clock. Undefined: all of it is. */
  readonly unseenSince: number | undefined;
  /** When the text will be longer by so much, if it goes on growing as it has. Undefined: that is not known. */
  longerAt(length: number): number | undefined;
  /** Aborts when the text is longer by so much. Only the last one that was asked for does. */
  longer(length: number): AbortSignal;
  set(reply: Reply): void;
  /** Resolves when a newer reply than the one last read is there, or the signal aborts. */
  changed(): Promise<void>;
  /** The newest state is going to be painted. */
  painting(): void;
  /** A paint of that state was made. `whole`: no other is needed to show all of it. */
  painted(whole: boolean): void;
  /** All pages are shown as they should be. May be said again. */
  settled(): void;
}

export interface SubjectDeps {
  readonly platform: string;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

export function createSubject(deps: SubjectDeps, signal: AbortSignal): Subject {
  const ended = new AbortController();
  const lag = createLag(deps);
  let reply: Reply | undefined;
  let next = Promise.withResolvers<void>();
  const growth = createGrowth(deps.clock);
  signal.addEventListener("abort", () => next.resolve(), { once: true });
  return {
    get reply() {
      return reply;
    },
    get unseenSince() {
      return lag.unseenSince;
    },
    ended: ended.signal,
    longerAt: (length) => growth.longerAt(length),
    longer: (length) => growth.longer(length),
    set(newer) {
      lag.wrote(newer);
      growth.wrote(newer);
      reply = newer;
      next.resolve();
      if (isOver(newer)) ended.abort();
    },
    async changed() {
      await next.promise;
      if (!signal.aborted) next = Promise.withResolvers();
    },
    painting: () => lag.painting(),
    painted: (whole) => lag.painted(whole),
    settled: () => lag.settled(),
  };
}

/** How fast a text grows, since its first words. */
function createGrowth(clock: Clock) {
  let first: { readonly at: number; readonly length: number } | undefined;
  let length = 0;
  let awaited: { readonly length: number; readonly reached: AbortController } | undefined;
  return {
    wrote({ text }: Reply) {
      ({ length } = text);
      if (length > 0) first ??= { at: clock.monotonic(), length };
      if (!awaited || length < awaited.length) return;
      awaited.reached.abort();
      awaited = undefined;
    },
    longerAt(by: number): number | undefined {
      const now = clock.monotonic();
      if (!first || length <= first.length) return undefined;
      return now + (by * (now - first.at)) / (length - first.length);
    },
    longer(by: number): AbortSignal {
      const reached = new AbortController();
      awaited = { length: length + by, reached };
      return reached.signal;
    },
  };
}

/** Measures one reply, and tells at each paint: what comes with each of the model's tokens has to cost next to nothing. */
function createLag({ platform, clock, metrics }: SubjectDeps) {
  let length = 0;
  let unseenSince: number | undefined;
  /** When the oldest text came that the paint under way does not show. */
  let laterSince: number | undefined;
  let isUnderWay = false;
  let waiting = 0;
  let endedAt: number | undefined;

  return {
    get unseenSince() {
      return unseenSince;
    },
    wrote({ text, phase }: Reply) {
      if (phase === "done") endedAt ??= clock.monotonic();
      if (text.length <= length) return;
      ({ length } = text);
      waiting += 1;
      if (unseenSince !== undefined && (!isUnderWay || laterSince !== undefined)) return;
      const now = clock.monotonic();
      unseenSince ??= now;
      if (isUnderWay) laterSince = now;
    },
    painting() {
      if (waiting > 1) metrics.skipped(platform, waiting - 1);
      waiting = 0;
      isUnderWay = true;
      laterSince = undefined;
    },
    painted(whole: boolean) {
      metrics.painted(platform);
      isUnderWay = false;
      if (!whole) return;
      if (unseenSince !== undefined) metrics.lagged(platform, clock.monotonic() - unseenSince);
      unseenSince = laterSince;
    },
    settled() {
      if (endedAt !== undefined) metrics.completed(platform, clock.monotonic() - endedAt);
      endedAt = undefined;
    },
  };
}
