import { WIDE, widthOf } from "./width.ts";

export type Align = "left" | "right" | "center";

/** What is between two columns. */
const BETWEEN = " | ";
/** Before a line that goes on with the cell above it, so that it is not taken for a row of its own. */
const HANG = " ";

/**
 * A table's rows, the head first, as lines of columns, with a rule below the head. They are `room` columns wide at most: the widest columns
 * are made narrower, and a cell that is too long for its column goes on in the next line. `undefined` where a word would have to be broken.
 */
export function inColumns(
  rows: readonly (readonly string[])[],
  aligns: readonly Align[],
  room: number,
): readonly string[] | undefined {
  const widths = widthsOf(rows, aligns.length, room - BETWEEN.length * (aligns.length - 1));
  if (!widths) return undefined;
  const [head = [], ...rest] = rows.map((row) =>
    sideBySide(
      aligns.map((align, column) => {
        const width = widths[column] ?? 1;
        return wrapped(row[column] ?? "", width).map((line) => padded(line, width, align));
      }),
    ),
  );
  return [...head, widths.map((width) => "-".repeat(width)).join("-+-"), ...rest.flat()];
}

/** How wide each column is, `room` in all at most. */
function widthsOf(
  rows: readonly (readonly string[])[],
  columns: number,
  room: number,
): readonly number[] | undefined {
  const numbers = Array.from({ length: columns }, (_, column) => column);
  const widest = (column: number, width: (words: string) => number) =>
    rows.reduce((most, row) => Math.max(most, width(row[column] ?? "")), 1);
  const whole = numbers.map((column) => widest(column, widthOf));
  if (sumOf(whole) <= room) return whole;
  const least = numbers.map((column) => Math.min(whole[column] ?? 1, widest(column, leastOf)));
  if (sumOf(least) > room) return undefined;
  const widths = whole.map((width) => Math.min(width, room));
  for (let over = sumOf(widths) - room; over > 0; over -= 1) {
    const narrower = numbers.filter((column) => (widths[column] ?? 0) > (least[column] ?? 0));
    const widestOne = narrower.reduce((one, other) =>
      (widths[other] ?? 0) > (widths[one] ?? 0) ? other : one,
    );
    widths[widestOne] = (widths[widestOne] ?? 0) - 1;
  }
  return widths;
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);

/** A line may end behind a space, and between the signs of a script that has none, but not before a closing mark or behind an opening one. */
const PIECE = new RegExp(
  String.raw`[\p{Ps}\p{Pi}]*(?:(?:${WIDE.source})\p{M}*|(?:(?!${WIDE.source})\S)+)[\p{Pe}\p{Pf}\p{Po}]*\s*`,
  "gu",
);

const piecesOf = (words: string): readonly string[] => words.match(PIECE) ?? [];

/** How wide a column has to be at least for these words. */
const leastOf = (words: string) =>
  Math.max(1, ...piecesOf(words).map((piece) => HANG.length + widthOf(piece.trimEnd())));

function wrapped(words: string, width: number): readonly string[] {
  if (widthOf(words) <= width) return [words];
  const lines: string[] = [];
  let line = "";
  for (const piece of piecesOf(words)) {
    if (line.trim() !== "" && widthOf(line + piece.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = HANG;
    }
    line += piece;
  }
  return [...lines, line.trimEnd()];
}

/** A row's cells, each of them some lines high. */
function sideBySide(cells: readonly (readonly string[])[]): readonly string[] {
  const height = cells.reduce((most, { length }) => Math.max(most, length), 0);
  const blank = cells.map(([first = ""]) => " ".repeat(widthOf(first)));
  return Array.from({ length: height }, (_, at) =>
    cells
      .map((lines, column) => lines[at] ?? blank[column])
      .join(BETWEEN)
      .trimEnd(),
  );
}

function padded(words: string, width: number, align: Align): string {
  const room = Math.max(0, width - widthOf(words));
  const before = align === "right" ? room : align === "center" ? Math.floor(room / 2) : 0;
  return " ".repeat(before) + inPlace(words) + " ".repeat(room - before);
}

/** U+200E: what is written from right to left keeps its place among the columns of a line (unicode.org, UAX #9). */
const LEFT_TO_RIGHT = "\u200E";
const FROM_RIGHT = /[\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Syriac}\p{sc=Thaana}\p{sc=Nko}]/u;

/** Words as they stand in a line of columns. */
export const inPlace = (words: string) =>
  FROM_RIGHT.test(words) ? LEFT_TO_RIGHT + words + LEFT_TO_RIGHT : words;
