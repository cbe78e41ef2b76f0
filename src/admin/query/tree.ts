import type { Span } from "./error.ts";

/**
 * A query as it was written, without its white space. `all` and `any` have two parts or more and none of their own kind; only a whole query
 * may be an empty `all`.
 */
export type Tree = Several | Not | Term;

interface Several {
  readonly kind: "all" | "any";
  readonly of: readonly Tree[];
}

interface Not {
  readonly kind: "not";
  readonly of: Tree;
}

/** `channel@then:sup*,~help`. What has no field has `text`. */
export interface Term extends Span {
  readonly kind: "term";
  /** In lower case, as it was written: a name or an alias. */
  readonly field: string;
  readonly tense?: "then" | "now";
  readonly values: readonly Value[];
}

export interface Value extends Span {
  /** Without quotes, and without the signs that `match` stands for. */
  readonly text: string;
  readonly match: "is" | "prefix" | "contains";
}

/** Keeps the tree flat. */
export function several(kind: "all" | "any", parts: readonly Tree[]): Tree {
  const of = parts.flatMap((part) => (part.kind === kind ? part.of : [part]));
  return of.length === 1 && of[0] ? of[0] : { kind, of };
}

export function termsOf(tree: Tree): readonly Term[] {
  if (tree.kind === "term") return [tree];
  return tree.kind === "not" ? termsOf(tree.of) : tree.of.flatMap(termsOf);
}
