import type { Condition, PartField } from "../archive.ts";
import type { ArchiveDialect } from "../archive-dialect.ts";
import { group, type Literal, type Plain } from "./condition.ts";

/**
 * The models and the kinds of errors that turns have. They are few, however many turns have each: so they are asked for once, and a part of such a
 * word then means some of them, which an index finds.
 */
export type Used = Readonly<Record<PartField, readonly string[]>>;

/** Undefined: nothing is said of them. */
export async function usedIn({ read }: ArchiveDialect, where: Condition): Promise<Used | undefined> {
  if (!speaksOf(where)) return undefined;
  const words = async (field: PartField) => {
    const rows = await read({
      sql: `${usedSql(field)} SELECT word FROM used WHERE word IS NOT NULL`,
      values: [],
    });
    return rows.map(({ word }) => String(word));
  };
  return { model: await words("model"), error: await words("error") };
}

/** SQL: `used`, every `word` that turns have there, and NULL at the end. One step in the index for each, however many turns have it. */
export const usedSql = (field: PartField) => `WITH RECURSIVE used(word) AS (
    SELECT min(t.${field}) FROM turn_facts t WHERE t.${field} IS NOT NULL
    UNION ALL SELECT (SELECT min(t.${field}) FROM turn_facts t WHERE t.${field} > used.word) FROM used WHERE used.word IS NOT NULL)`;

function speaksOf(where: Condition): boolean {
  if (where.kind === "not") return speaksOf(where.of);
  if ("of" in where) return where.of.some(speaksOf);
  return where.kind === "part" || (where.kind === "word" && where.field === "model");
}

/** The same condition by whole words. */
export function inWords(condition: Plain, used: Used): Plain {
  if ("of" in condition)
    return group(
      condition.kind,
      condition.of.map((part) => inWords(part, used)),
    );
  const { kind, atom } = condition;
  if (atom.kind === "part") {
    const so = used[atom.field].filter((word) => isSo(word, atom));
    return literal(kind, atom.field, so, used);
  }
  if (atom.kind !== "word" || atom.field !== "model") return condition;
  return literal(kind, atom.field, atom.values, used);
}

/** Things that have to hold together, with all that is said of the model as one. */
export function withOneModel(parts: readonly Plain[], used: Used): readonly Plain[] {
  const [said, others] = [parts.filter(isOfModel), parts.filter((part) => !isOfModel(part))];
  if (said.length < 2) return parts;
  const some = said.filter(({ kind }) => kind === "is").map(({ atom }) => atom.values);
  const none = said.filter(({ kind }) => kind === "isnt").flatMap(({ atom }) => atom.values);
  if (some.length === 0) return [...others, literal("isnt", "model", [...new Set(none)], used)];
  const left = some.reduce((all, values) => all.filter((value) => values.includes(value)));
  const values = left.filter((value) => !none.includes(value));
  return values.length === 0 ? [NEVER] : [...others, literal("is", "model", values, used)];
}

const NEVER: Plain = { kind: "any", of: [] };

interface OfModel extends Literal {
  readonly atom: Extract<Literal["atom"], { readonly kind: "word" }>;
}
const isOfModel = (part: Plain): part is OfModel =>
  !("of" in part) && part.atom.kind === "word" && part.atom.field === "model";

function literal(kind: Literal["kind"], field: PartField, values: readonly string[], used: Used): Plain {
  if (values.length === 0) return kind === "is" ? NEVER : { kind: "all", of: [] };
  const atom = { kind: "word", field, values } as const;
  // Most turns have no error: those without some are not looked for.
  if (kind === "is" || field === "error") return { kind, atom };
  return { kind, atom, others: used[field].filter((word) => !values.includes(word)) };
}

/** As SQL says it (`partSql`): letters of the alphabet in any case. */
function isSo(word: string, { match, value }: Extract<Condition, { readonly kind: "part" }>): boolean {
  const lower = word.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return match === "prefix" ? lower.startsWith(value) : lower.includes(value);
}
