import { SlackRefusal, textArg, type Args } from "./method.ts";

/** Cursor pagination (docs.slack.dev, Pagination): `next` is empty on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string;
}

export interface PageBounds {
  /** Where no `limit` is asked for. */
  readonly usual: number;
  /** More is refused. */
  readonly most: number;
  /** More is not given, and not refused either. Default: `most`. */
  readonly given?: number;
}

/** The page that `cursor` and `limit` ask for. Throws `SlackRefusal`. */
export function pageOf<T>(all: readonly T[], args: Args, { usual, most, given = most }: PageBounds): Page<T> {
  const limit = Number(textArg(args, "limit") ?? usual);
  if (!Number.isInteger(limit) || limit < 1 || limit > most) throw new SlackRefusal("invalid_limit");
  const start = offsetOf(textArg(args, "cursor"));
  const end = start + Math.min(limit, given);
  return { items: all.slice(start, end), next: end < all.length ? cursorOf(end) : "" };
}

function cursorOf(offset: number): string {
  return Buffer.from(`next:${offset}`).toString("base64");
}

function offsetOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const match = /^next:(\d+)$/u.exec(Buffer.from(cursor, "base64").toString());
  if (!match) throw new SlackRefusal("invalid_cursor");
  return Number(match[1]);
}
