import { addPairs, addTo, type Bag, readBag, writeBag } from "./bag.ts";
import { type Cube, CUBE_NAMES, CUBES, type Span, startOf } from "./cube.ts";
import type { Row } from "../dialect.ts";
import { toldTime } from "./told-time.ts";

/** PURE: the sums that are kept, and what a turn adds to them. */
export interface Cell {
  readonly figures: Record<(typeof FIGURES)[number], number>;
  readonly bags: Readonly<Record<(typeof BAGS)[number], Bag>>;
}

export const FIGURES = ["turns", "failed", "tokens", "cost", "priced"] as const;
/** By the columns' names. */
export const BAGS = ["people", "conversations", "first_text", "complete"] as const;

/** Where a cell is. */
export interface CellKey {
  readonly cube: Cube;
  readonly span: Span;
  readonly scope: number;
  readonly start: number;
}

export const keyOfCell = ({ cube, span, scope, start }: CellKey) => `${cube} ${span} ${scope} ${start}`;

const emptyCell = (): Cell => ({
  figures: { turns: 0, failed: 0, tokens: 0, cost: 0, priced: 0 },
  bags: { people: new Map(), conversations: new Map(), first_text: new Map(), complete: new Map() },
});

/** What of a turn is counted, as its row in the index has it. */
export interface Counted {
  readonly conversation: number;
  readonly person: number;
  readonly status: string;
  readonly model: string | null;
  readonly tokens: number | null;
  readonly cost: number | null;
  readonly first_text: number | null;
  readonly complete: number | null;
  readonly at: number;
}

export function countedIn(row: Row): Counted {
  const number = (column: string) => {
    const value = row[column];
    return value === null || value === undefined ? null : Number(value);
  };
  return {
    conversation: Number(row["conversation"]),
    person: Number(row["person"]),
    status: String(row["status"]),
    model: row["model"] === null ? null : String(row["model"]),
    tokens: number("tokens"),
    cost: number("cost"),
    first_text: number("first_text"),
    complete: number("complete"),
    at: Number(row["at"]),
  };
}

/** Under which numbers a turn is counted. */
export type Scopes = Readonly<Record<Cube, number>>;

/** What cells change by, by their keys' text. */
export type Changes = Map<string, { readonly key: CellKey; readonly cell: Cell }>;

/** Counts a turn in, or out, of all its cells. */
export function countTurn(changes: Changes, turn: Counted, scopes: Scopes, sign: 1 | -1): void {
  for (const cube of CUBE_NAMES)
    for (const span of CUBES[cube].spans) {
      const key = { cube, span, scope: scopes[cube], start: startOf(span, turn.at) };
      const text = keyOfCell(key);
      const { cell } = changes.get(text) ?? { cell: emptyCell() };
      changes.set(text, { key, cell });
      addTurn(cell, turn, sign);
    }
}

function addTurn({ figures, bags }: Cell, turn: Counted, sign: 1 | -1): void {
  figures.turns += sign;
  figures.failed += sign * Number(turn.status === "failed");
  figures.tokens += sign * (turn.tokens ?? 0);
  figures.cost += sign * (turn.cost ?? 0);
  figures.priced += sign * Number(turn.cost !== null);
  addTo(bags.people, turn.person, sign);
  addTo(bags.conversations, turn.conversation, sign);
  if (turn.status !== "done") return;
  for (const time of ["first_text", "complete"] as const) {
    const took = turn[time];
    if (took !== null) addTo(bags[time], toldTime(took), sign);
  }
}

/** Adds what is stored of a cell. */
export function addStored({ figures, bags }: Cell, row: Row): void {
  for (const figure of FIGURES) figures[figure] += Number(row[figure]);
  for (const bag of BAGS) addPairs(bags[bag], readBag(String(row[bag])));
}

/** A cell as it is stored. */
export function rowOfCell({ key, cell }: { readonly key: CellKey; readonly cell: Cell }) {
  const { people, conversations, first_text: firstText, complete } = cell.bags;
  return {
    ...key,
    ...cell.figures,
    people: writeBag(people),
    conversations: writeBag(conversations),
    first_text: writeBag(firstText),
    complete: writeBag(complete),
  };
}
