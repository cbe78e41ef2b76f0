import type { Search } from "../archive.ts";
import { edgeKey, type Edges } from "./condition-sql.ts";
import { allSaid, group, type Plain } from "./condition.ts";
import type { ArchiveDialect } from "../archive-dialect.ts";
import type { Plan } from "./search-sql.ts";
import type { Edge } from "./word-index.ts";

/** How a search finds out whether turns have words, where a database has to be told how. */
export interface SaidBounds {
  /** So many turns that have a word are listed at once. */
  readonly listed: number;
  /** So many that have words which take long to find are found once, and then handed on. */
  readonly kept: number;
  /** Asking the index of words for a single turn takes as long as listing so many. */
  readonly asking: number;
}

/** What is known of how many turns have the phrases of a condition. */
export interface Said {
  readonly phrases: ReadonlyMap<string, Known>;
  /** How many turns there are, forgotten ones and all. */
  readonly turns: number;
  /** It takes long to find, and so many have it that it is not to be begun with. */
  readonly isManifold: (part: Plain) => boolean;
}

interface Known {
  /** Where the near end of the order is: the newest, or the oldest. */
  readonly newest: boolean;
  /** The last of those that are listed there. Absent: there are no more. */
  readonly id?: number;
  /** See `WordsDialect.readOff`. */
  readonly slowly: number;
  /** Those, as JSON. Absent: they are quickly found again. */
  readonly near?: string;
  /** How many have it, told by how far those that are listed reach. */
  readonly many: number;
}

/** How many phrases are looked at. */
const TRIED = 8;

interface Asking {
  readonly dialect: ArchiveDialect;
  readonly bounds: SaidBounds;
}

/** Asks how many turns have the phrases of the condition, as far as its searches need to know. */
export async function saidIn({ dialect, bounds }: Asking, { sort }: Search, { parts }: Plan): Promise<Said> {
  const [last] = await dialect.read({ sql: "SELECT max(id) AS id FROM turn_facts", values: [] });
  const turns = Number(last?.["id"] ?? 0);
  const { edge, readOff } = dialect.words;
  const newest = !(sort.by === "active" || sort.by === "started") || sort.direction === "desc";
  const phrases = new Map<string, Known>();
  for (const one of edge ? allSaid(group("all", parts)).slice(0, TRIED) : []) {
    const slowly = readOff?.(one) ?? 0;
    const [most, keep] = slowly > 0 ? [bounds.listed, false] : [bounds.kept, true];
    const [row] = edge ? await dialect.read(edge(one, { newest, most, keep })) : [];
    const { id = null, found = most, near } = row ?? {};
    const kept = { newest, slowly, ...(keep && { near: String(near) }) };
    if (id === null) phrases.set(edgeKey(one), { ...kept, many: Number(found) });
    else {
      const reach = newest ? turns - Number(id) + 1 : Number(id);
      phrases.set(edgeKey(one), { ...kept, id: Number(id), many: (most * turns) / Math.max(1, reach) });
    }
  }
  const isManifold = (part: Plain) =>
    allSaid(part).some((one) => {
      const known = phrases.get(edgeKey(one));
      return known?.near !== undefined && known.id !== undefined;
    });
  return { phrases, turns, isManifold };
}

/** How a way goes: how many turns it asks, or how large the page is that it stops at, and whether it goes along the order. */
export type Going = { readonly along: boolean } & ({ readonly asked: number } | { readonly page: number });

/** How the phrases are looked for on such a way. */
export function edgesFor({ phrases, turns }: Said, going: Going, { asking }: SaidBounds): Edges {
  const edges = new Map<string, Edge>();
  for (const [key, { newest, slowly, id, near, many }] of phrases) {
    const asked = "asked" in going ? going.asked : (going.page * turns) / many;
    const dense = near === undefined && asked * asking * slowly < many;
    if (id === undefined) {
      if (near !== undefined) edges.set(key, { newest, dense, near });
    } else if (going.along) edges.set(key, { newest, dense, id, ...(near !== undefined && { near }) });
    else if (dense) edges.set(key, { newest, dense });
  }
  return edges;
}
