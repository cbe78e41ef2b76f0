import type { Archive, Condition } from "../store/archive.ts";
import { fold } from "../store/words.ts";
import { namesFor } from "./names.ts";
import {
  aloneOf,
  CLOSE,
  completedBy,
  type Instead,
  likest,
  type Lone,
  lonesIn,
  printAlone,
  replaced,
  wider,
} from "./query/near.ts";
import { DEFAULT_SORT, type Query } from "./query/query.ts";
import { shortened } from "./shortened.ts";
import { readsNothing, type Viewer, within } from "./viewer.ts";

/** Why a query finds nothing, and what may have been meant. */
export interface Near {
  /** What in it finds nothing by itself. One at least. */
  readonly unknown: readonly Unknown[];
  /** The query with what there is in place of that, the likeliest first. May be empty. */
  readonly queries: readonly string[];
}

interface Unknown {
  /** The field by its name. */
  readonly field: string;
  /** With its field, as it is written: `channel:suport`. */
  readonly written: string;
  /** It finds nothing because this viewer reads nothing that was said, wherever. */
  readonly unread?: true;
}

/** Why nothing was found, in a sentence or two. */
export function nothingMeets({ unknown }: Near): string {
  const written = (some: readonly Unknown[]) =>
    EITHER.format(some.map((one) => shortened(one.written, SHOWN)));
  const [unread, none] = [unknown.filter((one) => one.unread), unknown.filter((one) => !one.unread)];
  return [
    ...(none.length > 0 ? [`Nothing that you may see meets ${written(none)} by itself.`] : []),
    ...(unread.length > 0
      ? [`You may not read what was said, so ${written(unread)} was not looked for.`]
      : []),
  ].join(" ");
}

/** What is shown of what somebody wrote. */
const SHOWN = 80;
const EITHER = new Intl.ListFormat("en", { type: "disjunction" });

type Asked = Pick<Archive, "conversations" | "names" | "words" | "sums">;

/** Somebody types at the same time: of so many values it is asked whether there is such a thing. */
const MOST_ASKED = 4;
/** Among so many names that begin alike a misspelt one is looked for. */
const MOST_NAMES = 100;

/**
 * What is near a query that finds nothing, among what this viewer may see: names as they complete, words only where they may be read. Undefined: there
 * is nothing to tell, as where each part of it finds something, and only all together do not.
 */
export async function nearTo(archive: Asked, viewer: Viewer, query: Query): Promise<Near | undefined> {
  const finds = async (where: Condition) => {
    const search = { where: within(where, viewer), sort: DEFAULT_SORT, limit: 1 };
    return (await archive.conversations(search)).rows.length > 0;
  };
  const unknown: Unknown[] = [];
  const instead = new Map<number, readonly Instead[]>();
  for (const lone of lonesIn(query).slice(0, MOST_ASKED)) {
    if (lone.field.kind === "text" && readsNothing(viewer)) {
      unknown.push({ field: lone.field.name, written: printAlone(lone), unread: true });
      continue;
    }
    if (await finds(aloneOf(lone))) continue;
    unknown.push({ field: lone.field.name, written: printAlone(lone) });
    const found = await firstOf(wider(lone), (one) => finds(aloneOf(lone, one)));
    instead.set(lone.value.from, found ? [found] : await misspelt(archive, viewer, lone));
  }
  const queries = replaced(query, instead);
  // Of a query of one part it is known already that it finds nothing, but not that it may not be asked.
  const isNews = queries.length > 0 || query.tree.kind !== "term" || unknown.some((one) => one.unread);
  const tells = unknown.length > 0 && isNews;
  return tells ? { unknown, queries } : undefined;
}

async function firstOf<One>(
  all: readonly One[],
  isIt: (one: One) => Promise<boolean>,
): Promise<One | undefined> {
  for (const one of all) if (await isIt(one)) return one;
  return undefined;
}

/** Most begin as they should: those are looked at first, and others only where none of them is close. */
async function misspelt(archive: Asked, viewer: Viewer, lone: Lone): Promise<readonly Instead[]> {
  const field = completedBy(lone.field);
  if (field === undefined) return [];
  const letters = Array.from(fold(lone.value.text).replace(/^[#@]/, ""));
  const names: string[] = [];
  for (const count of [2, 1, 0]) {
    const prefix = letters.slice(0, count).join("");
    names.push(...(await namesFor(archive, viewer, { field, prefix, limit: MOST_NAMES })));
    const close = likest(lone, names, CLOSE);
    if (close.length > 0) return close;
  }
  return likest(lone, names);
}
