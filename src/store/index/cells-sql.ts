import type { ArchiveDialect, Columns } from "../archive-dialect.ts";
import { given, insertInto, list, say, set } from "./index-sql.ts";

/** Every statement of keeping cells. */
export type CellStatements = ReturnType<typeof cellStatements>;

const KEY = { cube: "text", span: "text", scope: "number", start: "number" } as const;
const CELL = {
  ...KEY,
  turns: "number",
  failed: "number",
  tokens: "number",
  cost: "number",
  priced: "number",
  people: "text",
  conversations: "text",
  first_text: "text",
  complete: "text",
} as const satisfies Columns;
const OUTCOME = { model: "text", status: "text" } as const;

const COUNTED = "id, conversation, person, status, model, tokens, cost, first_text, complete, at, scope";

/** What a conversation's turns are counted under, as `place_scope` names it. */
const PLACE = {
  platform: "c.platform",
  workspace_id: "c.workspace_id",
  channel_id: "c.channel_id",
  kind: "c.kind",
  workspace: "coalesce(c.workspace, 0)",
  channel: "coalesce(c.channel, 0)",
  parent: "coalesce(c.parent, 0)",
} as const;

export function cellStatements(dialect: ArchiveDialect) {
  const { numbers, records } = dialect;
  const insert = insertInto(dialect);
  const some = numbers("$1");
  const same = Object.entries(PLACE).map(([column, value]) => `s.${column} = ${value}`);
  const at = Object.keys(KEY).map((column) => `s.${column} = r.${column}`);
  return {
    /** What is to be counted, oldest first. */
    uncounted: say(`SELECT ${COUNTED} FROM turn_facts WHERE scope IS NULL ORDER BY id LIMIT $1`),
    turnsOf: given(`SELECT ${COUNTED} FROM turn_facts WHERE conversation IN ${some} AND scope IS NOT NULL`),
    putPlaces: given(
      `INSERT INTO place_scope (${Object.keys(PLACE).join(", ")}) SELECT DISTINCT ${Object.values(PLACE).join(", ")}
       FROM conversation_facts c WHERE c.id IN ${some} ON CONFLICT DO NOTHING`,
    ),
    /** `counted`: under what the conversation's turns have been counted until now, all of them. */
    placesOf: given(
      `SELECT c.id, s.id AS scope, (SELECT t.scope FROM turn_facts t WHERE t.conversation = c.id AND t.scope IS NOT NULL LIMIT 1) AS counted
       FROM conversation_facts c JOIN place_scope s ON ${same.join(" AND ")} WHERE c.id IN ${some}`,
    ),
    moveTurns: given(
      `UPDATE turn_facts SET scope = r.scope FROM ${records("$1", { id: "number", scope: "number" })}
       WHERE turn_facts.conversation = r.id AND turn_facts.scope IS NOT NULL`,
    ),
    markCounted: given(
      `UPDATE turn_facts SET scope = r.scope FROM ${records("$1", { id: "number", scope: "number" })} WHERE turn_facts.id = r.id`,
    ),
    putOutcomes: given(`${insert("outcome_scope", OUTCOME)} ON CONFLICT DO NOTHING`),
    outcomes: say("SELECT id, model, status FROM outcome_scope")(),
    cells: given(
      `SELECT ${list(CELL, "s.")} FROM ${records("$1", KEY)} CROSS JOIN sum_cell s WHERE ${at.join(" AND ")}`,
    ),
    putCells: given(
      `${insert("sum_cell", CELL)} ON CONFLICT (${list(KEY)}) DO UPDATE SET ${set(CELL, "excluded")}`,
    ),
    dropCell: say("DELETE FROM sum_cell WHERE cube = $1 AND span = $2 AND scope = $3 AND start = $4"),
  };
}
