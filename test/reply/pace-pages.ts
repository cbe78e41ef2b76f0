import { whenDraft, whenUrgent, type Window } from "../../src/reply/pace.ts";

export interface Growing {
  readonly paints: number;
  readonly windowMs: number;
  /** In which the text fills one page after the other, the last of them again and again. */
  readonly pagesMs: readonly number[];
  readonly until: number;
  /** The pace is told when pages are full. */
  readonly isForeseen: boolean;
}

const STEP_MS = 20;

/**
 * Plays one reply whose text grows evenly, from page to page: one that is full gets its last paint, and right behind it the next page is posted. Tells how long the ending
 * waited, how many pages were full before it, and how old the oldest unseen text was on average.
 */
export function playPages({ paints, windowMs, pagesMs, until, isForeseen }: Growing) {
  const at = [0];
  const lengthOf = (page: number) => pagesMs[Math.min(page, pagesMs.length - 1)] ?? Infinity;
  let full = 0;
  let fullAt = lengthOf(0);
  const windowAt = (now: number): Window => ({
    now,
    paints,
    windowMs,
    drawn: at.filter((time) => time > now - windowMs),
    ages: [now],
    ended: [],
  });
  const paint = (from: number): number => {
    const now = whenUrgent(windowAt(from));
    if (now > from) return paint(now);
    at.push(now);
    return now;
  };
  const turn = (now: number) => {
    full += 1;
    fullAt += lengthOf(full);
    return paint(paint(now));
  };
  let shown = 0;
  let area = 0;
  for (let now = 0; now < until; now += STEP_MS) {
    area += (now - shown) * STEP_MS;
    const last = at.at(-1) ?? 0;
    const fullIn = isForeseen ? Math.max(0, fullAt - now) : Infinity;
    const draft = { age: now, after: last, painted: last, ahead: 0, fullIn };
    if (now < last || whenDraft(windowAt(now), draft) > now) continue;
    shown = fullAt <= now ? turn(now) : paint(now);
  }
  const ended = fullAt <= until ? turn(until) : paint(until);
  return { at, full, waited: ended - until, meanAge: area / until };
}
