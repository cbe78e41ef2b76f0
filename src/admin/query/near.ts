import { unlikeness } from "../../nearest.ts";
import type { Condition } from "../../store/archive.ts";
import { fold, wordsOf } from "../../store/words.ts";
import { conditionOf } from "./check.ts";
import type { Completed, Field } from "./field.ts";
import { fieldOf } from "./fields.ts";
import { print } from "./print.ts";
import { printQuery, type Query } from "./query.ts";
import type { Term, Tree, Value } from "./tree.ts";

/* PURE: what in a query may be why it finds nothing, and what could stand there instead. */

/** One value of a query, by itself. */
export interface Lone {
  readonly field: Field;
  readonly term: Term;
  readonly value: Value;
}

/** What stands in a value's place. */
export type Instead = Pick<Value, "text" | "match">;

/** The names, words and parts of them that are meant as they are written, but for what must not be met: that is no reason to find nothing. */
export function lonesIn({ tree }: Query): readonly Lone[] {
  return metIn(tree).flatMap((term) => {
    const field = fieldOf(term.field);
    if (!field || !isMisspelt(field)) return [];
    return term.values
      .filter(({ match, text }) => match === "is" && text !== "")
      .map((value) => ({ field, value, term: { ...term, values: [value] } }));
  });
}

const isMisspelt = (field: Field) =>
  field.kind === "text" || field.kind === "name" || completedBy(field) !== undefined;

function metIn(tree: Tree): readonly Term[] {
  if (tree.kind === "term") return [tree];
  return tree.kind === "not" ? [] : tree.of.flatMap(metIn);
}

/** What there is that completes it. */
export function completedBy(field: Field): Completed | undefined {
  if (field.kind === "name") return field.names;
  if (field.kind === "part") return field.part;
  return field.kind === "word" ? field.completes : undefined;
}

/** It alone, or what stands in its place alone. */
export function aloneOf({ term, value }: Lone, instead: Instead = value): Condition {
  return conditionOf({ ...term, values: [{ ...value, ...instead }] }, { now: 0, problems: [] });
}

/** It alone, as it was written. */
export const printAlone = ({ term }: Lone): string => print(term);

/** The same word as a beginning, and as a part: the first that finds something is what was meant. */
export function wider({ field, value: { text } }: Lone): readonly Instead[] {
  if (field.kind === "text") return isSoonFound(wordsOf(text)) ? [{ text, match: "prefix" }] : [];
  if (field.kind === "name" || (field.kind === "part" && field.plain === "is"))
    return [
      { text, match: "prefix" },
      { text, match: "contains" },
    ];
  return [];
}

/** So many letters or fewer begin so much that their places have to be read of a great part of the index: 1.2 s of a million turns on SQLite. */
const SHORT = 4;
/** Places are read of words in a row alone. */
const isSoonFound = (words: readonly string[]) => words.length === 1 || (words.at(-1)?.length ?? 0) > SHORT;

/** So much less like it than the most like, and it was not meant. */
const AS_LIKE = 0.1;
/** Half of the letters are the same. */
const LIKE = 0.5;
/** There is no need to look for one that is more so. */
export const CLOSE = 0.3;
const MOST_LIKE = 3;

/** Those of the names that are like the value, or have a word that is: the most like first, three at the most. `most`: how unlike it they may be. */
export function likest({ field, value }: Lone, names: readonly string[], most = LIKE): readonly Instead[] {
  const sigil = field.kind === "name" ? (field.sigil ?? "") : "";
  const meant = fold(value.text.startsWith(sigil) ? value.text.slice(sigil.length) : value.text);
  const ranked = [...new Set(names)]
    .map((text) => ({ text, far: farFrom(meant, fold(text)) }))
    .filter(({ far }) => far <= most)
    .sort((a, b) => a.far - b.far);
  const nearest = ranked[0]?.far ?? 0;
  return ranked
    .filter(({ far }) => far <= nearest + AS_LIKE)
    .slice(0, MOST_LIKE)
    .map(({ text }) => ({ text, match: "is" }));
}

/** The whole name is meant rather than a word of it. */
const farFrom = (meant: string, name: string) => {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  return Math.min(unlikeness(meant, name), ...words.map((word) => unlikeness(meant, word) + AS_LIKE / 2));
};

/**
 * The query with other values in the places of some, the likeliest first: what is the first for each, and then with each other of one. `instead`: by
 * where the value stands, with one at least for each.
 */
export function replaced(query: Query, instead: ReadonlyMap<number, readonly Instead[]>): readonly string[] {
  const first = new Map([...instead].flatMap(([at, [one]]) => (one ? [[at, one] as const] : [])));
  if (first.size === 0) return [];
  const others = [...instead].flatMap(([at, [, ...more]]) =>
    more.map((other) => new Map([...first, [at, other]])),
  );
  const queries = [first, ...others].map((by) => printQuery({ ...query, tree: withValues(query.tree, by) }));
  return [...new Set(queries)].slice(0, MOST_LIKE);
}

function withValues(tree: Tree, by: ReadonlyMap<number, Instead>): Tree {
  if (tree.kind === "not") return tree;
  if (tree.kind !== "term") return { ...tree, of: tree.of.map((part) => withValues(part, by)) };
  return { ...tree, values: tree.values.map((value) => ({ ...value, ...by.get(value.from) })) };
}
