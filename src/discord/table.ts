import { asText } from "../markdown/entities.ts";
import { type Align, inColumns, inPlace } from "./columns.ts";
import { codeLines, inline, type Link, plain } from "./inline.ts";
import { outsideCode } from "./prose.ts";

/* Discord has no tables. */

export interface Table {
  readonly aligns: readonly Align[];
  /** The head first. As many cells in each as there are columns. */
  readonly rows: readonly (readonly string[])[];
}

const DELIMITER = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** The table that begins with line `at`, and the line behind it. */
export function readTable(lines: readonly string[], at: number): { table: Table; end: number } | undefined {
  const [head = "", delimiter = ""] = lines.slice(at, at + 2);
  if (!head.includes("|") || !delimiter.includes("|") || !DELIMITER.test(delimiter)) return undefined;
  const columns = cellsOf(head);
  const aligns = cellsOf(delimiter).map(alignOf);
  if (aligns.length !== columns.length) return undefined;
  let end = at + 2;
  while (lines[end]?.includes("|") === true) end += 1;
  const rows = [columns, ...lines.slice(at + 2, end).map(cellsOf)];
  return {
    table: {
      aligns,
      rows: rows.map((cells) => aligns.map((_, column) => cellAt(cells, column, aligns.length))),
    },
    end,
  };
}

/** A row with too many cells keeps the rest in its last one. */
function cellAt(cells: readonly string[], column: number, columns: number): string {
  return column === columns - 1 ? cells.slice(column).join(" | ") : (cells[column] ?? "");
}

function cellsOf(row: string): string[] {
  const inner = row
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll(String.raw`\|`, "|").trim());
}

function alignOf(cell: string): Align {
  if (!cell.endsWith(":")) return "left";
  return cell.startsWith(":") ? "center" : "right";
}

/** Columns beyond which a line of code wraps on a desktop; a table that wraps cannot be read. */
const MAX_WIDTH = 72;

/** A list of rows shows marks and links in their places. It is too long to be looked over where it takes so many times as many lines as columns. */
const LIST_LINES = 2;

/** A table in columns where it is narrow, and else a list of its rows: or in columns all the same, its cells wrapped, where the list would be long. */
export function showTable(table: Table): string {
  const cells = table.rows.map((row) => row.map(plain));
  const words = cells.map((row) => row.map((cell) => cell.words));
  const links = linksOf(cells);
  const within = inColumns(words, table.aligns, MAX_WIDTH);
  const isNarrow = within?.length === table.rows.length + 1;
  if (within && isNarrow) return asCode(within, links);
  if (table.rows.length === 1) return asCode(inColumns(words, table.aligns, Infinity) ?? [], links);
  const list = asRecords(table);
  const isLong = within && within.length * LIST_LINES <= list.split("\n").length;
  return isLong ? asCode(within, links) : list;
}

/** A table in as little room as it takes: its columns do not line up. */
export function tightTable({ rows }: Table): string {
  const cells = rows.map((row) => row.map(plain));
  const [head = "", ...rest] = cells.map((row) => row.map(({ words }) => inPlace(words)).join(" | "));
  return asCode([head, "---", ...rest], linksOf(cells));
}

function asCode(lines: readonly string[], links: readonly string[]): string {
  const below = links.length === 0 ? "" : `\n${links.join(" · ")}`;
  return `\`\`\`\n${codeLines(lines)}\n\`\`\`${below}`;
}

interface Cell {
  readonly words: string;
  readonly links: readonly Link[];
}

/** In code nobody can press a link: so they stand below. Those that are called alike are told apart by their row, and then by their column. */
function linksOf(cells: readonly (readonly Cell[])[]): string[] {
  const found = cells.flatMap((row) =>
    row.flatMap(({ links }, column) => {
      const [first, head] = [row[0], cells[0]?.[column]].map((cell) => asText(cell?.words ?? ""));
      const place = column === 0 ? [] : [first, head].filter((words) => words && !/https?:/i.test(words));
      return links.map(({ label, address }) => ({
        address,
        names: [label, ...place.map((_, depth) => `${place.slice(0, depth + 1).join(", ")}: ${label}`)],
      }));
    }),
  );
  const named = found.map(({ address, names }) => {
    const isOwn = (name: string) =>
      found.every((other) => other.address === address || !other.names.includes(name));
    return `[${names.find(isOwn) ?? names.at(-1)}](${address})`;
  });
  return [...new Set(named)];
}

/** Each row with its first cell as its title, and each cell with what its column is called. */
function asRecords({ rows: [head = [], ...rows] }: Table): string {
  const names = head.map((cell) => plain(cell).words);
  const named = (cell: string, column: number) => (names[column] ? `${names[column]}: ` : "") + flat(cell);
  const record = (cells: readonly string[]) => {
    const lines = cells.map(named).filter((_, column) => cells[column] !== "");
    return lines.map((line, index) => (index === 0 ? boldly(line) : `- ${line}`)).join("\n");
  };
  const links = linksOf([head.map(plain)]);
  return [...rows.map(record), ...(links.length === 0 ? [] : [links.join(" · ")])].join("\n");
}

const flat = (cell: string) => inline(cell).replaceAll("\n", " / ");

/** Bold as a whole, whatever in it was. */
export function boldly(text: string): string {
  return `**${outsideCode(text, (prose) => prose.replaceAll(/(?<!\\)\*\*/g, ""))}**`;
}
