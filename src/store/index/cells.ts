import type { ArchiveDialect } from "../archive-dialect.ts";
import {
  addStored,
  type Changes,
  type Counted,
  countedIn,
  countTurn,
  keyOfCell,
  rowOfCell,
  type Scopes,
} from "./cell.ts";
import { type CellStatements, cellStatements } from "./cells-sql.ts";
import type { Cube, Span } from "./cube.ts";
import type { Row, Steps } from "../dialect.ts";

/** Keeps the cells: each turn of the index is counted in them under what its row says, and nothing else is. */
export interface Counting {
  /** Counts out what is counted of these turns, and of conversations that are somewhere else now. Before the turns are put. */
  readonly begin: (turns: readonly Row[], conversations: readonly number[]) => Steps<Count>;
  /** Counts in what is put, and what begin counted out. */
  readonly end: (count: Count, put: readonly CountedRow[]) => Steps<void>;
  /** Counts up to `limit` turns that came into the index before there were cells. Returns how many. */
  readonly catchUp: (limit: number) => Steps<number>;
}

export interface CountedRow extends Counted {
  readonly scope: number;
}

export const NOWHERE = 0;

/** What is being counted. */
interface Count {
  /** Under what conversations are counted from now on. */
  readonly scopes: ReadonlyMap<number, number>;
  readonly out: readonly Row[];
  readonly moved: readonly Row[];
}

export function createCounting(dialect: ArchiveDialect): Counting {
  const sql = cellStatements(dialect);
  return {
    begin: (turns, conversations) => begin(sql, turns, conversations),
    end: (count, put) => end(sql, count, put),
    catchUp: (limit) => catchUp(sql, limit),
  };
}

function* begin(sql: CellStatements, turns: readonly Row[], conversations: readonly number[]): Steps<Count> {
  const places = yield* placesOf(sql, conversations);
  const moving = places.filter(({ scope, counted }) => counted !== null && Number(counted) !== Number(scope));
  const ids = new Set(turns.map(({ id }) => Number(id)));
  const moved = moving.length === 0 ? [] : yield sql.turnsOf(moving.map(({ id }) => Number(id)));
  if (moving.length > 0)
    yield sql.moveTurns(moving.map(({ id, scope }) => ({ id: Number(id), scope: Number(scope) })));
  return {
    scopes: scopesIn(places),
    out: turns.filter(({ scope }) => scope !== null),
    moved: moved.filter(({ id }) => !ids.has(Number(id))),
  };
}

function* placesOf(sql: CellStatements, conversations: readonly number[]): Steps<readonly Row[]> {
  const ids = [...new Set(conversations)];
  yield sql.putPlaces(ids);
  return yield sql.placesOf(ids);
}

const scopesIn = (places: readonly Row[]) =>
  new Map(places.map(({ id, scope }) => [Number(id), Number(scope)]));

function* end(sql: CellStatements, { out, moved, scopes }: Count, put: readonly CountedRow[]): Steps<void> {
  const was = [...out, ...moved].map((row) => ({ ...countedIn(row), scope: Number(row["scope"]) }));
  const stays = moved.map((row) => {
    const turn = countedIn(row);
    return { ...turn, scope: scopes.get(turn.conversation) ?? NOWHERE };
  });
  yield* recount(sql, was, [...stays, ...put]);
}

function* catchUp(sql: CellStatements, limit: number): Steps<number> {
  const rows = yield sql.uncounted(limit);
  if (rows.length === 0) return 0;
  const scopes = scopesIn(
    yield* placesOf(
      sql,
      rows.map(({ conversation }) => Number(conversation)),
    ),
  );
  const put = rows.map((row) => {
    const turn = countedIn(row);
    return { ...turn, id: Number(row["id"]), scope: scopes.get(turn.conversation) ?? NOWHERE };
  });
  yield sql.markCounted(put.map(({ id, scope }) => ({ id, scope })));
  yield* recount(sql, [], put);
  return rows.length;
}

/** Takes turns out of the cells, and puts turns into them. */
function* recount(sql: CellStatements, out: readonly CountedRow[], put: readonly CountedRow[]): Steps<void> {
  const outcomes = yield* outcomesOf(sql, [...out, ...put]);
  const scopes = (turn: CountedRow): Scopes => ({
    all: 0,
    place: turn.scope,
    person: turn.person,
    outcome: outcomes.get(outcomeOf(turn)) ?? 0,
  });
  const changes: Changes = new Map();
  // Of a turn without a conversation nothing is found either.
  for (const turn of out) if (turn.scope !== NOWHERE) countTurn(changes, turn, scopes(turn), -1);
  for (const turn of put) if (turn.scope !== NOWHERE) countTurn(changes, turn, scopes(turn), 1);
  if (changes.size === 0) return;
  for (const row of yield sql.cells([...changes.values()].map(({ key }) => key))) {
    const changed = changes.get(keyOfCell(keyIn(row)));
    if (changed) addStored(changed.cell, row);
  }
  const all = [...changes.values()];
  yield sql.putCells(all.filter(({ cell }) => cell.figures.turns > 0).map(rowOfCell));
  for (const { key, cell } of all)
    if (cell.figures.turns === 0) yield sql.dropCell(key.cube, key.span, key.scope, key.start);
}

const keyIn = (row: Row) => ({
  cube: row["cube"] as Cube,
  span: row["span"] as Span,
  scope: Number(row["scope"]),
  start: Number(row["start"]),
});

const outcomeOf = ({ model, status }: Pick<Counted, "model" | "status">) => `${status} ${model ?? ""}`;

/** The numbers of all pairs of model and status that there are. */
function* outcomesOf(sql: CellStatements, turns: readonly CountedRow[]): Steps<Map<string, number>> {
  const pairs = new Map(
    turns.map((turn) => [outcomeOf(turn), { model: turn.model ?? "", status: turn.status }]),
  );
  const read = (rows: readonly Row[]) =>
    new Map(
      rows.map((row) => [
        outcomeOf({ model: String(row["model"]), status: String(row["status"]) }),
        Number(row["id"]),
      ]),
    );
  const known = read(yield sql.outcomes);
  const fresh = [...pairs].filter(([key]) => !known.has(key));
  if (fresh.length === 0) return known;
  yield sql.putOutcomes(fresh.map(([, pair]) => pair));
  return read(yield sql.outcomes);
}
