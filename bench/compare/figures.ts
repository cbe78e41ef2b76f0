import { type Answer, bare } from "./answer.ts";

/** What a message showed from a moment on. `at` on the monotonic clock. */
export interface Sight {
  readonly at: number;
  /** Ids sort as the messages stand. */
  readonly message: string;
  readonly text: string;
}

/** How one answer came to the screen. Times in milliseconds. */
export interface Showing {
  /** From the model's first token to the first of its text on screen. Infinity: never. */
  readonly firstMs: number;
  /** From the model's end to the whole answer on screen. Infinity: not in the time that was watched. */
  readonly completeMs: number;
  /**
   * While the model wrote, every `STEP_MS`: how old the oldest text was that was not shown, and how many characters were not. A
   * segment is as old as its last token, which makes every age up to two tokens' time less than it was.
   */
  readonly ages: readonly number[];
  readonly behind: readonly number[];
  /** Characters of the model's that were not on screen in the end, and such as stood there twice. */
  readonly lost: number;
  readonly doubled: number;
}

const STEP_MS = 20;

/** One moment's screen: which of the answer's segments it shows, and up to which all are shown. */
interface Screen {
  readonly at: number;
  readonly shown: string;
  /** The first segment that is not shown; their number when all are. */
  readonly missing: number;
}

/** Compares what was on screen with what the model had said by then. Pure. */
export function showingOf(answer: Answer, sights: readonly Sight[]): Showing {
  const screens = screensOf(answer, sights);
  const { segments, begunAt, endedAt } = answer;
  const first = screens.find(({ shown }) => shown !== "");
  const whole = screens.find(({ missing }) => missing === segments.length);
  const ages: number[] = [];
  const behind: number[] = [];
  for (let at = begunAt, i = 0; at <= endedAt; at += STEP_MS) {
    while ((screens[i]?.at ?? Infinity) <= at) i += 1;
    const missing = screens[i - 1]?.missing ?? 0;
    const oldest = segments[missing]?.at ?? Infinity;
    const said = segments.findLast((one) => one.at <= at)?.end ?? 0;
    ages.push(Math.max(0, at - oldest));
    behind.push(Math.max(0, said - (segments[missing - 1]?.end ?? 0)));
  }
  const last = screens.at(-1)?.shown ?? "";
  const lengthOf = (i: number) => (segments[i]?.end ?? 0) - (segments[i - 1]?.end ?? 0);
  const sum = (wanted: (times: number) => boolean) =>
    segments.reduce(
      (chars, { mark }, i) => chars + (wanted(last.split(mark).length - 1) ? lengthOf(i) : 0),
      0,
    );
  return {
    firstMs: (first?.at ?? Infinity) - begunAt,
    completeMs: Math.max(0, (whole?.at ?? Infinity) - endedAt),
    ages,
    behind,
    lost: sum((times) => times === 0),
    doubled: sum((times) => times > 1),
  };
}

/** The screen after each sight: every message's newest text, in the order in which they stand. */
function screensOf({ segments }: Answer, sights: readonly Sight[]): readonly Screen[] {
  const messages = new Map<string, string>();
  let missing = 0;
  return sights.map(({ at, message, text }) => {
    messages.set(message, text);
    const shown = bare(
      [...messages]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, one]) => one)
        .join("\n"),
    );
    // What was shown can be taken back again: whoever reads it has not lost it, but the count begins anew.
    missing = shownFrom(missing, (i) => shown.includes(segments[i]?.mark ?? "\n"));
    return { at, shown, missing };
  });
}

function shownFrom(hint: number, isShown: (segment: number) => boolean): number {
  let from = hint > 0 && isShown(hint - 1) ? hint : 0;
  while (isShown(from)) from += 1;
  return from;
}

/** The mean age in each of `parts` equal stretches of the time in which the model wrote: how it goes on over time. */
export function overTime(showings: readonly Showing[], parts: number): readonly number[] {
  return Array.from({ length: parts }, (_, part) =>
    mean(
      showings.flatMap(({ ages }) =>
        ages.slice(Math.floor((ages.length * part) / parts), Math.floor((ages.length * (part + 1)) / parts)),
      ),
    ),
  );
}

/** The value below which `share` of all lie; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
