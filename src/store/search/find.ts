import type { Search } from "../archive.ts";
import type { ArchiveDialect } from "../archive-dialect.ts";
import { isOfConversation } from "./condition.ts";
import { writeCursor } from "../cursor.ts";
import type { Row } from "../dialect.ts";
import { edgesFor, saidIn, type Said, type SaidBounds } from "./said.ts";
import type { Begin, Plan, SearchSql, Sorted, Sought, Way } from "./search-sql.ts";
import { isSpan } from "./span-sql.ts";
import { usedIn } from "./used.ts";

/*
 * How a page is found. Databases have to be told: SQLite knows neither how many rows meet a condition nor that a page needs but fifty, and PostgreSQL
 * guesses the first badly where a condition speaks of two tables, and goes by its guess through everything. Four ways, each tried only when the one
 * before would take longer, so that the worst takes as long as one look at every turn:
 *
 * 1. What a part of the condition finds by an index, where that is next to nothing, or so little that no stretch is likely to have a page of it.
 * 2. Along the order of the search, for a bounded stretch: of what is frequent a page is soon full.
 * 3. What a part finds by an index, where that is quicker than to look at everything.
 * 4. Everything, in the order in which it lies.
 */

/** From where on what is quicker. Rows are turns, where turns are asked about. */
export interface Bounds extends SaidBounds {
  /** Fewer rows are looked at without asking what else could be done. */
  readonly few: number;
  /** Up to these it is quicker to begin with a part than to look at everything. The fewer it finds, the less it has to be counted. */
  readonly many: readonly [number, ...number[]];
  /** How far a search first goes along its order. */
  readonly stretch: Readonly<Record<Sought, number>>;
  /** How many times as far it goes where it has found so much that the page is likely to be filled. */
  readonly farther: number;
  /** So many turns are met on a stretch, about. */
  readonly met: number;
}

/** Each costs some five milliseconds, and what comes of `many` some fifty, by bench/RESULTS.md. */
export const BOUNDS: Bounds = {
  few: 1_500,
  many: [8_000, 40_000],
  stretch: { turn: 4_000, conversation: 800 },
  met: 8_000,
  farther: 10,
  listed: 20_000,
  kept: 5_000,
  asking: 250,
};

/** How many parts of a condition are tried. */
const TRIED = 8;

export interface Reader {
  readonly dialect: ArchiveDialect;
  readonly sql: SearchSql;
  readonly bounds: Bounds;
}

/** A limit from 1 to 1,000, whatever was asked for. */
export const within = (limit: number) => Math.max(1, Math.min(1_000, Math.trunc(limit) || 1));

export async function findPage(reader: Reader, sought: Sought, asked: Search, columns: string) {
  const search = { ...asked, limit: within(asked.limit) };
  const found = await rowsOf(reader, sought, search, columns);
  const rows = found.slice(0, search.limit);
  const last = rows.at(-1);
  const next =
    found.length > search.limit && last
      ? { next: writeCursor({ value: Number(last["sorted"]), id: Number(last["id"]) }, sought, search.sort) }
      : {};
  return { rows, next };
}

async function rowsOf(reader: Reader, sought: Sought, search: Search, columns: string) {
  const { dialect, sql, bounds } = reader;
  const plan = sql.plan(search.where, await usedIn(dialect, search.where));
  const go = (way: Omit<Way, "plan">) => dialect.read(sql.page(sought, search, columns, { plan, ...way }));
  const inTurns = sought === "turn" || !plan.parts.every(isOfConversation);
  const said = await saidIn(reader, search, plan);
  const begun = ({ begin, found }: Least) =>
    go({ begin, edges: edgesFor(said, { asked: found, along: false }, bounds) });
  const counting = { plan, said, inTurns };
  const most = worth(bounds, search, said.turns);
  const little = await leastOf(reader, counting, ({ alone }) =>
    alone && sought === "conversation" ? most : bounds.few,
  );
  if (little) return begun(little);
  const edges = edgesFor(said, { page: search.limit, along: true }, bounds);
  if (isAllInOrder(search, plan)) return go({ edges });
  const along = await walk(bounds.stretch[sought], bounds.farther, {
    limit: search.limit,
    ahead: (rows) => dialect.read(sql.ahead(sought, search, plan, rows)),
    until: (until) => go({ edges, until }),
  });
  if (along) return along;
  for (const many of bounds.many) {
    const least = await leastOf(reader, counting, () => many);
    if (least) return begun(least);
  }
  return go({
    through: true,
    listed: true,
    edges: edgesFor(said, { asked: said.turns, along: false }, bounds),
  });
}

/** The index of its order has all that is asked but whether there are turns: to look for where a stretch ends would take as long as to find the page. */
const isAllInOrder = ({ sort: { by } }: Search, { parts }: Plan) =>
  (by === "active" || by === "started") && parts.every(isSpan);

/** What finds less than this is not likely to fill a page within the first stretch: there is no use in trying. */
function worth({ few, many: [most], met }: Bounds, { limit }: Search, turns: number): number {
  return Math.max(few, Math.min(most, Math.ceil((limit * turns) / met)));
}

/** The part of a condition that finds fewest, if that is few enough to begin with. For who needs all that meets it. */
export async function beginOf(reader: Reader, plan: Plan): Promise<Begin | undefined> {
  for (const many of [reader.bounds.few, ...reader.bounds.many]) {
    const least = await leastOf(reader, { plan, inTurns: true }, () => many);
    if (least) return least.begin;
  }
  return undefined;
}

/** The same where every turn is wanted of the conversations that meet it: of those that turns are found in, there may be many more than turns. */
export async function beginOfWhole(reader: Reader, plan: Plan): Promise<Begin | undefined> {
  const { few, many } = reader.bounds;
  const most = ({ of }: Begin) => (of === "conversation" ? many[0] : few);
  return (await leastOf(reader, { plan, inTurns: true }, most))?.begin;
}

interface Least {
  readonly begin: Begin;
  readonly found: number;
}

interface Counting {
  readonly plan: Plan;
  readonly said?: Said;
  readonly inTurns: boolean;
}

/** The part of the condition that finds fewest, if those are fewer than may be. */
async function leastOf(
  { dialect, sql, bounds }: Reader,
  { plan, said, inTurns }: Counting,
  most: (begin: Begin) => number,
): Promise<Least | undefined> {
  const edges = said && edgesFor(said, { asked: 0, along: false }, bounds);
  let least: Least | undefined;
  for (const begin of plan.sources.slice(0, TRIED)) {
    if (said?.isManifold(begin.part)) continue;
    const limit = most(begin);
    const [row] = await dialect.read(sql.count(begin, limit, inTurns, edges));
    const found = Number(row?.["found"]);
    if (found < limit && (!least || found < least.found)) least = { begin, found };
  }
  return least;
}

interface Along {
  readonly limit: number;
  /** The row that so many come before, if there are more. */
  readonly ahead: (rows: number) => Promise<readonly Row[]>;
  /** What is found before that row. */
  readonly until: (end: Sorted | undefined) => Promise<readonly Row[]>;
}

/** The page, as far as it is found soon along its order. Undefined: it is not. */
async function walk(first: number, farther: number, along: Along): Promise<readonly Row[] | undefined> {
  const stretch = async (rows: number) => {
    const [end] = await along.ahead(rows);
    const found = await along.until(end && { value: Number(end["sorted"]), id: Number(end["id"]) });
    return { found, done: !end || found.length > along.limit };
  };
  const { found, done } = await stretch(first);
  if (done) return found;
  // Half as far again as it takes if there is as much behind as here.
  const needed = Math.ceil((first * along.limit * 1.5) / found.length);
  if (needed > first * farther) return undefined;
  const more = await stretch(needed);
  return more.done ? more.found : undefined;
}
