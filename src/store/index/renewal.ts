import type { Message } from "../../chat/message.ts";
import type { ArchiveDialect } from "../archive-dialect.ts";
import { saidIn } from "./facts.ts";
import { given, say } from "./index-sql.ts";
import type { Batch } from "./indexer.ts";
import { searchable } from "../searchable.ts";

/**
 * Puts what is new of words for turns that an earlier version took into the index, the newest first, up to `limit` turns in one transaction. How
 * far it came is noted in the same, and searches find the others without it meanwhile. A turn that waits to be taken in again is left to that.
 */
export function createRenewal(dialect: ArchiveDialect): (limit: number) => Promise<Batch> {
  const { renewal, row } = dialect.words;
  if (!renewal) return async () => ({ turns: 0, full: false });
  const from = say(renewal.from);
  const turns = say(
    `SELECT t.id, t.message, t.text, t.indexed = true AND t.settled_at IS NOT NULL AND t.forgotten_at IS NULL AS said
       FROM turn t WHERE t.id < $1 ORDER BY t.id DESC LIMIT $2`,
  );
  const [reached, drop, put] = [say(renewal.reached), given(renewal.drop), given(renewal.put)];
  return (limit) =>
    dialect.tx(function* () {
      const [first] = yield from();
      const rows = yield turns(Number(first?.["turn"]), limit);
      const said = rows.filter((one) => Number(one["said"]) === 1);
      yield drop(said.map(({ id }) => Number(id)));
      yield put(
        said.map((one) => {
          const { question, answer } = saidIn(one, JSON.parse(String(one["message"])) as Message);
          return row(Number(one["id"]), searchable(question), searchable(answer));
        }),
      );
      const full = rows.length >= limit;
      yield reached(full ? Number(rows.at(-1)?.["id"]) : 1);
      return { turns: rows.length, full };
    });
}
