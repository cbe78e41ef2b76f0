import { fieldOf } from "./fields.ts";
import { printQuery, type Query } from "./query.ts";
import type { Tree } from "./tree.ts";

/**
 * A query, as it was written, in which what was meant as whole names is meant as their beginnings: for when it finds nothing. Undefined: no name is meant
 * so.
 */
export function widened(query: Query): string | undefined {
  const tree = widenedTree(query.tree);
  return tree === query.tree ? undefined : printQuery({ ...query, tree });
}

/** The same tree where nothing can be widened. What must not be met would be narrowed by it, and stays. */
function widenedTree(tree: Tree): Tree {
  if (tree.kind === "not") return tree;
  if (tree.kind === "term") {
    const isName = fieldOf(tree.field)?.kind === "name";
    if (!isName || tree.values.every(({ match }) => match !== "is")) return tree;
    const values = tree.values.map((value) =>
      value.match === "is" ? { ...value, match: "prefix" as const } : value,
    );
    return { ...tree, values };
  }
  const of = tree.of.map(widenedTree);
  return of.every((part, index) => part === tree.of[index]) ? tree : { ...tree, of };
}
