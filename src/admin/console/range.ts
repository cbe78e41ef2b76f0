import { html } from "hono/html";
import { print } from "../query/print.ts";
import { parseQuery } from "../query/query.ts";
import { several } from "../query/tree.ts";
import { withQuery } from "./paths.ts";
import type { Html } from "./words.ts";

const DAY = 86_400_000;

/** The days that are looked at: so many whole ones, the last of them today. */
export const RANGES = [7, 30, 90, 365] as const;
export type Range = (typeof RANGES)[number];

/** 30 where none of them is asked for. */
export function rangeIn(text: string | undefined): Range {
  return RANGES.find((days) => String(days) === text) ?? 30;
}

/** By what it is summed: nobody tells 365 bars apart. */
export const stepOf = (range: Range) => (range > 90 ? "week" : "day");

/** What meets the query, in the range. Throws `QueryError`. */
export function inRange(q: string, range: Range, now: number): string {
  const { tree } = parseQuery(q, now);
  const { tree: since } = parseQuery(`after:${isoDay(now - (range - 1) * DAY)}`, now);
  return print(several("all", [tree, since]));
}

/** The first days of the range's steps, oldest first, as the archive's sums name them. */
export function stepsIn(range: Range, now: number): readonly string[] {
  const days = Array.from({ length: range }, (_, index) => now - (range - 1 - index) * DAY);
  if (stepOf(range) === "day") return days.map(isoDay);
  // Weeks begin on Monday (ISO 8601).
  return [...new Set(days.map((day) => isoDay(day - ((new Date(day).getUTCDay() + 6) % 7) * DAY)))];
}

const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

/** Links to the same page over other days. */
export function rangePicker(path: string, q: string, current: Range): Html {
  return html`<nav class="listings" aria-label="Days">
    ${RANGES.map(
      (days) =>
        html`<a
          href="${withQuery(path, { ...(q !== "" && { q }), days: String(days) })}"
          ${days === current ? html`aria-current="true"` : ""}
          >${days} days</a
        >`,
    )}
  </nav>`;
}
