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

/** The times of a bag in their order: that which half of them, and that which 95 of 100, do not exceed. */
export function ranksOf(times: ReadonlyMap<number, number>): { median: number; p95: number } | undefined {
  const sorted = Float64Array.from(times.keys()).sort();
  let total = 0;
  for (const count of times.values()) total += count;
  if (total === 0) return undefined;
  const at = (hundredths: number) => {
    let below = 0;
    const found = sorted.find((time) => {
      below += times.get(time) ?? 0;
      return below * 100 >= total * hundredths;
    });
    return found ?? 0;
  };
  return { median: at(50), p95: at(95) };
}
