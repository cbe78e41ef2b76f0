import { whenDraft, whenUrgent, type Window } from "../../src/reply/pace.ts";

export const STEP_MS = 10;

export interface Run {
  readonly paints: number;
  readonly windowMs: number;
  readonly stepMs?: number;
  /** First texts count in another budget: on Slack they are posts. */
  readonly textsElsewhere?: boolean;
  /** Each reply begins with a paint, takes drafts as it may, and ends with one. */
  readonly replies: readonly { readonly from: number; readonly until: number }[];
}

/** Plays replies that always have something to show. Returns each reply's paints, in the order of time. */
export function play({ paints, windowMs, replies, stepMs = STEP_MS, textsElsewhere = false }: Run) {
  const all: number[] = [];
  const live = replies.map(({ from, until }) => ({
    from,
    until,
    at: [] as number[],
    waited: 0,
    isOver: false,
  }));
  const ended: number[] = [];
  let lastDraft = -Infinity;
  const last = (one: { at: number[] }) => one.at.at(-1) ?? -Infinity;
  for (let now = 0; live.some(({ isOver }) => !isOver); now += stepMs) {
    const here = live.filter(({ from, isOver }) => from <= now && !isOver);
    const window = (): Window => ({
      now,
      paints,
      windowMs,
      drawn: since(all, now - windowMs),
      ages: here.filter(({ isOver }) => !isOver).map(({ at }) => now - (at[0] ?? now)),
      ended: since(ended, now - windowMs),
    });
    const urgent = here
      .filter((one) => one.at.length === 0 || one.until <= now)
      .sort((a, b) => a.until - b.until);
    for (const one of urgent) {
      const isFree = textsElsewhere && one.at.length === 0;
      if (!isFree && whenUrgent(window()) > now) continue;
      one.isOver = one.at.length > 0;
      one.waited = one.isOver ? now - one.until : one.waited;
      if (one.isOver) ended.push(now);
      one.at.push(now);
      if (!isFree) all.push(now);
    }
    const drafts = here.filter((one) => !urgent.includes(one)).sort((a, b) => last(a) - last(b));
    for (const [ahead, one] of drafts.entries()) {
      const after = Math.max(lastDraft, last(one));
      const draft = { age: now - (one.at[0] ?? now), after, painted: last(one), ahead, fullIn: Infinity };
      if (whenDraft(window(), draft) > now) continue;
      lastDraft = now;
      one.at.push(now);
      all.push(now);
    }
  }
  return { all, live };
}

/** Of ascending times those after this one. */
const since = (times: readonly number[], from: number) =>
  times.slice(times.findLastIndex((at) => at <= from) + 1);
