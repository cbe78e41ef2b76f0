import type { Archive, Condition, ConversationKey } from "../store/archive.ts";
import type { ListedConversation } from "./admin.ts";
import { excerptOf } from "./called.ts";
import { readBy, readsAll, type Viewer } from "./viewer.ts";

/** The conversations with how each begins, where the viewer may read that: one question to the archive, and one more for whoever may not read everything. */
export async function withExcerpts(
  archive: Archive,
  viewer: Viewer,
  conversations: readonly ListedConversation[],
): Promise<readonly ListedConversation[]> {
  const openings = await archive.openings(conversations.filter(({ readable }) => readable));
  // That a conversation may be read can mean some of its turns, as for who sees their own alone.
  const readable = await readableAmong(
    archive,
    viewer,
    openings.map(({ turn }) => turn),
  );
  const excerpts = new Map(
    openings
      .filter(({ turn }) => readable.has(turn))
      .map((opening) => [keyText(opening), excerptOf(opening.question)]),
  );
  return conversations.map((conversation) => {
    const excerpt = excerpts.get(keyText(conversation));
    return excerpt === undefined ? conversation : { ...conversation, excerpt };
  });
}

/** How one conversation begins, if the viewer may read that. */
export async function excerptFor(
  archive: Archive,
  viewer: Viewer,
  conversation: ConversationKey,
): Promise<string | undefined> {
  const [opening] = await archive.openings([conversation]);
  if (!opening || !(await readableAmong(archive, viewer, [opening.turn])).has(opening.turn)) return undefined;
  return excerptOf(opening.question);
}

/** Which of these turns the viewer may read. The archive is asked, since that goes by how a place is now: a channel may have become private since. */
export async function readableAmong(
  archive: Pick<Archive, "turns">,
  viewer: Viewer,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  if (ids.length === 0 || readsAll(viewer)) return new Set(ids);
  const among: Condition = { kind: "word", field: "turn", values: ids.map(String) };
  const { rows } = await archive.turns({
    where: { kind: "all", of: [among, readBy(viewer)] },
    sort: { by: "started", direction: "asc" },
    limit: ids.length,
  });
  return new Set(rows.map(({ id }) => id));
}

export const keyText = ({ place, generation }: ConversationKey) => `${generation} ${place}`;
