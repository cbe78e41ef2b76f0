import { setImmediate } from "node:timers/promises";
import type { Grouping, SumBy } from "../sums.ts";
import { firstOf } from "./sums-order.ts";
import type { ArchiveDialect } from "../archive-dialect.ts";
import { addPairs, addTo, type Bag, readBag } from "../index/bag.ts";
import { FIGURES } from "../index/cell.ts";
import type { ConditionSql } from "./condition-sql.ts";
import { group } from "./condition.ts";
import {
  type CellQuestion,
  type Cube,
  isTime,
  type Piece,
  piecesOf,
  type Span,
  startOf,
} from "../index/cube.ts";
import type { Row, Statement } from "../dialect.ts";
import { binder } from "./search-sql.ts";
import { ranksOf } from "../index/told-time.ts";
import type { Summed } from "./sums-sql.ts";

/** Where a cube's scopes are described: under the name by which conditions speak of what they know. */
const SCOPES: Readonly<Record<Cube, string>> = {
  all: "",
  outcome: "JOIN (SELECT id, nullif(model, '') AS model, status FROM outcome_scope) t ON t.id = s.scope",
  place: "JOIN place_scope c ON c.id = s.scope",
  person: "JOIN person_facts p ON p.id = s.scope",
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

const COLUMNS =
  "s.start, s.turns, s.failed, s.tokens, s.cost, s.priced, s.people, s.conversations, s.first_text, s.complete";

/** The cells of one cube that answer a question, each with what it is told apart by as `key0`, `key1`, … */
function cellsStatement(
  conditions: ConditionSql,
  cube: Cube,
  { rest }: CellQuestion,
  { by, pieces }: { readonly by: readonly (SumBy | undefined)[]; readonly pieces: readonly Piece[] },
): Statement {
  const { bind, values } = binder();
  const keys = by.map((one, index) => `${(one && KEYS[one]) ?? "''"} AS key${index}`);
  const where = group("all", rest);
  const parts = pieces.map(({ span, from, below }) => {
    const bounds = [
      ...(from === -Infinity ? [] : [`s.start >= ${bind(from)}`]),
      ...(below === Infinity ? [] : [`s.start < ${bind(below)}`]),
    ];
    const scope = cube === "all" ? ["s.scope = 0"] : [];
    const all = [
      `s.cube = ${bind(cube)}`,
      `s.span = ${bind(span)}`,
      ...scope,
      ...bounds,
      conditions(where, bind),
    ];
    return `SELECT ${[COLUMNS, ...keys].join(", ")} FROM sum_cell s ${SCOPES[cube]} WHERE ${all.join(" AND ")}`;
  });
  return { sql: parts.join(" UNION ALL "), values };
}

/** Sums that are being put together. Numbers are told apart at the end: sorting them once is quicker than asking of each whether it is known. */
interface Heap {
  readonly figures: Record<(typeof FIGURES)[number], number>;
  readonly people: number[];
  readonly conversations: number[];
  readonly firstText: Bag;
  readonly complete: Bag;
}

const heap = (): Heap => ({
  figures: { turns: 0, failed: 0, tokens: 0, cost: 0, priced: 0 },
  people: [],
  conversations: [],
  firstText: new Map(),
  complete: new Map(),
});

type Heaps = Map<string | null, Heap>;

/** So many numbers are put together in one go, which takes some five milliseconds. Then others come in: the bot's messages are on this thread. */
const IN_ONE_GO = 50_000;

/** Says when it is time to let others in. */
function pacing(): (numbers: number) => boolean {
  let done = 0;
  return (numbers) => {
    done += numbers;
    if (done < IN_ONE_GO) return false;
    done = 0;
    return true;
  };
}

/** The sums of one question by each of these, from the cells of a cube that knows all of it. */
export async function sumsOfCells(
  { dialect, conditions }: { readonly dialect: ArchiveDialect; readonly conditions: ConditionSql },
  cube: Cube,
  question: CellQuestion,
  groupings: readonly Grouping[],
): Promise<readonly (readonly Summed[])[]> {
  const by = groupings.map((grouping) => grouping.by);
  const pieces = piecesOf(cube, by, question);
  const rows =
    pieces.length === 0 ? [] : await dialect.read(cellsStatement(conditions, cube, question, { by, pieces }));
  const heaps = await heapsOf(rows, by);
  return Promise.all(groupings.map((grouping, index) => sumsOfHeaps(heaps[index], grouping)));
}

/** Puts the cells together, by each of these. What all come to is quicker put together of the groups of another. */
async function heapsOf(rows: readonly Row[], by: readonly (SumBy | undefined)[]): Promise<readonly Heaps[]> {
  const heaps = by.map((): Heaps => new Map());
  const [groups] = groupsIn(by);
  const [dayOf, isTimeToRest] = [dayNames(), pacing()];
  for (const row of rows) {
    const its = by.flatMap((one, index) => {
      if (one === undefined && groups !== undefined) return [];
      const key = isTime(one) ? dayOf(one, Number(row["start"])) : textIn(row, `key${index}`);
      return heapAt(heaps[index], key);
    });
    if (isTimeToRest(addCell(its, row))) await setImmediate();
  }
  for (const [index, one] of by.entries()) {
    if (one !== undefined) continue;
    const whole = heapAt(heaps[index], "");
    const parts = groups === undefined ? undefined : heaps[groups];
    for (const part of parts?.values() ?? []) if (isTimeToRest(addHeap(whole, part))) await setImmediate();
  }
  return heaps;
}

const groupsIn = (by: readonly (SumBy | undefined)[]) =>
  by.flatMap((one, index) => (one === undefined ? [] : [index]));

/** Of those that are asked for alone: ranks and different numbers take longest. */
async function sumsOfHeaps(heaps: Heaps | undefined, grouping: Grouping): Promise<readonly Summed[]> {
  const isTimeToRest = pacing();
  const sums: Summed[] = [];
  const groups = [...(heaps ?? [])].map(([key, its]) => ({
    ...(key !== null && { key }),
    turns: its.figures.turns,
    its,
  }));
  for (const { key, its } of firstOf(grouping, groups)) {
    sums.push(summed(key, its));
    if (isTimeToRest(its.people.length + its.conversations.length + its.complete.size)) await setImmediate();
  }
  return sums;
}

function heapAt(heaps: Heaps | undefined, key: string | null): Heap {
  const found = heaps?.get(key) ?? heap();
  heaps?.set(key, found);
  return found;
}

function textIn(row: Row, column: string): string | null {
  const value = row[column];
  return value === null || value === undefined ? null : String(value);
}

/** Names days, each of them once. */
function dayNames(): (span: Span, at: number) => string {
  const names = new Map<string, string>();
  return (span, at) => {
    const key = `${span} ${at}`;
    const name = names.get(key) ?? new Date(startOf(span, at)).toISOString().slice(0, 10);
    names.set(key, name);
    return name;
  };
}

/** Returns how many numbers that were. */
function addCell(heaps: readonly Heap[], row: Row): number {
  const text = (column: string) => readBag(String(row[column]));
  const [people, conversations] = [text("people"), text("conversations")];
  const [firstText, complete] = [text("first_text"), text("complete")];
  for (const its of heaps) {
    for (const figure of FIGURES) its.figures[figure] += Number(row[figure]);
    for (let at = 0; at < people.length; at += 2) its.people.push(people[at] ?? 0);
    for (let at = 0; at < conversations.length; at += 2) its.conversations.push(conversations[at] ?? 0);
    addPairs(its.firstText, firstText);
    addPairs(its.complete, complete);
  }
  return heaps.length * (people.length + conversations.length + firstText.length + complete.length);
}

/** Returns how many numbers that were. */
function addHeap(whole: Heap, part: Heap): number {
  for (const figure of FIGURES) whole.figures[figure] += part.figures[figure];
  for (const person of part.people) whole.people.push(person);
  for (const conversation of part.conversations) whole.conversations.push(conversation);
  for (const [time, count] of part.firstText) addTo(whole.firstText, time, count);
  for (const [time, count] of part.complete) addTo(whole.complete, time, count);
  return part.people.length + part.conversations.length + part.complete.size;
}

/** How many different numbers there are. */
function different(numbers: readonly number[]): number {
  const sorted = Float64Array.from(numbers).sort();
  let count = 0;
  for (let at = 0; at < sorted.length; at += 1) if (at === 0 || sorted[at] !== sorted[at - 1]) count += 1;
  return count;
}

function summed(
  key: string | undefined,
  { figures, people, conversations, firstText, complete }: Heap,
): Summed {
  const { priced, cost, ...rest } = figures;
  const [first, whole] = [ranksOf(firstText), ranksOf(complete)];
  return {
    ...(key !== undefined && { key }),
    ...rest,
    conversations: different(conversations),
    people: different(people),
    ...(priced > 0 && { cost }),
    ...(first && { firstText: first }),
    ...(whole && { complete: whole }),
  };
}
