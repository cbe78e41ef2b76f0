import type { ArchiveDialect } from "../archive-dialect.ts";
import type { Given } from "../given.ts";
import type { Settings } from "../store.ts";

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
  return {
    heard: Number(row["heard"]),
    earlierTurns: Number(row["earlier"]),
    ...(input !== null && { input: String(input) }),
    ...(settings !== null && { settings: JSON.parse(String(settings)) as Settings }),
  };
}
