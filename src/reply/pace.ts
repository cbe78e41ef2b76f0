/** One budget at one moment, on any one clock. All times in milliseconds. */
export interface Window {
  readonly now: number;
  /** At most so many in any `windowMs`. */
  readonly paints: number;
  readonly windowMs: number;
  /** When it was drawn on within the last `windowMs`, oldest first. */
  readonly drawn: readonly number[];
  /** How long ago each live reply that shares it showed its first text; 0 where it has not yet. */
  readonly ages: readonly number[];
  /** When replies whose endings count in it ended within the last `windowMs`, oldest first. */
  readonly ended: readonly number[];
}

/** A draft that wants to be painted. */
export interface Draft {
  /** How long ago its reply showed its first text. */
  readonly age: number;
  /** When the budget was last drawn on for a draft, or the reply last painted, whichever was later. */
  readonly after: number;
  /** When its reply was last painted. */
  readonly painted: number;
  /**
   * In how long its page will be full, where the next page's post counts in the same budget. 0: it is, and that post follows at once. Infinity: not foreseen, or the
   * post counts elsewhere.
   */
  readonly fullIn: number;
  /** How many go first: those that wait and have been unpainted for longer, and what is urgent. */
  readonly ahead: number;
}

/** A short answer. A reply's time is also reckoned as its age and so long again. */
const EXPECTED_MS = 10_000;

/**
 * Nobody knows when an answer ends, or whether another one begins then. Whoever spends a window of length W as if short answers (of length E)
 * were all that came is fresh for them and stands still afterwards; whoever spends it evenly is six times too slow for them on Slack. To be behind
 * by the same multiple of the least that was possible, wherever between E and W the end comes, 1 of every 1 + ln(W/E)/2 paints goes
 * to the first E, evenly, and the others at gaps that grow as time does. That multiple, 1.9 for Slack's minute, is the least that
 * anybody can promise (`bench/compare/online.ts` computes it).
 */
const HASTE = 1.9;
/** What is left after a short answer has to last for so long, as of each paint: so gaps grow while it dwindles, about as time does. */
const REST_MS = 22_000;

/**
 * A crowd that is so careful is seen in jumps: of ten at once on Slack each would be painted every 1.3 s, while half of their minute is kept for what few of them
 * get to. Most answers are short, and whoever goes on has much to itself once the others have ended. So in a workspace that was quiet three
 * quarters of what is free go to a short answer's time, for replies that were not painted for `LEGIBLE_MS`: then a crowd is 1.4 times as far behind as need be
 * at its end. If all of them go on, it is 2.4 times after twenty seconds and 3.1 times after a minute.
 */
const HURRY = 4 / 3;
/** Up to a second a reader's thought flows on (Nielsen, Response Times: The 3 Important Limits); less, since a paint takes time on its way. */
const LEGIBLE_MS = 900;
/** It was not quiet where so much of a window had been drawn before a reply began: then whoever comes next will miss what is spent now. */
const BUSY = 0.25;
/** Hurry leaves so many endings to those who come next for each that is kept for a live reply: an ending that has to wait is worse than a rare draft. */
const NEXT = 3;

/**
 * A page that is full costs two paints, its own last one and the next page's post, and so does an ending that comes just then. In this part of the time in which one paint comes back both
 * shall find room, and an ending right behind them: so a draft that would stand in their way is left out. Found by trying: endings that never waited made text a tenth to a third older.
 */
const SOON = 0.9;

/** After a 429 so much of a budget is reckoned with, once more for each that follows. */
const SHRINKS = 0.75;
/** In so many windows without one, a budget that had shrunk to nothing would be whole again. */
const RECOVERY_WINDOWS = 20;

/**
 * How many of any window's paints drafts leave to first texts and endings: one for each live reply that may end before what is drawn now comes
 * back, and those that others will need who come meanwhile; never all of a single one. A reply ends within a window as likely as the window is long
 * beside the reply's age and expected time, so short windows keep less, and replies that go on for long get drafts however many they are.
 */
export function reserveOf(window: Window): number {
  if (window.paints === 1) return 0;
  return Math.min(window.paints, Math.max(1, Math.ceil(endingsOf(window) + comingOf(window))));
}

/** How many live replies may end within a window. */
function endingsOf({ windowMs, ages }: Window): number {
  return ages.reduce((sum, age) => sum + Math.min(1, windowMs / (age + EXPECTED_MS)), 0);
}

/**
 * How many endings of replies that are yet to come will find nothing that has come back. What a crowd spent at once comes back at once, up to a window
 * later, and those who follow it would have to wait for that. So once a reply has begun after another ended, as many are expected as have ended since
 * the window was first drawn on, and the root of that more (whoever comes at random deviates by it). Where fewer than one ends in a short answer's time the pace leaves
 * enough by itself; and in a window that such an answer outlasts nobody both comes and ends.
 */
function comingOf({ now, windowMs, drawn, ages, ended }: Window): number {
  const [first] = ended;
  const follows = first !== undefined && ages.some((age) => now - age > first);
  if (!follows || windowMs <= EXPECTED_MS) return 0;
  const rate = ended.length / Math.min(windowMs, Math.max(EXPECTED_MS, now - (drawn[0] ?? now)));
  if (rate * EXPECTED_MS <= 1) return 0;
  const missing = drawn.map((at, back) => {
    const endings = rate * (at + windowMs - now);
    return endings + Math.sqrt(endings) - back;
  });
  return Math.max(0, ...missing);
}

/** What a 429 taught about a budget: of its paints, this part was left at that time. */
export interface Lesson {
  readonly part: number;
  readonly at: number;
}

/** The platform said 429 though the budget had room: others draw on it too, or the platform allows less than it documents. */
export function learn(lesson: Lesson | undefined, windowMs: number, now: number): Lesson {
  return { part: partOf(lesson, windowMs, now) * SHRINKS, at: now };
}

/** How many paints a budget is reckoned with: at least one, and all of them again some time after the last 429. */
export function reckoned(budget: { paints: number; windowMs: number }, at: Taught): number {
  return Math.max(1, Math.floor(budget.paints * partOf(at.lesson, budget.windowMs, at.now)));
}

interface Taught {
  readonly lesson: Lesson | undefined;
  readonly now: number;
}

function partOf(lesson: Lesson | undefined, windowMs: number, now: number): number {
  return lesson ? Math.min(1, lesson.part + (now - lesson.at) / (RECOVERY_WINDOWS * windowMs)) : 1;
}

/** When what is urgent may be painted. */
export function whenUrgent(window: Window): number {
  return whenFree(window, window.paints);
}

/**
 * When a draft may be painted; Infinity: not while so many replies are live. What is free is spent at an even pace, so that gaps grow with the
 * reply's age, and as the window fills, to the window's own pace.
 */
export function whenDraft(window: Window, draft: Draft): number {
  const room = window.paints - reserveOf(window);
  if (room <= 0) return Infinity;
  const free = room - window.drawn.length;
  const isFull = draft.fullIn === 0;
  // What fills a page is due at once, though behind those that go first.
  const before = draft.ahead + Number(!isFull);
  const due = (horizon: number) =>
    draft.after + paceFor(window, { free, horizon, from: draft.after }) * before;
  // As of the paint before, so that what is due does not move while it is waited for.
  const age = Math.max(0, draft.age - (window.now - draft.after));
  const careful = due(Math.min(window.windowMs, age < EXPECTED_MS ? HASTE * EXPECTED_MS - age : REST_MS));
  const hurried = mayHurry(window, { age, free })
    ? due(hurryOf(window, draft.age) * EXPECTED_MS - age)
    : Infinity;
  const paced = isFull ? careful : Math.min(careful, Math.max(hurried, draft.painted + LEGIBLE_MS));
  return Math.max(whenFree(window, room), whenNext(window, room, draft.fullIn), paced);
}

/** When a draft leaves room for the next page's post, and for an ending that comes when that page is full, or for one behind both if it is. */
function whenNext(window: Window, room: number, fullIn: number): number {
  if (room === 1) return window.now;
  const two = whenFree(window, room - 1);
  const soon = (SOON * window.windowMs) / window.paints;
  if (fullIn === 0) return two - soon;
  return two <= window.now + fullIn + soon ? window.now : two;
}

/** Milliseconds between drafts at which what is free lasts for the horizon, and that never has to stop before paints come back. */
function paceFor(
  { windowMs, drawn }: Window,
  { free, horizon, from }: { free: number; horizon: number; from: number },
): number {
  // A draw is timed by its paint's answer, a moment after the draft was let through. It is back within a window all the same.
  const back = drawn.map((at) => Math.min(windowMs, at + windowMs - from)).filter((ms) => ms <= horizon);
  const lasting = back.map((ms, index) => (free + index + 1 > 0 ? ms / (free + index + 1) : 0));
  return Math.max(horizon / Math.max(1, free + back.length), ...lasting);
}

/** A window that outlasts a short answer, of a reply that may yet be one. */
function mayHurry(window: Window, { age, free }: { age: number; free: number }): boolean {
  return (
    age < EXPECTED_MS &&
    window.windowMs > EXPECTED_MS &&
    free > NEXT * Math.max(1, Math.ceil(endingsOf(window)))
  );
}

/** How many times a short answer's length what is free has to last: the less was drawn before the reply began, the fewer. */
function hurryOf({ now, paints, drawn }: Window, age: number): number {
  const before = drawn.filter((at) => at < now - age).length;
  return HASTE - (HASTE - HURRY) * Math.max(0, 1 - before / (BUSY * paints));
}

/** When there are fewer than `room` in the window. */
function whenFree({ now, windowMs, drawn }: Window, room: number): number {
  const blocking = drawn.at(-room);
  return blocking === undefined ? now : Math.max(now, blocking + windowMs);
}
