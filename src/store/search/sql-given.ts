import type { ArchiveDialect } from "../archive-dialect.ts";
import type { Given } from "../given.ts";
import type { Settings } from "../store.ts";
import { heardMessage } from "./sql-heard.ts";

/** Of so many messages it is told whose they are: as many as a place's history is read at once. */
const TOLD = 50;

/** See `Archive.given`. */
export async function givenTo({ read }: ArchiveDialect, turn: number): Promise<Given | undefined> {
  const [row] = await read({
    sql: `SELECT t.input, t.settings,
        (SELECT count(*) FROM heard h WHERE h.place = t.place AND h.generation = t.generation AND h.at <= t.calling_at) AS heard,
        (SELECT count(*) FROM turn e WHERE e.place = t.place AND e.generation = t.generation AND e.calling_at < t.calling_at) AS earlier
      FROM turn t WHERE t.id = $1 AND t.calling_at IS NOT NULL`,
    values: [turn],
  });
  if (!row) return undefined;
  const { input, settings } = row;
  const heard = await read({
    sql: `SELECT h.message_id, h.sent_at, h.author, h.author_name FROM heard h JOIN turn t ON t.place = h.place AND t.generation = h.generation
      WHERE t.id = $1 AND h.at <= t.calling_at ORDER BY coalesce(h.sent_at, h.at) DESC, h.message_key DESC LIMIT ${TOLD}`,
    values: [turn],
  });
  return {
    heard: Number(row["heard"]),
    heardMessages: heard.toReversed().map(heardMessage),
    earlierTurns: Number(row["earlier"]),
    ...(input !== null && { input: String(input) }),
    ...(settings !== null && { settings: JSON.parse(String(settings)) as Settings }),
  };
}
