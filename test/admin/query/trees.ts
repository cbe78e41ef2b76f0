import fc from "fast-check";
import { FIELDS } from "../../../src/admin/query/fields.ts";
import { several, type Tree, type Value } from "../../../src/admin/query/tree.ts";

const hardParts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '"',
        "\\",
        "(",
        ")",
        ",",
        "*",
        "~",
        "-",
        ":",
        " ",
        "OR",
        "NOT",
        "AND",
        "“",
        "”",
        "„",
        "\n",
        "\0",
      ),
      fc.constantFrom(
        "a",
        "support",
        "Ünïcode",
        "東京",
        "👩‍👩‍👧",
        "\uD83D",
        "'; DROP TABLE turns; --",
        "%",
        "_",
        "@then",
        "..",
      ),
      fc.string({ unit: "binary", minLength: 1, maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(""));
/** What would be something else if it stood without quotes, as a whole alone. */
const hardWhole = fc.constantFrom("or", "Not", "and", "channel=x", "user@now：x", "text=", "三点：x");

/** The text of names and of what was said, with all that has a meaning in a query. */
export const hardText = fc.oneof({ weight: 5, arbitrary: hardParts }, { weight: 1, arbitrary: hardWhole });

const span = { from: 0, to: 0 };
const value = (text: string, match: Value["match"] = "is"): Value => ({ text, match, ...span });
const matches = fc.constantFrom<Value["match"]>("is", "prefix", "contains");
const names = FIELDS.filter(({ kind }) => kind === "name").map(({ name }) => name);

const times = fc.constantFrom(
  "2026-11-01",
  "2026",
  "today",
  "7d..",
  "2026-11-01..yesterday",
  ">=2026-11-02T10:00Z",
  "..3mo",
);
const amounts = fc.constantFrom(">5k", "<=3", "0.1..0.5", "17", "..2", "1..");

/** Terms that are right, as `parse` makes them but for their places. */
export const term: fc.Arbitrary<Tree> = fc.oneof(
  fc
    .tuple(
      // No letters, no words.
      fc.oneof(
        hardParts.map((text) => (text.length % 2 ? `w${text}` : `-${text}w`)),
        hardWhole,
      ),
      fc.constantFrom("is" as const, "prefix" as const),
    )
    .map(([text, match]): Tree => ({
      kind: "term",
      field: "text",
      values: [value(text, match)],
      ...span,
    })),
  fc
    .tuple(
      fc.constantFrom(...names),
      fc.option(fc.constantFrom("then" as const, "now" as const)),
      fc.array(fc.tuple(hardText, matches), { minLength: 1, maxLength: 3 }),
    )
    .map(([field, tense, values]): Tree => ({
      kind: "term",
      field,
      ...(tense && { tense }),
      values: values.map(([text, match]) => value(`n${text}`, match)),
      ...span,
    })),
  fc
    .tuple(fc.constantFrom("at", "started"), times)
    .map(([field, text]): Tree => ({ kind: "term", field, values: [value(text)], ...span })),
  fc
    .tuple(fc.constantFrom("tokens", "cost", "output"), amounts)
    .map(([field, text]): Tree => ({ kind: "term", field, values: [value(text)], ...span })),
  fc.uniqueArray(fc.constantFrom("failed", "done", "open"), { minLength: 1 }).map((words): Tree => ({
    kind: "term",
    field: "status",
    values: words.map((word) => value(word)),
    ...span,
  })),
);

export const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    { arbitrary: term, weight: 2 },
    {
      arbitrary: fc.array(tie("tree"), { minLength: 2, maxLength: 4 }).map((parts) => several("all", parts)),
      weight: 2,
    },
    {
      arbitrary: fc.array(tie("tree"), { minLength: 2, maxLength: 3 }).map((parts) => several("any", parts)),
      weight: 2,
    },
    { arbitrary: tie("tree").map((part): Tree => ({ kind: "not", of: part })), weight: 1 },
  ),
})).tree;

/** The tree without the places in the text. */
export function bare(node: Tree): unknown {
  if (node.kind === "not") return { kind: "not", of: bare(node.of) };
  if (node.kind !== "term") return { kind: node.kind, of: node.of.map(bare) };
  const { field, tense, values } = node;
  return { field, tense, values: values.map(({ text, match }) => ({ text, match })) };
}
