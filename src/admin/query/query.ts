import type { Condition, Sort } from "../../store/archive.ts";
import { SUM_BY, type SumBy } from "../../store/sums.ts";
import { conditionOf, oneOf } from "./check.ts";
import { type Problem, QueryError } from "./error.ts";
import { SORTS } from "./field.ts";
import { fieldOf } from "./fields.ts";
import { parse } from "./parse.ts";
import { print } from "./print.ts";
import { type Term, termsOf, type Tree } from "./tree.ts";

/** What somebody asks for, checked. */
export interface Query {
  readonly where: Condition;
  readonly sort: Sort;
  readonly by?: SumBy;
  /** What is asked for, as it was written: ages stay ages. Fields go by their names. */
  readonly tree: Tree;
}

export const DEFAULT_SORT: Sort = { by: "active", direction: "desc" };
/** More would not be read, and some follow from others. */
const MOST_PROBLEMS = 10;

/**
 * Text → query. `now`, in milliseconds since the epoch, is what ages and `yesterday` count from; days are UTC's. Throws `QueryError` with
 * every problem, and nothing else, whatever the text.
 */
export function parseQuery(text: string, now: number): Query {
  const parsed = parse(text);
  const problems: Problem[] = [...parsed.problems];
  const tree = canonical(parsed.tree);
  const where = conditionOf(parsed.tree, { now, problems });
  const sort = settingIn(parsed.settings, "sort", { problems, read: sortIn });
  const by = settingIn(parsed.settings, "by", { problems, read: sumIn });
  if (problems.length > 0) {
    const sorted = problems.sort((a, b) => a.from - b.from || a.to - b.to);
    throw new QueryError(text, sorted.slice(0, MOST_PROBLEMS));
  }
  return { where, sort: sort ?? DEFAULT_SORT, ...(by && { by }), tree };
}

/** The query as text, in one form for all that say the same in the same order. `parseQuery` makes the same query from it. */
export function printQuery({ tree, sort, by }: Query): string {
  const isDefault = sort.by === DEFAULT_SORT.by && sort.direction === DEFAULT_SORT.direction;
  const sorted = `sort:${sort.direction === "asc" ? "+" : ""}${sort.by}`;
  return [print(tree), isDefault ? "" : sorted, by ? `by:${by}` : ""].filter((part) => part !== "").join(" ");
}

/** The names of the fields that the query asks by, each once. */
export function fieldsIn({ tree }: Query): readonly string[] {
  return [...new Set(termsOf(tree).map(({ field }) => field))];
}

function canonical(tree: Tree): Tree {
  if (tree.kind === "term") return { ...tree, field: fieldOf(tree.field)?.name ?? tree.field };
  if (tree.kind === "not") return { kind: "not", of: canonical(tree.of) };
  return { kind: tree.kind, of: tree.of.map(canonical) };
}

interface Reading<T> {
  readonly problems: Problem[];
  readonly read: (text: string) => T | Pick<Problem, "message" | "instead">;
}

function settingIn<T extends Sort | SumBy>(
  settings: readonly Term[],
  name: string,
  { problems, read }: Reading<T>,
): T | undefined {
  const [term, again] = settings.filter(({ field }) => field === name);
  const value = term?.values[0];
  if (!term || !value || value.text === "") return undefined;
  const { from, to } = again ?? term;
  if (again || term.values.length > 1)
    problems.push({ from, to, message: `${name}: is said once, with one value.` });
  if (value.match !== "is" || term.tense)
    problems.push({ from, to, message: `${name}: takes a word as it is.`, instead: `${name}:${value.text}` });
  const setting = read(value.text);
  if (typeof setting !== "object" || !("message" in setting)) return setting;
  problems.push({ from: value.from, to: value.to, ...setting });
  return undefined;
}

/** The greatest first, with or without the minus that elsewhere says so; with a plus the least. */
function sortIn(text: string): Sort | Pick<Problem, "message" | "instead"> {
  const word = text.replace(/^[+-]/, "").toLowerCase();
  const by = SORTS.find((one) => one === word);
  return by ? { by, direction: text.startsWith("+") ? "asc" : "desc" } : oneOf("sort", word, SORTS);
}

function sumIn(text: string): SumBy | Pick<Problem, "message" | "instead"> {
  const by = SUM_BY.find((one) => one === text.toLowerCase());
  return by ?? oneOf("by", text.toLowerCase(), SUM_BY);
}
