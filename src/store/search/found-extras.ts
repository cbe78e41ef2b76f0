import type { ConversationFacts, TurnFacts } from "../archive.ts";
import type { ArchiveDialect } from "../archive-dialect.ts";
import type { Row, Statement } from "../dialect.ts";
import { conversationFacts, formerName, turnFacts } from "./found-rows.ts";

/** The turns of a page, with what is kept in tables of their own. */
export async function turnsOf(dialect: ArchiveDialect, rows: readonly Row[]): Promise<TurnFacts[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => Number(row["id"]));
  const persons = [...new Set(rows.map((row) => Number(row["person"])))];
  const pages = await dialect.read(
    listed(
      dialect,
      ids,
      (list) => `SELECT turn, id FROM page WHERE turn IN ${list} AND id IS NOT NULL ORDER BY turn, "index"`,
    ),
  );
  const names = await dialect.read(
    listed(
      dialect,
      persons,
      (
        list,
      ) => `SELECT l.person, n.name FROM person_name l JOIN name_facts n ON n.id = l.name JOIN person_facts p ON p.id = l.person
        WHERE l.person IN ${list} ORDER BY CASE WHEN p.name = l.name THEN 0 ELSE 1 END, l.at DESC, l.name DESC`,
    ),
  );
  const extras = {
    pages: grouped(pages, "turn", "id"),
    names: grouped(names, "person", "name"),
    urls: await urlsOf(dialect, rows),
  };
  return rows.map((row) => turnFacts(row, extras));
}

/** The conversations of a page, with what is kept in tables of their own. */
export async function conversationsOf(
  dialect: ArchiveDialect,
  rows: readonly Row[],
): Promise<ConversationFacts[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => Number(row["id"]));
  // With a sign before it PostgreSQL does not know that few names have an end, and so does not go through all names for them.
  const former = await dialect.read(
    listed(
      dialect,
      ids,
      (
        list,
      ) => `SELECT l.conversation, n.field, n.name, l.until FROM conversation_name l JOIN name_facts n ON n.id = l.name
        WHERE l.conversation IN ${list} AND +l.until IS NOT NULL ORDER BY l.until, n.field, n.name`,
    ),
  );
  const formerly = new Map(
    [...Map.groupBy(former, (row) => Number(row["conversation"]))].map(([id, all]) => [
      id,
      all.map(formerName),
    ]),
  );
  const first = await firstMessages(dialect, ids);
  const urls = await urlsOf(dialect, rows);
  const held = await onHold(dialect, ids);
  return rows.map((row) => conversationFacts(row, { formerly, held, first, urls }));
}

async function onHold(dialect: ArchiveDialect, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const held = await dialect.read(
    listed(
      dialect,
      ids,
      (
        list,
      ) => `SELECT c.id FROM conversation_facts c JOIN legal_hold h ON h.place = c.place AND h.generation = c.generation
        WHERE c.id IN ${list}`,
    ),
  );
  return new Set(held.map(({ id }) => Number(id)));
}

async function firstMessages(
  dialect: ArchiveDialect,
  ids: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await dialect.read(
    listed(
      dialect,
      ids,
      (
        list,
      ) => `SELECT c.id, (SELECT t.message_id FROM turn_facts t WHERE t.conversation = c.id ORDER BY t.at, t.id LIMIT 1) AS message
        FROM conversation_facts c WHERE c.id IN ${list}`,
    ),
  );
  return new Map(
    rows.flatMap(({ id, message }) => (message === null ? [] : [[Number(id), String(message)]])),
  );
}

/** Where people reach the workspaces of these places, as far as that was noted. */
async function urlsOf(dialect: ArchiveDialect, rows: readonly Row[]): Promise<ReadonlyMap<string, string>> {
  const places = [...new Set(rows.map((row) => String(row["place"])))];
  const noted = await dialect.read({
    sql: `SELECT w.place, ${dialect.member.sql("w.facts", "workspaceUrl")} AS url FROM whereabouts w WHERE w.place IN ${dialect.texts("$1")}
      AND w.since = (SELECT max(l.since) FROM whereabouts l WHERE l.place = w.place)`,
    values: [JSON.stringify(places)],
  });
  return new Map(
    noted.flatMap(({ place, url }) => {
      const known = dialect.member.of(url, "workspaceUrl");
      return known === undefined ? [] : [[String(place), known]];
    }),
  );
}

/** A statement about these rows. */
export function listed(
  dialect: ArchiveDialect,
  ids: readonly number[],
  sql: (list: string) => string,
): Statement {
  return { sql: sql(dialect.numbers("$1")), values: [JSON.stringify(ids)] };
}

function grouped(rows: readonly Row[], key: string, value: string): ReadonlyMap<number, readonly string[]> {
  const groups = Map.groupBy(rows, (row) => Number(row[key]));
  return new Map([...groups].map(([id, all]) => [id, all.map((row) => String(row[value]))]));
}
