import type { Completed, Field } from "./field.ts";
import { fieldOf, FIELDS } from "./fields.ts";
import { lex } from "./lex.ts";
import { quote } from "./print.ts";
import { TIME_WORDS } from "./times.ts";

export interface Completion {
  /** What is replaced: from here, inclusive, to the cursor. In UTF-16 units. */
  readonly from: number;
  readonly to: number;
  /** The best first, at most 20. */
  readonly items: readonly CompletionItem[];
}

export interface CompletionItem {
  /** What stands there then. Ends in `:` where it goes on. */
  readonly text: string;
  readonly meaning?: string;
}

/** Values that there are of what completes so, and that begin so, the best first. May be empty. */
export type ValuesOf = (what: Completed, prefix: string) => Promise<readonly string[]>;

const MOST = 20;
const AGES = ["1h", "24h", "7d", "30d"];

/** What may be written where the cursor stands, `cursor` UTF-16 units into the text. Rejects only if `valuesOf` does. */
export async function complete(text: string, cursor: number, valuesOf: ValuesOf): Promise<Completion> {
  const to = Math.max(0, Math.min(cursor, text.length));
  const before = text.slice(0, to);
  const last = lex(before).tokens.at(-1);
  if (!last || last.to < to || last.kind === "(" || last.kind === "-")
    return { from: to, to, items: fieldItems("") };
  if (last.kind !== "term") return { from: to, to, items: [] };
  const value = last.values.at(-1);
  const begun = before.slice(last.from, to);
  const named = /^[^\s":：“”„]+[:：]/u.test(begun);
  if (!value || (!named && /^["“”„]/u.test(begun))) return { from: to, to, items: [] };
  if (!named) return { from: last.from, to, items: wordItems(begun) };
  const field = fieldOf(last.field);
  if (!field) return { from: to, to, items: [] };
  const [sign = ""] = /^(?:~|[<>]=?|[+-]|[^"]*\.\.)/.exec(before.slice(value.from)) ?? [];
  const written = sign !== "" && sign !== "~" ? value.text.slice(sign.length) : value.text;
  const found = await valueItems(field, written, valuesOf);
  return { from: value.from + sign.length, to, items: found.slice(0, MOST) };
}

/** A bare word may become a field, a tense of one, or an operator. */
function wordItems(begun: string): readonly CompletionItem[] {
  const [, name = "", tense] = /^([^@]*)@(.*)$/.exec(begun) ?? [];
  if (tense !== undefined) {
    const field = fieldOf(name.toLowerCase());
    if (field?.kind !== "name") return [];
    return TENSES.filter(({ word }) => word.startsWith(tense)).map(({ word, meaning }) => ({
      text: `${field.name}@${word}:`,
      meaning,
    }));
  }
  const operators = ["OR", "NOT"].filter((word) => word.startsWith(begun));
  return [...fieldItems(begun.toLowerCase()), ...operators.map((text) => ({ text }))].slice(0, MOST);
}

const TENSES = [
  { word: "then", meaning: "as it was called when it was said" },
  { word: "now", meaning: "as it is called now" },
];

/** By name before by alias; what completes an alias is the name. */
function fieldItems(begun: string): readonly CompletionItem[] {
  const byName = FIELDS.filter(({ name }) => name.startsWith(begun));
  const byAlias = FIELDS.filter(
    (field) => !byName.includes(field) && field.aliases?.some((alias) => alias.startsWith(begun)),
  );
  return [...byName, ...byAlias].map(({ name, meaning, example }) => ({
    text: `${name}:`,
    meaning: `${meaning}: ${example}`,
  }));
}

async function valueItems(
  field: Field,
  begun: string,
  valuesOf: ValuesOf,
): Promise<readonly CompletionItem[]> {
  const known = async (what: Completed) => [...new Set(await valuesOf(what, begun))].map(plain);
  if (field.kind === "time") return [...TIME_WORDS, ...AGES].filter(starts(begun)).map(plain);
  if (field.kind === "text" || field.kind === "number") return [];
  if (field.kind === "name") return known(field.names);
  if (field.kind === "part") return known(field.part);
  if (field.kind === "word" && field.completes) return known(field.completes);
  return (field.values ?? []).filter(starts(begun)).map(plain);
}

const starts = (begun: string) => (word: string) => word.startsWith(begun.toLowerCase());
const plain = (text: string): CompletionItem => ({ text: quote(text) });
