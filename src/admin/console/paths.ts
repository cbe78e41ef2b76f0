import type { ConversationKey } from "../../store/archive.ts";

export const ROOT = "/admin";

/** What is listed: whole conversations, or single turns. */
export type Listing = "conversations" | "turns";

/** What the search page shows. */
export interface Asked {
  readonly q: string;
  readonly show: Listing;
  /** A page's `next`. */
  readonly after?: string;
}

/** The search as a link. What is left out is as it is by default. */
export function searchPath({ q, show, after }: Asked): string {
  return withQuery(ROOT, {
    ...(q !== "" && { q }),
    ...(show === "turns" && { show }),
    ...(after !== undefined && { after }),
  });
}

/** `turn`: begins there. `after`: a part's `next`. */
export function conversationPath(
  { place, generation }: ConversationKey,
  part: { readonly turn?: number; readonly after?: string } = {},
): string {
  const { turn, after } = part;
  const path = `${ROOT}/conversations/${encodeURIComponent(place)}/${generation}`;
  const asked = withQuery(path, {
    ...(turn !== undefined && { turn: String(turn) }),
    ...(after !== undefined && { after }),
  });
  return turn === undefined ? asked : `${asked}#turn-${turn}`;
}

/** What became of the message that the link leads to. */
export const explainPath = (link: string) => withQuery(`${ROOT}/explain`, { link });

/** Where a turn can be read while it is written. */
export const livePath = (turn: number) => `${ROOT}/live/${turn}`;

/** The path with what is asked of it. Nothing asked: the path alone. */
export function withQuery(path: string, asked: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(asked).toString();
  return query === "" ? path : `${path}?${query}`;
}
