import { setImmediate } from "node:timers/promises";
import type { Grouping, SumBy } from "../sums.ts";
import type { ArchiveDialect } from "../archive-dialect.ts";
import { addRow, differing, heap, type Heap, summed } from "./cell-heaps.ts";
import { cellsStatement } from "./cell-rows.ts";
import type { ConditionSql } from "./condition-sql.ts";
import { type CellQuestion, type Cube, isTime, piecesOf, startOf } from "../index/cube.ts";
import type { Row } from "../dialect.ts";
import { firstOf } from "./sums-order.ts";
import type { Summed } from "./sums-sql.ts";

interface Cells {
  readonly dialect: ArchiveDialect;
  readonly conditions: ConditionSql;
  readonly cube: Cube;
  readonly question: CellQuestion;
}

/** The sums of one question by each of these, from the cells of a cube that knows all of it. */
export async function sumsOfCells(
  cells: Cells,
  groupings: readonly Grouping[],
): Promise<readonly (readonly Summed[])[]> {
  const sums: (readonly Summed[])[] = [];
  // What all come to is put together beside the first that are told apart.
  const beside = groupings.findIndex(({ by }) => by !== undefined);
  const whole = groupings.flatMap(({ by }, index) => (by === undefined ? [index] : []));
  for (const [index, grouping] of groupings.entries()) {
    if (grouping.by === undefined && beside >= 0) continue;
    const all = beside === index && whole.length > 0;
    const found = await sumsBy(cells, grouping, all);
    sums[index] = found.sums;
    if (found.all) for (const other of whole) sums[other] = [found.all];
  }
  return sums;
}

/** `all`: also what all of them come to. */
async function sumsBy(
  { dialect, conditions, cube, question }: Cells,
  grouping: Grouping,
  all: boolean,
): Promise<{ readonly sums: readonly Summed[]; readonly all?: Summed }> {
  const { by } = grouping;
  const pieces = piecesOf(cube, [by], question);
  const rows =
    pieces.length === 0 ? [] : await dialect.read(cellsStatement(conditions, cube, question, { by, pieces }));
  const groups = groupsOf(rows, by);
  const wanted = firstOf(grouping, groups);
  const others = all ? groups.filter((one) => !wanted.includes(one)) : [];
  const [whole, add, different] = [heap(), adding(), differing()];
  const sums: Summed[] = [];
  for (const one of wanted) {
    const its = heap();
    await add(all ? [its, whole] : [its], one.rows);
    sums.push(summed(one.key, its, different));
  }
  for (const { rows: its } of others) await add([whole], its);
  return { sums, ...(all && { all: summed(undefined, whole, different) }) };
}

interface Group {
  readonly key?: string;
  readonly turns: number;
  readonly rows: Row[];
}

/** What the rows are of. What all come to is one group, of whatever there is. */
function groupsOf(rows: readonly Row[], by: SumBy | undefined): readonly Group[] {
  const turnsIn = (some: readonly Row[]) => some.reduce((turns, row) => turns + Number(row["turns"]), 0);
  if (by === undefined) return [{ turns: turnsIn(rows), rows: [...rows] }];
  const keyOf = ({ key = null }: Row) => {
    if (isTime(by)) return new Date(startOf(by, Number(key))).toISOString().slice(0, 10);
    return key === null ? undefined : String(key);
  };
  return [...Map.groupBy(rows, keyOf)].map(([key, its]) => ({
    ...(key !== undefined && { key }),
    turns: turnsIn(its),
    rows: its,
  }));
}

/** So many numbers are put together in one go, which takes a few milliseconds. Then others come in: the bot's messages may be on this thread. */
const IN_ONE_GO = 50_000;

function adding(): (heaps: readonly Heap[], rows: readonly Row[]) => Promise<void> {
  const pairs = new Float64Array(IN_ONE_GO);
  let done = 0;
  return async (heaps, rows) => {
    for (const row of rows)
      for (const numbers of addRow(heaps, row, pairs)) {
        done += numbers * heaps.length;
        if (done < IN_ONE_GO) continue;
        done = 0;
        await setImmediate();
      }
  };
}
