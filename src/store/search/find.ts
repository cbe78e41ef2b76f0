import type { Search } from "../archive.ts";
import type { ArchiveDialect } from "../archive-dialect.ts";
import { edgeKey, type Edges } from "./condition-sql.ts";
import { group, isOfConversation, phrasesIn } from "./condition.ts";
import { writeCursor } from "../cursor.ts";
import type { Row } from "../dialect.ts";
import type { Begin, Plan, SearchSql, Sorted, Sought, Way } from "./search-sql.ts";
import type { Edge, Phrase } from "./word-index.ts";

/*
 * How a page is found where the database has to be told how, which is in SQLite: it knows neither how many rows meet a condition nor that a page
 * needs but fifty. Four ways, each tried only when the one before would take longer, so that the worst takes as long as one look at every turn:
 *
 * 1. What a part of the condition finds by an index, where that is next to nothing.
 * 2. Along the order of the search, for a bounded stretch: of what is frequent a page is soon full.
 * 3. What a part finds by an index, where that is quicker than to look at everything.
 * 4. Everything, in the order in which it lies.
 */

/** From where on what is quicker. Rows are turns, where turns are asked about. */
export interface Bounds {
  /** Fewer rows are looked at without asking what else could be done. */
  readonly few: number;
  /** Up to these it is quicker to begin with a part than to look at everything. The fewer it finds, the less it has to be counted. */
  readonly many: readonly number[];
  /** How far a search first goes along its order. */
  readonly stretch: Readonly<Record<Sought, number>>;
  /** How many times as far it goes where it has found so much that the page is likely to be filled. */
  readonly farther: number;
  /** So many turns that have a phrase are listed at once. */
  readonly listed: number;
  /** From such a part of the turns on few are to be asked until one has the phrase. */
  readonly dense: number;
}

/** Each costs some five milliseconds, and what comes of `many` some fifty, by bench/RESULTS.md. */
export const BOUNDS: Bounds = {
  few: 1_000,
  many: [8_000, 40_000],
  stretch: { turn: 4_000, conversation: 800 },
  farther: 8,
  listed: 20_000,
  dense: 0.4,
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
  const plan = sql.plan(search.where);
  const go = (way: Omit<Way, "plan">) => dialect.read(sql.page(sought, search, columns, { plan, ...way }));
  if (!dialect.steered) return go({});
  const inTurns = sought === "turn" || !plan.parts.every(isOfConversation);
  const little = await leastOf(reader, plan, bounds.few, inTurns);
  if (little) return go({ begin: little });
  const edges = await edgesOf(reader, search, plan);
  const along = await walk(bounds.stretch[sought], bounds.farther, {
    limit: search.limit,
    ahead: (rows) => dialect.read(sql.ahead(sought, search, rows)),
    until: (until) => go({ edges, until }),
  });
  if (along) return along;
  for (const many of bounds.many) {
    const begin = await leastOf(reader, plan, many, inTurns);
    if (begin) return go({ begin });
  }
  return go({ through: true });
}

/** The part of a condition that finds fewest, if that is few enough to begin with. For who needs all that meets it. */
export async function beginOf(reader: Reader, plan: Plan): Promise<Begin | undefined> {
  if (!reader.dialect.steered) return undefined;
  for (const many of [reader.bounds.few, ...reader.bounds.many]) {
    const begin = await leastOf(reader, plan, many, true);
    if (begin) return begin;
  }
  return undefined;
}

/** The part of the condition that finds fewest, if those are fewer than `limit`. */
async function leastOf({ dialect, sql }: Reader, { sources }: Plan, limit: number, inTurns: boolean) {
  let least: { readonly begin: Begin; readonly found: number } | undefined;
  for (const begin of sources.slice(0, TRIED)) {
    const [row] = await dialect.read(sql.count(begin, limit, inTurns));
    const found = Number(row?.["found"]);
    if (found < limit && (!least || found < least.found)) least = { begin, found };
  }
  return least?.begin;
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

/** What is known of how many turns have the phrases of a condition. */
async function edgesOf({ dialect, bounds }: Reader, { sort }: Search, { parts }: Plan): Promise<Edges> {
  const { listed, dense } = bounds;
  const { edge } = dialect.words;
  const edges = new Map<string, Edge>();
  if (!edge) return edges;
  const inTime = sort.by === "active" || sort.by === "started";
  const [last] = await dialect.read({ sql: "SELECT max(id) AS id FROM turn_facts", values: [] });
  const at = async (phrases: readonly Phrase[], newest: boolean) => {
    const [row] = await dialect.read(edge(phrases, newest, listed));
    return row && Number(row["id"]);
  };
  for (const phrases of phrasesIn(group("all", parts)).slice(0, TRIED)) {
    const newest = !inTime || sort.direction === "desc";
    const id = await at(phrases, newest);
    if (id === undefined) continue;
    const stretch = newest ? Number(last?.["id"]) - id : id;
    edges.set(edgeKey(phrases), { newest, dense: listed > stretch * dense, ...(inTime && { id }) });
  }
  return edges;
}
