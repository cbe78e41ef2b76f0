import type { ArchiveDialect } from "./archive-dialect.ts";
import type { Statement, Value } from "./dialect.ts";
import { FORGOTTEN } from "./erasure.ts";
import { storableJson } from "./json.ts";

/** Every statement of forgetting. */
export type ErasureStatements = ReturnType<typeof erasureStatements>;

const say =
  (sql: string) =>
  (...values: Value[]): Statement => ({ sql, values });
const given =
  (sql: string) =>
  (list: readonly unknown[]): Statement => ({ sql, values: [storableJson(list)] });

const WISH = `SELECT f.id, f.place, f.generation, f.person, f.names, f."before", f.step, f.tries, c.telnyx_id, c.place AS opened
  FROM forgetting f LEFT JOIN conversation c ON c.place = f.place AND c.generation = f.generation`;

export function erasureStatements(dialect: ArchiveDialect) {
  return {
    ...wishes(dialect),
    ...holds(dialect),
    ...groups(dialect),
    ...turns(dialect),
    ...leftovers(dialect),
  };
}

function wishes({ erasers }: ArchiveDialect) {
  return {
    inLine: erasers === undefined ? [] : [say(erasers)()],
    // Both databases have words of their own for the greater of two.
    wish: say(
      `INSERT INTO forgetting (place, generation, person, names, "before", asked_at, run_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
       ON CONFLICT (place, generation, person) DO UPDATE SET step = 'here', run_at = excluded.run_at, names = excluded.names,
         "before" = CASE WHEN excluded."before" > forgetting."before" THEN excluded."before" ELSE forgetting."before" END`,
    ),
    // Its row at the index is not touched by this: it is still where it was.
    end: say(`UPDATE conversation SET gone_at = coalesce(gone_at, $3) WHERE place = $1 AND generation = $2`),
    wishOf: say(`${WISH} WHERE f.place = $1 AND f.generation = $2 AND f.person = $3`),
    wishNow: say(`${WISH} WHERE f.id = $1`),
    due: say(`${WISH} WHERE f.run_at <= $1 ORDER BY f.run_at, f.id LIMIT $2`),
    step: say("UPDATE forgetting SET step = $2 WHERE id = $1"),
    later: say("UPDATE forgetting SET run_at = $2, tries = tries + 1 WHERE id = $1"),
    drop: say("DELETE FROM forgetting WHERE id = $1"),
    unlink: say(
      "UPDATE conversation SET telnyx_id = NULL, linked_at = NULL, indexed = false WHERE place = $1 AND generation = $2",
    ),
  };
}

function holds({ records }: ArchiveDialect) {
  const keys = records("$1", { place: "text", generation: "number", at: "number", by: "text" });
  return {
    held: say("SELECT 1 AS held FROM legal_hold WHERE place = $1 AND generation = $2"),
    hold: given(
      `INSERT INTO legal_hold (place, generation, at, "by") SELECT r.place, r.generation, r.at, r."by" FROM ${keys} WHERE true
       ON CONFLICT (place, generation) DO NOTHING`,
    ),
    release: given(
      `DELETE FROM legal_hold WHERE EXISTS (SELECT 1 FROM ${keys} WHERE r.place = legal_hold.place AND r.generation = legal_hold.generation)`,
    ),
  };
}

function groups({ records }: ArchiveDialect) {
  return {
    group: say("SELECT 1 AS found FROM conversation_facts WHERE place = $1 AND kind = 'group_dm' LIMIT 1"),
    messages: say("SELECT id, message FROM turn WHERE place = $1 AND forgotten_at IS NULL"),
    putMessages: given(
      `UPDATE turn SET message = r.message, indexed = false FROM ${records("$1", { id: "number", message: "text" })} WHERE turn.id = r.id`,
    ),
  };
}

function turns({ numbers, records, texts }: ArchiveDialect) {
  return {
    // A turn that was begun may have been about to be sent to the conversation that the place had then.
    open: say(
      `SELECT 1 AS open FROM turn WHERE place = $1 AND settled_at IS NULL AND (generation = $2 OR (generation IS NULL AND tries > 0)) LIMIT 1`,
    ),
    conversation: say("SELECT id FROM conversation_facts WHERE place = $1 AND generation = $2"),
    meant: say(
      `SELECT f.id, f.person, f.user_name, t.message, t.error FROM turn_facts f JOIN person_facts p ON p.id = f.person JOIN turn t ON t.id = f.id
       WHERE f.conversation = $1 AND ($2 = '' OR p.user_id = $2) AND f.at < $3 AND t.settled_at IS NOT NULL AND t.forgotten_at IS NULL
       ORDER BY f.id LIMIT $4`,
    ),
    erase: given(
      `UPDATE turn SET message = r.message, error = r.error, forgotten_at = r.at, input = NULL, text = NULL, indexed = false
       FROM ${records("$1", { id: "number", message: "text", error: "text", at: "number" })} WHERE turn.id = r.id`,
    ),
    // What is open here has not begun, and will be the next conversation's.
    left: say(
      `SELECT 1 AS "left" FROM turn_facts WHERE conversation = $1 AND status NOT IN ('forgotten', 'open') LIMIT 1`,
    ),
    leftInPlace: say(
      `SELECT 1 AS "left" FROM turn_facts t JOIN conversation_facts c ON c.id = t.conversation
       WHERE c.place = $1 AND t.status <> 'forgotten' LIMIT 1`,
    ),
    heard: say(
      `UPDATE heard SET message_id = NULL, author = '${FORGOTTEN}', author_name = '${FORGOTTEN}'
       WHERE place = $1 AND generation = $2 AND ($3 = '' OR author = $3) AND at < $4 AND coalesce(author, '') <> '${FORGOTTEN}' RETURNING at`,
    ),
    metadata: say("SELECT metadata FROM conversation WHERE place = $1 AND generation = $2"),
    putMetadata: say(
      "UPDATE conversation SET metadata = $3, create_body = '', indexed = false WHERE place = $1 AND generation = $2",
    ),
    starter: say(
      `UPDATE conversation_facts SET started_by = '${FORGOTTEN}', started_by_name = '${FORGOTTEN}'
       WHERE id = $1 AND ($2 = '' OR started_by = $2) RETURNING id`,
    ),
    whereabouts: say("SELECT since, facts FROM whereabouts WHERE place = $1"),
    putWhereabouts: say("UPDATE whereabouts SET facts = $3, indexed = false WHERE place = $1 AND since = $2"),
    /** Names of these kinds that the place's conversations had. */
    placeNames: say(
      `SELECT DISTINCT n.id FROM conversation_facts c JOIN conversation_name l ON l.conversation = c.id JOIN name_facts n ON n.id = l.name
       WHERE c.place = $1 AND n.field IN ${texts("$2")}`,
    ),
    dropPlaceNames: say(
      `DELETE FROM conversation_name WHERE conversation IN (SELECT id FROM conversation_facts WHERE place = $1) AND name IN ${numbers("$2")}`,
    ),
  };
}

/** What the index keeps for nobody any more. Each is given what may be that, as a list. */
function leftovers({ numbers }: ArchiveDialect) {
  const some = numbers("$1");
  return {
    personNames: given(
      `DELETE FROM person_name WHERE person IN ${some} AND NOT EXISTS
         (SELECT 1 FROM turn_facts t WHERE t.person = person_name.person AND t.user_name = person_name.name)`,
    ),
    persons: given(
      `DELETE FROM person_facts WHERE id IN ${some} AND NOT EXISTS (SELECT 1 FROM turn_facts t WHERE t.person = person_facts.id)`,
    ),
    newestNames: given(
      `UPDATE person_facts SET name = (SELECT l.name FROM person_name l WHERE l.person = person_facts.id ORDER BY l.at DESC, l.name DESC LIMIT 1)
       WHERE id IN ${some} AND NOT EXISTS (SELECT 1 FROM person_name l WHERE l.person = person_facts.id AND l.name = person_facts.name)`,
    ),
    userNames: given(
      `DELETE FROM name_facts WHERE id IN ${some} AND field = 'user' AND NOT EXISTS (SELECT 1 FROM person_name l WHERE l.name = name_facts.id)`,
    ),
    names: given(
      `DELETE FROM name_facts WHERE id IN ${some} AND field <> 'user' AND NOT EXISTS (SELECT 1 FROM conversation_name l WHERE l.name = name_facts.id)`,
    ),
  };
}
