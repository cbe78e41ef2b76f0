import { widthOf } from "../../discord/width.ts";
import { inert } from "../../admin/inert.ts";
import { cut, padded } from "./width.ts";

export type Cell = string | number | boolean | undefined;

/** One thing that is shown of a row. */
export interface Column<Row> {
  /** Its head in tables, and its name in CSV. */
  readonly name: string;
  /** As it is: for CSV. */
  readonly value: (row: Row) => Cell;
  /** For people. Absent: the value. */
  readonly shown?: (row: Row) => string;
  /** Not in tables: they have to fit. */
  readonly hidden?: boolean;
  /** Down to how many columns it may be cut where the table does not fit. Absent: not at all. */
  readonly least?: number;
}

const GAP = "  ";

/** How wide each column is, for tables that go on over several pages of rows. */
export function widthsOf<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): number[] {
  const widths = columns.map((column) =>
    Math.max(widthOf(column.name), ...rows.map((row) => widthOf(textOf(column, row)))),
  );
  const over = () => widths.reduce((sum, one) => sum + one, 0) + GAP.length * (columns.length - 1) - width;
  while (over() > 0) {
    // The widest gives first, so that short columns stay whole.
    const spare = columns.map(({ least }, index) =>
      (widths[index] ?? 0) > (least ?? Infinity) ? (widths[index] ?? 0) : 0,
    );
    const widest = spare.indexOf(Math.max(...spare));
    if (!spare[widest]) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

export function headLine<Row>(columns: readonly Column<Row>[], widths: readonly number[]): string {
  return columns
    .map(({ name }, index) => padded(name.toUpperCase(), widths[index] ?? 0))
    .join(GAP)
    .trimEnd();
}

/** `fit`: what is longer than its column is cut; else it stands out. */
export function rowLine<Row>(
  columns: readonly Column<Row>[],
  widths: readonly number[],
  row: Row,
  fit: boolean,
): string {
  const cells = columns.map((column, index) => {
    const width = widths[index] ?? 0;
    const text = textOf(column, row);
    const shown = fit && column.least !== undefined ? cut(text, width) : text;
    return padded(shown, width, typeof column.value(row) === "number" ? "left" : "right");
  });
  return cells.join(GAP).trimEnd();
}

function textOf<Row>({ shown, value }: Column<Row>, row: Row): string {
  return inert(shown ? shown(row) : String(value(row) ?? ""));
}
