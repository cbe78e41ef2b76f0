import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { play } from "./pace-kit.ts";

const EDITS = { paints: 50, windowMs: 60_000 };
const SLOT_MS = EDITS.windowMs / EDITS.paints;
const STEP_MS = 600;
/** As long as a window, in which it is seen how many come. */
const FIRST_MS = EDITS.windowMs;
const SPAN_MS = 180_000;

interface Life {
  readonly from: number;
  readonly until: number;
}

/** Replies of Slack, whose first texts are posts. */
const edited = (replies: readonly Life[]) =>
  play({ ...EDITS, replies, stepMs: STEP_MS, textsElsewhere: true });

/**
 * How much longer each ending waited than if nothing but endings had been painted after the first minute, in the order in which replies end, first come, first
 * served: with more endings than edits nobody can paint them sooner. And how long that least wait is.
 */
function waitsOf({ all, live }: ReturnType<typeof edited>) {
  const drawn = all.filter((at) => at < FIRST_MS);
  const later = live.filter(({ until, waited }) => until + waited >= FIRST_MS);
  return later
    .sort((a, b) => a.until - b.until)
    .map(({ until, waited }) => {
      const at = Math.max(until, FIRST_MS, (drawn.at(-EDITS.paints) ?? -Infinity) + EDITS.windowMs);
      drawn.push(at);
      return { least: at - until, more: until + waited - at };
    });
}

const upTo = (most: number) => fc.integer({ min: 0, max: most });

/** So many people who ask one thing after another: whoever has an answer asks again soon. */
const persons = fc
  .record({
    count: fc.integer({ min: 1, max: 50 }),
    all: fc.array(
      fc.record({
        from: upTo(15_000),
        answers: fc.array(fc.record({ ms: fc.integer({ min: 2_000, max: 60_000 }), pause: upTo(4_000) }), {
          minLength: 3,
          maxLength: 8,
        }),
      }),
      { minLength: 50, maxLength: 50 },
    ),
  })
  .map(({ count, all }) =>
    all.slice(0, count).flatMap(({ from, answers }) => {
      const replies: Life[] = [];
      for (let at = from, next = 0; at < SPAN_MS; next += 1) {
        const { ms, pause } = answers[next % answers.length]!;
        replies.push({ from: at, until: at + ms });
        at += ms + pause;
      }
      return replies;
    }),
  );

/** A crowd every so many seconds, each about as many and as long as the last. */
const crowds = fc
  .record({
    every: fc.integer({ min: 6_000, max: 30_000 }),
    size: fc.integer({ min: 1, max: 25 }),
    ms: fc.integer({ min: 2_000, max: 30_000 }),
    parts: fc.array(fc.double({ min: 0.9, max: 1.1, noNaN: true }), { minLength: 25, maxLength: 25 }),
  })
  .filter(({ every, size }) => size / every < 1.5 / SLOT_MS)
  .map(({ every, size, ms, parts }) => {
    const times = Array.from({ length: Math.ceil(SPAN_MS / every) }, (_, index) => index * every);
    return times.flatMap((from) => parts.slice(0, size).map((part) => ({ from, until: from + ms * part })));
  });

describe("endings that are edits, where replies follow each other", () => {
  it.each([
    { who: "people ask one thing after another", arrivals: persons },
    { who: "crowds come every so often", arrivals: crowds },
  ])("wait no slot longer than they must from the second minute on: $who", ({ arrivals }) => {
    const reached = { roomy: 0, overfull: 0 };
    fc.assert(
      fc.property(fc.noBias(arrivals), (replies) => {
        const waits = waitsOf(edited(replies));
        expect(Math.max(0, ...waits.map(({ more }) => more))).toBeLessThanOrEqual(SLOT_MS + STEP_MS);
        const must = Math.max(0, ...waits.map(({ least }) => least));
        reached.roomy += Number(replies.length < 0.8 * (SPAN_MS / SLOT_MS));
        reached.overfull += Number(must > SLOT_MS + STEP_MS);
      }),
      // To shrink what lasts for minutes takes minutes.
      { numRuns: 20, endOnFailure: true },
    );
    expect(Math.min(...Object.values(reached)), JSON.stringify(reached)).toBeGreaterThan(0);
  });
});
