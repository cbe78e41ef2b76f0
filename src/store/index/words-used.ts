import type { Condition, Found, PartField, Search, TurnFacts } from "../archive.ts";
import type { ArchiveDialect } from "../archive-dialect.ts";
import { usedSql } from "../search/used.ts";

/** Of more words nobody would choose, and each is asked for by itself. */
const MOST = 100;

/** See `Archive.words`. One step in the index for each word there is, however many turns have it. */
export async function wordsUsed(
  { read }: ArchiveDialect,
  turns: (search: Search) => Promise<Found<TurnFacts>>,
  { field, within, limit }: { readonly field: PartField; readonly within: Condition; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await read({
    sql: `${usedSql(field)} SELECT word, (SELECT max(t.at) FROM turn_facts t WHERE t.${field} = used.word) AS at FROM used
      WHERE word IS NOT NULL ORDER BY at DESC, word LIMIT $1`,
    values: [MOST],
  });
  const found: { readonly word: string; readonly at: number }[] = [];
  for (const row of rows) {
    const word = String(row["word"]);
    const where: Condition = { kind: "all", of: [{ kind: "word", field, values: [word] }, within] };
    const [newest] = (await turns({ where, sort: { by: "active", direction: "desc" }, limit: 1 })).rows;
    if (newest) found.push({ word, at: newest.receivedAt });
  }
  // By when it was used within: when it was used elsewhere is not told, not even by the order.
  return found
    .sort((a, b) => b.at - a.at)
    .slice(0, limit)
    .map(({ word }) => word);
}
