import type { Place } from "../../chat/place.ts";
import type { ConversationKey, Opening } from "../archive.ts";
import type { ArchiveDialect, Columns } from "../archive-dialect.ts";

const KEY: Columns = { place: "text", generation: "number" };

/** See `Archive.openings`. */
export async function openingsOf(
  { read, records, member }: ArchiveDialect,
  conversations: readonly ConversationKey[],
): Promise<readonly Opening[]> {
  if (conversations.length === 0) return [];
  const keys = conversations.map(({ place, generation }) => ({ place, generation }));
  const rows = await read({
    sql: `SELECT c.place, c.generation, t.id, ${member.sql("t.message", "text")} AS question
      FROM ${records("$1", KEY)} CROSS JOIN conversation_facts c CROSS JOIN turn t
      WHERE c.place = r.place AND c.generation = r.generation AND t.forgotten_at IS NULL AND t.id = (
        SELECT f.id FROM turn_facts f WHERE f.conversation = c.id AND f.status <> 'forgotten' ORDER BY f.at, f.id LIMIT 1)`,
    values: [JSON.stringify(keys)],
  });
  return rows.map((row) => ({
    place: String(row["place"]) as Place,
    generation: Number(row["generation"]),
    turn: Number(row["id"]),
    question: member.of(row["question"], "text") ?? "",
  }));
}
