import type { MessageId } from "../../chat/place.ts";
import type { ConversationKey } from "../archive.ts";
import type { ArchiveDialect } from "../archive-dialect.ts";
import type { Row } from "../dialect.ts";
import { FORGOTTEN } from "../erasure.ts";
import type { Person } from "../of-found.ts";
import type { HeardMessage, HeardPerson, HeardSum, OfHeard } from "../heard.ts";

/** Somebody who is heard for years has few names. */
const NAMES = 50;
const THERE = `heard h JOIN conversation_facts c ON c.place = h.place AND c.generation = h.generation
  WHERE c.platform = $1 AND ($2 = '' OR c.workspace_id = $2)`;

export function ofHeard({ read }: ArchiveDialect): OfHeard {
  return {
    heardOf: (person) => sumOf(read, person),
    heardIn: async ({ place, generation }, { userId = "", before = Number.MAX_SAFE_INTEGER }) => {
      const [row] = await read({
        sql: `SELECT count(*) AS messages FROM heard WHERE place = $1 AND generation = $2 AND ($3 = '' OR author = $3) AND at < $4
          AND coalesce(author, '') <> '${FORGOTTEN}'`,
        values: [place, generation, userId, before],
      });
      return Number(row?.["messages"]);
    },
  };
}

async function sumOf(
  read: ArchiveDialect["read"],
  { platform, workspaceId = "", userId }: HeardPerson,
): Promise<HeardSum> {
  const [row] = await read({
    sql: `SELECT count(*) AS messages, count(DISTINCT c.id) AS conversations FROM ${THERE} AND h.author = $3`,
    values: [platform, workspaceId, userId],
  });
  const names = await read({
    sql: `SELECT h.author_name AS name FROM ${THERE} AND h.author = $3 GROUP BY h.author_name ORDER BY max(h.at) DESC LIMIT ${NAMES}`,
    values: [platform, workspaceId, userId],
  });
  const [unknown] = await read({
    sql: `SELECT 1 AS found FROM ${THERE} AND h.author IS NULL LIMIT 1`,
    values: [platform, workspaceId],
  });
  return {
    messages: Number(row?.["messages"]),
    conversations: Number(row?.["conversations"]),
    names: names.map(({ name }) => String(name)),
    unknown: unknown !== undefined,
  };
}

export function heardMessage(row: Row): HeardMessage {
  const { message_id: id, sent_at: sentAt, author, author_name: userName } = row;
  return {
    ...(id !== null && { id: String(id) as MessageId }),
    ...(sentAt !== null && { sentAt: Number(sentAt) }),
    ...(author !== null && { userId: String(author) }),
    ...(userName !== null && { userName: String(userName) }),
  };
}

/** Whose messages these conversations were given, by the position of each in the list. Those who are forgotten have no names. */
export async function heardAmong(
  dialect: ArchiveDialect,
  conversations: readonly ConversationKey[],
): Promise<ReadonlyMap<number, readonly Person[]>> {
  const keys = conversations.map(({ place, generation }, position) => ({ place, generation, position }));
  const columns = { place: "text", generation: "number", position: "number" } as const;
  const rows = await dialect.read({
    sql: `SELECT DISTINCT r.position, h.author, h.author_name FROM ${dialect.records("$1", columns)} CROSS JOIN heard h
      WHERE h.place = r.place AND h.generation = r.generation AND h.author <> '${FORGOTTEN}' ORDER BY r.position, h.author, h.author_name`,
    values: [JSON.stringify(keys)],
  });
  const people = Map.groupBy(rows, ({ position }) => Number(position));
  return new Map(
    [...people].map(([position, all]) => [
      position,
      [...Map.groupBy(all, ({ author }) => String(author))].map(([id, named]) => ({
        id,
        names: named.map(({ author_name: name }) => String(name)),
      })),
    ]),
  );
}
