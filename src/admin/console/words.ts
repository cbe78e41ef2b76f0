import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { PlaceFacts } from "../../store/archive.ts";
import { channelCalled, type Nameable, threadCalled } from "../called.ts";
import { nameOr } from "../shortened.ts";

/** A part of a page. Whatever text was put into it is escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A name that people gave: its direction is its own and turns nothing around it. */
export function named(name: string | undefined, otherwise: string): Html {
  return html`<bdi>${nameOr(name, otherwise)}</bdi>`;
}

/** `slack` as people write it. */
export function titled(word: string): string {
  const spaced = word.replaceAll("_", " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

const KINDS = { public: "", private: "Private", dm: "Direct message", group_dm: "Group DM" } as const;

/** `Private` and so on. Empty for what all of a workspace can read. */
export function kindOf({ channelKind }: PlaceFacts): string {
  return KINDS[channelKind];
}

/** A conversation's name, each part of it with its own direction. */
export function calledHtml(conversation: Nameable): Html {
  const thread = threadCalled(conversation);
  return html`<bdi>${channelCalled(conversation)}</bdi
    >${thread !== undefined && html` <span class="then">›</span> <bdi>${thread}</bdi>`}`;
}

const GROUPED = new Intl.NumberFormat("en-US");
const COMPACT = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const EXACT_BELOW = 10_000;

/** `9,876`, `12.3K`. */
export function count(figure: number): string {
  return figure < EXACT_BELOW ? GROUPED.format(figure) : COMPACT.format(figure);
}

/** `1 turn`, `12 turns`. */
export function counted(figure: number, one: string, several = `${one}s`): string {
  return `${GROUPED.format(figure)} ${figure === 1 ? one : several}`;
}

const MILLION = 1_000_000;

/** Millionths of a dollar as dollars: as many digits as tell something. */
export function money(cost: number): string {
  const dollars = cost / MILLION;
  if (dollars === 0) return "$0";
  if (dollars < 0.0001) return "<$0.0001";
  if (dollars < 1) return `$${dollars.toFixed(4)}`;
  return `$${dollars < 1_000 ? dollars.toFixed(2) : GROUPED.format(Math.round(dollars))}`;
}

/** The same in three digits at the most, without zeros behind. */
export function moneyRoughly(cost: number): string {
  return `$${Number((cost / MILLION).toPrecision(3))}`;
}

/** Milliseconds as people say them: `0.8 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds >= 2 * 86_400)
    return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3_600)} h`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const DATE = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

/** A moment in UTC: the time if it was today, the day and the time in the last half year, else the date. */
export function moment(at: number, now: number): Html {
  const iso = new Date(at).toISOString();
  const time = iso.slice(11, 16);
  const isToday = iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10);
  const isRecent = Math.abs(now - at) < 183 * 86_400_000;
  const shown = isToday ? time : isRecent ? `${DAY.format(at)}, ${time}` : DATE.format(at);
  return timeElement(at, shown);
}

function timeElement(at: number, shown: string): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}" title="${DATE.format(at)}, ${iso.slice(11, 19)} UTC">${shown}</time>`;
}

/** The time of day in UTC, where the day is said elsewhere. */
export function timeOf(at: number): Html {
  return timeElement(at, new Date(at).toISOString().slice(11, 16));
}

const LONG_DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeZone: "UTC" });

/** `Tuesday 24 November 2026`, in UTC. */
export function dayOf(at: number): string {
  return LONG_DAY.format(at);
}

/** What stands for a person where there is no picture: the first letters of the first and the last word. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => /[\p{L}\p{N}]/u.exec(word ?? "")?.[0],
  );
  return letters.join("").toUpperCase() || "?";
}
