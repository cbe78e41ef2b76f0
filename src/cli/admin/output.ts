import { csvRow } from "../../admin/csv.ts";
import { type Column, headLine, rowLine, widthsOf } from "./table.ts";

/** Where a command writes. */
export interface Terminal {
  /** What was asked for: standard output. */
  readonly write: (text: string | Uint8Array) => void;
  /** What is for people alone: standard error. */
  readonly tell: (text: string) => void;
  /** Resolves when whoever reads standard output has taken most of what was written. Rejects with `Unheard` when nobody reads any more. */
  readonly taken: () => Promise<void>;
  /** In columns; absent where it is no terminal, and nothing has to fit. */
  readonly width?: number;
  readonly colour: boolean;
  /** Whether standard error is a terminal, so that progress can be shown there. */
  readonly live: boolean;
}

export type Format = "table" | "json" | "jsonl" | "csv";

export interface RowPrinter<Row> {
  rows(rows: readonly Row[]): void;
  end(): void;
}

/** Prints rows as they come: nothing is kept, and a table's columns are as wide as its first rows need. */
export function printerOf<Row>(
  format: Format,
  columns: readonly Column<Row>[],
  to: Terminal,
): RowPrinter<Row> {
  switch (format) {
    case "json":
      return jsonPrinter(to);
    case "jsonl":
      return { rows: (rows) => rows.forEach((row) => to.write(`${JSON.stringify(row)}\n`)), end: () => {} };
    case "csv":
      to.write(csvRow(columns.map(({ name }) => name)));
      return {
        rows: (rows) => rows.forEach((row) => to.write(csvRow(columns.map(({ value }) => value(row))))),
        end: () => {},
      };
    default:
      return tablePrinter(
        columns.filter(({ hidden }) => hidden !== true),
        to,
      );
  }
}

function jsonPrinter<Row>(to: Terminal): RowPrinter<Row> {
  let count = 0;
  return {
    rows: (rows) => {
      for (const row of rows) {
        to.write(`${count === 0 ? "[" : ","}\n${JSON.stringify(row)}`);
        count += 1;
      }
    },
    end: () => to.write(count === 0 ? "[]\n" : "\n]\n"),
  };
}

function tablePrinter<Row>(columns: readonly Column<Row>[], to: Terminal): RowPrinter<Row> {
  let widths: readonly number[] | undefined;
  return {
    rows: (rows) => {
      if (rows.length === 0) return;
      if (!widths) {
        widths = widthsOf(columns, rows, to.width ?? Infinity);
        to.write(`${bold(headLine(columns, widths), to)}\n`);
      }
      for (const row of rows) to.write(`${rowLine(columns, widths, row, to.width !== undefined)}\n`);
    },
    end: () => {
      if (!widths) to.tell("Nothing was found.\n");
    },
  };
}

export function bold(text: string, { colour }: Pick<Terminal, "colour">): string {
  return colour ? `\u001B[1m${text}\u001B[22m` : text;
}

/** One line that says how far it is, in place of the one before; nothing where nobody watches. */
export function progress({ live, tell }: Terminal): { show(text: string): void; clear(): void } {
  return {
    show: (text) => (live ? tell(`\r\u001B[2K${text}`) : undefined),
    clear: () => (live ? tell("\r\u001B[2K") : undefined),
  };
}
