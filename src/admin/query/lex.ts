import type { Problem, Span } from "./error.ts";
import { fieldOf } from "./fields.ts";
import type { Term, Value } from "./tree.ts";

export type Token = (Span & { readonly kind: "(" | ")" | "-" | "OR" }) | Term;

export interface Lexed {
  readonly tokens: readonly Token[];
  readonly problems: readonly Problem[];
}

/** In UTF-16 units. Long enough for a list of 150 ids, short enough to be read. */
export const LONGEST_QUERY = 4_000;
/** Values in one query: each becomes a condition that the database checks. */
export const MOST_VALUES = 200;

/** What opens a quotation, and what closes it: chats and phones make straight quotes round. */
const CLOSING: Readonly<Record<string, string>> = { '"': '"', "“": "”“", "”": "”“", "„": "”“" };
const FIELD = /([\p{L}_][\p{L}\p{N}_-]*)(?:@([\p{L}\p{N}_]*))?:/uy;
/** What other keyboards and languages put in the colon's place. It is one behind a field's name alone. */
const NEARLY = /([\p{L}_][\p{L}\p{N}_-]*)(?:@([\p{L}\p{N}_]*))?([：=])/uy;
const WORD = /[^\s()"“”„]+/uy;
const ITEM = /[^\s()"“”„,]*/uy;
const SPACE = /\s+/uy;
const SIGNS: Readonly<Record<string, "OR" | "-">> = { OR: "OR", NOT: "-" };

interface Scanner {
  readonly text: string;
  readonly problems: Problem[];
  at: number;
}

/** Never throws: what is not right is in `problems`, and the tokens go on behind it. */
export function lex(text: string): Lexed {
  if (text.length > LONGEST_QUERY) {
    const message = `The query has ${text.length} characters, and ${LONGEST_QUERY} are the most.`;
    return { tokens: [], problems: [{ from: LONGEST_QUERY, to: text.length, message }] };
  }
  const scanner: Scanner = { text, problems: [], at: 0 };
  const tokens: Token[] = [];
  while (scanner.at < text.length) {
    if (taken(scanner, SPACE)) continue;
    const token = next(scanner);
    if (token) tokens.push(token);
  }
  const values = tokens.flatMap((token) => (token.kind === "term" ? token.values : []));
  const first = values[MOST_VALUES];
  if (!first) return { tokens, problems: scanner.problems };
  const message = `The query asks for ${values.length} values, and ${MOST_VALUES} are the most: ask in parts.`;
  return { tokens: [], problems: [{ from: first.from, to: text.length, message }] };
}

/** Undefined: what stood there says nothing (`AND`). */
function next(scanner: Scanner): Token | undefined {
  const { text, at: from } = scanner;
  const sign = text[from] ?? "";
  if (sign === "(" || sign === ")" || (sign === "-" && /^-[^\s)]/.test(text.slice(from, from + 2)))) {
    scanner.at += 1;
    return { kind: sign, from, to: from + 1 };
  }
  const field = taken(scanner, FIELD) ?? nearlyField(scanner);
  if (field) return fieldTerm(scanner, from, field);
  if (CLOSING[sign] !== undefined) {
    const value = starred(scanner, { from, text: quoted(scanner) });
    return { kind: "term", field: "text", values: [value], from, to: scanner.at };
  }
  const word = taken(scanner, WORD)?.[0] ?? "";
  const operator = SIGNS[word];
  if (operator) return { kind: operator, from, to: scanner.at };
  if (word === "AND") return undefined;
  const prefix = /[^*]\*$/.test(word);
  const value: Value = {
    text: prefix ? word.slice(0, -1) : word,
    match: prefix ? "prefix" : "is",
    from,
    to: scanner.at,
  };
  return { kind: "term", field: "text", values: [value], from, to: scanner.at };
}

/** `channel：support`, as East Asian keyboards write it, is meant so. `channel=support` is likely to be. */
function nearlyField(scanner: Scanner): RegExpExecArray | undefined {
  const { at: from } = scanner;
  const found = taken(scanner, NEARLY);
  const [whole, name = "", , sign] = found ?? [];
  if (whole === undefined) return undefined;
  if (!fieldOf(name.toLowerCase())) {
    scanner.at = from;
    return undefined;
  }
  if (sign === "=")
    scanner.problems.push({
      from,
      to: scanner.at,
      message: "A field is followed by a colon. To look for words as they are, put them in quotes.",
      instead: `${whole.slice(0, -1)}:`,
    });
  return found;
}

function fieldTerm(scanner: Scanner, from: number, [, name = "", tense]: RegExpExecArray): Term {
  const colon = scanner.at;
  const values: Value[] = [valueAt(scanner)];
  while (scanner.text[scanner.at] === ",") {
    scanner.at += 1;
    values.push(valueAt(scanner));
  }
  const known = tense === "then" || tense === "now";
  if (tense !== undefined && !known)
    scanner.problems.push({
      from: from + name.length,
      to: colon - 1,
      message: `@ is followed by then (as it was called when it was said) or now (as it is called now).`,
      instead: `${name}@then:`,
    });
  return {
    kind: "term",
    field: name.toLowerCase(),
    ...(known && { tense }),
    values,
    from,
    to: scanner.at,
  };
}

function valueAt(scanner: Scanner): Value {
  const from = scanner.at;
  const contains = scanner.text[from] === "~";
  if (contains) scanner.at += 1;
  if (CLOSING[scanner.text[scanner.at] ?? ""] !== undefined) {
    const value = starred(scanner, { from, text: quoted(scanner) });
    return contains ? { ...value, match: "contains" } : value;
  }
  const text = taken(scanner, ITEM)?.[0] ?? "";
  const bare = text.endsWith("*") ? text.slice(0, -1) : text;
  const match = contains ? "contains" : bare === text ? "is" : "prefix";
  const to = scanner.at;
  if (bare === "") scanner.problems.push({ from, to: Math.max(to, from + 1), ...missing(scanner) });
  else if (bare.includes("*"))
    scanner.problems.push({
      from,
      to,
      message: "A * stands at the end only, for any ending. A part of a name is asked for with ~.",
      instead: `~${bare.split("*").sort((a, b) => b.length - a.length)[0] ?? ""}`,
    });
  return { text: bare, match, from, to };
}

function missing({ text, at }: Scanner): Pick<Problem, "message"> {
  return text[at] === "("
    ? {
        message:
          "A value is missing here. Several values are written with commas, as in channel:support,sales.",
      }
    : { message: "A value is missing here." };
}

/** What is between quotes, where `\` takes the next sign as it is. One that is not closed goes on to the end. */
function quoted(scanner: Scanner): string {
  const { text, at: from } = scanner;
  const closing = CLOSING[text[from] ?? ""] ?? "";
  let content = "";
  for (scanner.at += 1; scanner.at < text.length; scanner.at += 1) {
    const sign = text[scanner.at] ?? "";
    if (closing.includes(sign)) {
      scanner.at += 1;
      return content;
    }
    if (sign === "\\" && scanner.at + 1 < text.length) scanner.at += 1;
    content += text[scanner.at] ?? "";
  }
  scanner.problems.push({ from, to: text.length, message: 'This quotation does not end: a " is missing.' });
  return content;
}

function starred(scanner: Scanner, { from, text }: { from: number; text: string }): Value {
  const prefix = scanner.text[scanner.at] === "*";
  if (prefix) scanner.at += 1;
  const value: Value = { text, match: prefix ? "prefix" : "is", from, to: scanner.at };
  if (text === "")
    scanner.problems.push({ from, to: scanner.at, message: "There is nothing between these quotes." });
  return value;
}

function taken(scanner: Scanner, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = scanner.at;
  const found = pattern.exec(scanner.text);
  if (found) scanner.at = pattern.lastIndex;
  return found?.[0] === undefined ? undefined : found;
}
