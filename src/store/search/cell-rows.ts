import type { SumBy } from "../sums.ts";
import { BAGS, FIGURES } from "../index/cell.ts";
import type { ConditionSql } from "./condition-sql.ts";
import { group } from "./condition.ts";
import { type CellQuestion, type Cube, isTime, type Piece } from "../index/cube.ts";
import type { Statement } from "../dialect.ts";
import { binder } from "./search-sql.ts";

/** Where a cube's scopes are described: under the name by which conditions speak of what they know, and what it is called there. */
const SCOPES: Readonly<Record<Cube, readonly [from: string, scope: string]>> = {
  all: ["(SELECT 0 AS id) o", "o.id"],
  outcome: ["(SELECT id, nullif(model, '') AS model, status FROM outcome_scope) t", "t.id"],
  place: ["place_scope c", "c.id"],
  person: ["person_facts p", "p.id"],
};

const KEYS: Readonly<Partial<Record<SumBy, string>>> = {
  platform: "c.platform",
  workspace: "c.workspace_id",
  channel: "c.channel_id",
  kind: "c.kind",
  model: "t.model",
  status: "t.status",
  user: "p.user_id",
};

/** A blank is no digit of a bag (`readBags`). */
const COLUMNS = [
  ...FIGURES.map((figure) => `sum(s.${figure}) AS ${figure}`),
  ...BAGS.map((bag) => `string_agg(s.${bag}, ' ') AS ${bag}`),
];

interface Asked {
  readonly by: SumBy | undefined;
  readonly pieces: readonly Piece[];
}

/**
 * The cells of one cube that answer a question, those together that count for the same `key`, or time: their figures are added up and their bags put
 * one behind the other, since a row and its values take longer to hand over than their numbers to read.
 */
export function cellsStatement(
  conditions: ConditionSql,
  cube: Cube,
  { rest }: CellQuestion,
  { by, pieces }: Asked,
): Statement {
  const { bind, values } = binder();
  const where = group("all", rest);
  // Of one scope after the other the cells of a time lie together; those of all have to be looked through for it.
  const [scopes, scope] = SCOPES[cube];
  const apart = isTime(by) ? "s.start" : ((by && KEYS[by]) ?? "''");
  const parts = pieces.map(({ span, from, below }) => {
    const all = [
      `s.cube = ${bind(cube)}`,
      `s.span = ${bind(span)}`,
      `s.scope = ${scope}`,
      ...(from === -Infinity ? [] : [`s.start >= ${bind(from)}`]),
      ...(below === Infinity ? [] : [`s.start < ${bind(below)}`]),
      conditions(where, bind),
    ];
    return `SELECT ${apart} AS key, ${COLUMNS.join(", ")} FROM ${scopes} CROSS JOIN sum_cell s WHERE ${all.join(" AND ")} GROUP BY 1`;
  });
  return { sql: parts.join(" UNION ALL "), values };
}
