/*
 * Times are summed as they are told: a time stands for all that begin with the same six binary digits, and is their middle. So it is off by less
 * than 1.6 %, below 64 ms by nothing, and times can be counted: there are few of them, however many turns there are.
 */

/** How many there are before they get twice as wide. */
const STEPS = 32;
/** Times from here on, some hundred years, are told alike. */
const MOST = 2 ** 42;

/** As which time `ms` is told. A greater time is never told as a lesser one. */
export function toldTime(ms: number): number {
  let width = 1;
  while (ms >= width * 2 * STEPS && width * 2 * STEPS < MOST) width *= 2;
  return ms - (ms % width) + Math.floor(width / 2);
}

/** SQL: the same of a column of whole numbers that are not below 0. */
export function toldTimeSql(column: string): string {
  const width = widthSql(column, 1, MOST / (2 * STEPS));
  return `(${column} - ${column} % ${width} + ${width} / 2)`;
}

/** Halves the widths that it may be, so that few comparisons are made. */
function widthSql(column: string, least: number, most: number): string {
  if (least === most) return String(least);
  const middle = 2 ** Math.floor((Math.log2(least) + Math.log2(most)) / 2);
  return `CASE WHEN ${column} < ${middle * 2 * STEPS} THEN ${widthSql(column, least, middle)} ELSE ${widthSql(column, middle * 2, most)} END`;
}

/** How often each time is told, by its place among all that can be. */
export type ToldTimes = Float64Array;

const DOUBLINGS = Math.log2(MOST / (2 * STEPS)) + 1;
const PLACES = STEPS * (DOUBLINGS + 1);
export const toldTimes = (): ToldTimes => new Float64Array(PLACES);

/** Pairs of a time and how often it is told become pairs of its place and that. */
export function toPlaces(pairs: Float64Array, end: number): void {
  for (let at = 0; at < end; at += 2) pairs[at] = placeOf(pairs[at] ?? 0);
}

/** Adds so many pairs of places. */
export function addTimes(times: ToldTimes, pairs: Float64Array, end: number): void {
  for (let at = 0; at < end; at += 2) {
    const place = pairs[at] ?? 0;
    times[place] = (times[place] ?? 0) + (pairs[at + 1] ?? 0);
  }
}

/** The place of a time that is told. Those that are told alike, since no time is longer, have the last. */
function placeOf(told: number): number {
  if (told < 2 * STEPS) return told;
  if (told >= MOST) return PLACES - 1;
  let [doublings, digits] = [0, told];
  if (told >= 2 ** 31) for (; digits >= 2 * STEPS; doublings += 1) digits = Math.floor(digits / 2);
  else {
    doublings = 26 - Math.clz32(told);
    digits = told >>> doublings;
  }
  return STEPS * doublings + digits;
}

function toldAt(place: number): number {
  const doublings = Math.max(0, Math.floor(place / STEPS) - 1);
  const width = 2 ** doublings;
  return (place - STEPS * doublings) * width + Math.floor(width / 2);
}

/** That time which half of them, and that which 95 of 100, do not exceed. */
export function ranksOf(times: ToldTimes): { median: number; p95: number } | undefined {
  let total = 0;
  for (const count of times) total += count;
  if (total === 0) return undefined;
  const at = (hundredths: number) => {
    let below = 0;
    const found = times.findIndex((count) => {
      below += count;
      return below * 100 >= total * hundredths;
    });
    return toldAt(found);
  };
  return { median: at(50), p95: at(95) };
}
