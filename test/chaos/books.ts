import type { Ask, Evidence, PageRow, Post, TurnRow } from "./evidence.ts";

/** The evidence, so that one thing is found from another. */
export interface Books {
  /** The turn of a question. More than one would be a fault. */
  turns(ask: Ask): readonly TurnRow[];
  /** What stands of the reply to a question, page by page. */
  reply(ask: Ask): readonly Post[];
  post(platform: string, id: string | undefined): Post | undefined;
}

const name = (platform: string, id: string) => `${platform} ${id}`;

export function openBooks({ turns, pages, posts }: Evidence): Books {
  const turnsOf = Map.groupBy(turns, ({ platform, messageId }) => name(platform, messageId));
  const pagesOf: ReadonlyMap<number, readonly PageRow[]> = Map.groupBy(pages, ({ turn }) => turn);
  const postOf = new Map(posts.map((one) => [name(one.platform, one.id), one]));
  const post: Books["post"] = (platform, id) =>
    id === undefined ? undefined : postOf.get(name(platform, id));
  const turnsFor = (ask: Ask) => turnsOf.get(name(ask.platform, ask.id)) ?? [];
  return {
    post,
    turns: turnsFor,
    reply: (ask) =>
      turnsFor(ask)
        .flatMap(({ id }) => (pagesOf.get(id) ?? []).toSorted((a, b) => a.index - b.index))
        // A nudge is none of the text's.
        .filter(({ index }) => index >= 0)
        .flatMap(({ id }) => post(ask.platform, id) ?? []),
  };
}
