import type { Term, Tree, Value } from "./tree.ts";

/** May stand without quotes behind a field's colon. */
const PLAIN = /^[^\s()"“”„\\,*~][^\s()"“”„\\,*]*$/u;
/** May stand without quotes and without a field. */
const PLAIN_TEXT = /^(?!(?:AND|OR|NOT)$)[^\s()"“”„\\,*~:：=-][^\s()"“”„\\,*:：=]*$/iu;

/** The tree as text, from which `parse` makes the same tree. */
export function print(tree: Tree): string {
  if (tree.kind === "term") return printTerm(tree);
  if (tree.kind === "all") return tree.of.map((part) => within(part, "any")).join(" ");
  if (tree.kind === "not") return `-${within(tree.of, "any", "all", "not")}`;
  return tree.of.map(print).join(" OR ");
}

function within(tree: Tree, ...grouped: readonly Tree["kind"][]): string {
  return grouped.includes(tree.kind) ? `(${print(tree)})` : print(tree);
}

function printTerm({ field, tense, values }: Term): string {
  if (field === "text" && values.length === 1 && values[0] && values[0].match !== "contains")
    return printValue(values[0], PLAIN_TEXT);
  return `${field}${tense ? `@${tense}` : ""}:${values.map((value) => printValue(value, PLAIN)).join(",")}`;
}

function printValue({ text, match }: Pick<Value, "text" | "match">, plain: RegExp): string {
  const written = plain.test(text) ? text : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  return match === "prefix" ? `${written}*` : match === "contains" ? `~${written}` : written;
}

/** A field's value as it is written in a query. */
export function quote(text: string): string {
  return printValue({ text, match: "is" }, PLAIN);
}
