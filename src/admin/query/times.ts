import { nearest } from "../../nearest.ts";
import { type Covered, durationIn, spelledOut, type Wrong } from "./amounts.ts";

export interface Moment extends Covered {
  /** A point in time, such as `7d` ago, and not a day or a year. */
  readonly point: boolean;
}

const DAY = 86_400_000;
const HOW =
  "A time is expected here: a date (2026-11-01, 2026-11, 2026), today, yesterday, last-week, or an age such as 7d or 12h.";
const ISO =
  /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/i;

/** Words for times, in UTC. Weeks begin on Monday (ISO 8601). */
const WORDS: Readonly<Record<string, (now: Date) => Moment>> = {
  now: (now) => at(now.getTime()),
  today: (now) => days(now, 0, 1),
  yesterday: (now) => days(now, -1, 1),
  "this-week": (now) => days(now, -weekday(now), 7),
  "last-week": (now) => days(now, -weekday(now) - 7, 7),
  "this-month": (now) => span(now.getUTCFullYear(), now.getUTCMonth()),
  "last-month": (now) => span(now.getUTCFullYear(), now.getUTCMonth() - 1),
  "this-year": (now) => span(now.getUTCFullYear()),
  "last-year": (now) => span(now.getUTCFullYear() - 1),
};
export const TIME_WORDS = Object.keys(WORDS);

/** Reads a time in UTC, milliseconds since the epoch; `now` is what ages and words count from. */
export function momentIn(text: string, now: number): Moment | Wrong {
  const word = WORDS[text.toLowerCase()];
  if (word) return word(new Date(now));
  const age = ageIn(text, now);
  if (age !== undefined) return at(age);
  const parts = ISO.exec(text);
  return parts ? dateIn(parts) : { wrong: HOW, ...writtenOtherwise(text) };
}

/** `3mo` and `2y` go by the calendar, and end on a month's last day where it is shorter. */
function ageIn(text: string, now: number): number | undefined {
  const [, count, unit] = /^(\d{1,4})(mo|y)$/i.exec(text) ?? [];
  if (count === undefined) {
    const ms = durationIn(text);
    return ms === undefined || ms > now ? undefined : Math.round(now - ms);
  }
  const months = Number(count) * (unit?.toLowerCase() === "y" ? 12 : 1);
  const then = new Date(now);
  const last = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() - months + 1, 0)).getUTCDate();
  const day = Math.min(then.getUTCDate(), last);
  const age = Date.UTC(then.getUTCFullYear(), then.getUTCMonth() - months, day) + (now % DAY);
  return age < 0 ? undefined : age;
}

function dateIn([, year, month, day, hour, minute, second, fraction, zone]: RegExpExecArray): Moment | Wrong {
  const [y, m, d] = [Number(year), Number(month ?? 1) - 1, Number(day ?? 1)];
  const midnight = Date.UTC(y, m, d);
  const real = y >= 1970 && new Date(midnight).getUTCMonth() === m && new Date(midnight).getUTCDate() === d;
  if (!real) return { wrong: "There is no such date." };
  if (month === undefined) return span(y);
  if (day === undefined) return span(y, m);
  if (hour === undefined || minute === undefined)
    return { from: midnight, below: midnight + DAY, point: false };
  const [h, min, s] = [Number(hour), Number(minute), Number(second ?? 0)];
  const shift = zoneIn(zone);
  if (h > 23 || min > 59 || s > 59 || shift === undefined) return { wrong: "There is no such time of day." };
  const from = midnight + ((h * 60 + min) * 60 + s) * 1_000 + Number((fraction ?? "").padEnd(3, "0")) - shift;
  const covers = second === undefined ? 60_000 : fraction === undefined ? 1_000 : 1;
  return { from, below: from + covers, point: false };
}

/** Milliseconds before UTC. */
function zoneIn(zone = "Z"): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  const shift = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return Number(hours) > 14 || Number(minutes) > 59 ? undefined : sign === "-" ? -shift : shift;
}

function writtenOtherwise(text: string): { instead?: string } {
  if (/^\d{1,3}$/.test(text)) return { instead: `${text}d` };
  if (/^\d{4}[./]\d{1,2}(?:[./]\d{1,2})?$/.test(text)) return { instead: text.replaceAll(/[./]/g, "-") };
  const [word] = /^[a-z-]+$/i.test(text) ? nearest(text, TIME_WORDS, 1) : [];
  return word === undefined ? { ...spelledOut(text), ...turnedDate(text) } : { instead: word };
}

/** Which of the first two numbers is the month is not guessed, unless only one can be. */
function turnedDate(text: string): { instead?: string } {
  const [, one = "", other = "", year = ""] = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(text) ?? [];
  const [a, b] = [Number(one), Number(other)];
  if (year === "" || (a <= 12 && b <= 12 && a !== b)) return {};
  const [month, day] = a > 12 ? [other, one] : [one, other];
  return { instead: `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` };
}

const at = (from: number): Moment => ({ from, below: from + 1, point: true });

function days(now: Date, offset: number, count: number): Moment {
  const from = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + offset);
  return { from, below: from + count * DAY, point: false };
}

const weekday = (date: Date) => (date.getUTCDay() + 6) % 7;

/** A month, or without one a year. */
function span(year: number, month?: number): Moment {
  const from = Date.UTC(year, month ?? 0);
  const below = month === undefined ? Date.UTC(year + 1, 0) : Date.UTC(year, month + 1);
  return { from, below, point: false };
}
