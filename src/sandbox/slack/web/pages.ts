import { SlackRefusal, textArg, type Args } from "./method.ts";

/** Cursor pagination (docs.slack.dev, Pagination): `next` is empty on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string;
}

/** The page that `cursor` and `limit` ask for. Throws `SlackRefusal`. */
export function pageOf<T>(
  all: readonly T[],
  args: Args,
  { usual, most }: { usual: number; most: number },
): Page<T> {
  const limit = Number(textArg(args, "limit") ?? usual);
  if (!Number.isInteger(limit) || limit < 1 || limit > most) throw new SlackRefusal("invalid_limit");
  const start = offsetOf(textArg(args, "cursor"));
  const end = start + limit;
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
