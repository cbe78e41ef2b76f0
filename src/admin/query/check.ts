import type { Condition } from "../../store/archive.ts";
import { nearest } from "../../nearest.ts";
import { fold, wordsOf } from "../../store/words.ts";
import { amountIn, type Bounds, boundsIn, type Wrong } from "./amounts.ts";
import type { Problem } from "./error.ts";
import type { Field } from "./field.ts";
import { fieldOf, FIELDS, nearestField } from "./fields.ts";
import { quote } from "./print.ts";
import { momentIn } from "./times.ts";
import type { Term, Tree, Value } from "./tree.ts";

export interface Checking {
  /** Milliseconds since the epoch: what ages and words for times count from. */
  readonly now: number;
  /** Where what is not right is put down. */
  readonly problems: Problem[];
}

type Of<Kind extends Field["kind"]> = Extract<Field, { kind: Kind }>;

/** What the tree asks for. With problems, nothing of it may be used. */
export function conditionOf(tree: Tree, checking: Checking): Condition {
  if (tree.kind === "term") return ofTerm(tree, checking);
  if (tree.kind === "not") return { kind: "not", of: conditionOf(tree.of, checking) };
  return { kind: tree.kind, of: tree.of.map((part) => conditionOf(part, checking)) };
}

function ofTerm(term: Term, checking: Checking): Condition {
  const field = fieldOf(term.field);
  if (!field) return refused(checking, { ...nameOf(term), ...unknown(term) });
  if (term.tense && field.kind !== "name")
    return refused(checking, {
      ...nameOf(term),
      message: `${field.name}: has no other value then and now: leave the @${term.tense} out.`,
      instead: `${field.name}:`,
    });
  return ofField(field, term, checking);
}

function ofField(field: Field, term: Term, checking: Checking): Condition {
  switch (field.kind) {
    case "text":
      return anyOf(term.values.map((value) => ofText(value, checking)));
    case "name":
      return anyOf(term.values.flatMap((value) => ofName({ field, term, value }, checking)));
    case "word":
      return {
        kind: "word",
        field: field.word,
        values: term.values.map((value) => wordIn(field, value, checking)),
      };
    case "part":
      return anyOf(term.values.map((value) => ofPart(field, value)));
    case "number":
      return {
        kind: "number",
        field: field.number,
        ...boundsOf(term, checking, (text) => boundsIn(text, (end) => amountIn(end, field.unit))),
      };
    case "time":
      return {
        kind: "number",
        field: field.time,
        ...boundsOf(term, checking, (text) => timeIn(field, text, checking.now)),
      };
    default:
      // A setting finds nothing. The parser has taken it out, unless it had a problem with it.
      return { kind: "all", of: [] };
  }
}

function unknown({ field, values: [value] }: Term): Pick<Problem, "message" | "instead"> {
  const near = value?.text.startsWith("//") ? undefined : nearestField(field);
  const what = `There is no field ${field}:`;
  if (near !== undefined) return { message: `${what}.`, instead: `${near}:` };
  const names = FIELDS.map(({ name }) => name).join(", ");
  const literally = quote(`${field}:${value?.text ?? ""}`);
  const quoted = literally.startsWith('"') ? literally : `"${literally}"`;
  return {
    message: `${what}. To look for words with a colon, put them in quotes: ${quoted}. The fields are ${names}.`,
  };
}

/** As other languages write them. */
const OPERATORS: Readonly<Record<string, string>> = { "&": "AND", "&&": "AND", "|": "OR", "||": "OR" };

function ofText({ text, match, from, to }: Value, checking: Checking): Condition {
  if (match === "contains")
    return refused(checking, {
      from,
      to,
      message: "Text is searched by whole words and beginnings: leave the ~ out.",
      instead: `${quote(text)}*`,
    });
  const words = wordsOf(text);
  const operator = OPERATORS[text];
  if (words.length === 0 && text !== "")
    return refused(checking, {
      from,
      to,
      message: "There is no letter or digit to look for here: text is searched by its words alone.",
      ...(operator !== undefined && { instead: operator }),
    });
  return { kind: "text", words, prefix: match === "prefix" };
}

function ofName(
  { field, term, value }: { field: Of<"name">; term: Term; value: Value },
  checking: Checking,
): readonly Condition[] {
  const plain =
    field.sigil && value.text.startsWith(field.sigil) ? value.text.slice(field.sigil.length) : value.text;
  const name = fold(plain);
  if (name === "" && value.text !== "")
    return [
      refused(checking, { ...placeOf(value), message: "There is nothing that can be seen in this name." }),
    ];
  const match = value.match === "is" ? "equals" : value.match;
  const named: Condition = {
    kind: "name",
    field: field.names,
    tense: term.tense ?? "ever",
    match,
    value: name,
  };
  return field.id === undefined || match !== "equals"
    ? [named]
    : [named, { kind: "word", field: field.id, values: [plain] }];
}

function wordIn({ name, word, values, never }: Of<"word">, value: Value, { problems }: Checking): string {
  const text = values || word === "platform" ? value.text.toLowerCase() : value.text;
  if (value.match !== "is")
    problems.push({
      ...placeOf(value),
      message: `${name}: is compared as a whole: leave the ${value.match === "prefix" ? "*" : "~"} out.`,
      instead: quote(text),
    });
  else if (word === "turn" && !/^\d{1,15}$/.test(text))
    problems.push({ ...placeOf(value), message: "A turn's number is expected here, such as 17." });
  else if (values && !values.includes(text) && text !== "")
    problems.push({ ...placeOf(value), ...oneOf(name, text, values) });
  else if (never?.pattern.test(text)) problems.push({ ...placeOf(value), message: never.message });
  return text;
}

/** For a word that is none of those that there are. */
export function oneOf(
  name: string,
  word: string,
  values: readonly string[],
): Pick<Problem, "message" | "instead"> {
  const near = nearest(word, values, 1)[0];
  return {
    message: `${name}: is one of ${values.join(", ")}.`,
    ...(near !== undefined && { instead: near }),
  };
}

function ofPart({ part, plain }: Of<"part">, { text, match }: Value): Condition {
  const meant = match === "is" ? plain : match;
  return meant === "is"
    ? { kind: "word", field: part, values: [text] }
    : { kind: "part", field: part, match: meant, value: text.toLowerCase() };
}

function boundsOf(term: Term, checking: Checking, read: (text: string) => Bounds | Wrong): Bounds {
  const [value, second] = term.values;
  const bounds = value ? read(value.text) : {};
  if (second)
    checking.problems.push({
      from: term.from,
      to: term.to,
      message: `${term.field}: takes one value. A number is written without commas; either of two is written with OR.`,
      ...withoutCommas(term),
    });
  else if (value && value.match !== "is")
    checking.problems.push({
      ...placeOf(value),
      message: "This is compared by its size: use >, >=, <, <= or a range (a..b).",
    });
  else if (value && "wrong" in bounds && value.text !== "")
    checking.problems.push({
      ...placeOf(value),
      message: bounds.wrong,
      ...(bounds.instead !== undefined && { instead: bounds.instead }),
    });
  return "wrong" in bounds ? {} : bounds;
}

/** `5,000` and `0,10` are one number, written otherwise. */
function withoutCommas({ field, values }: Term): Pick<Problem, "instead"> {
  const [first = "", ...others] = values.map(({ text }) => text);
  if (!/\d$/.test(first)) return {};
  const sign = others.every((part) => /^\d{3}$/.test(part)) ? "" : ".";
  const isNumber = sign === "" || (others.length === 1 && /^\d{1,2}$/.test(others[0] ?? ""));
  return isNumber ? { instead: `${field}:${[first, ...others].join(sign)}` } : {};
}

function timeIn({ name, side }: Of<"time">, text: string, now: number): Bounds | Wrong {
  const read = (end: string) => momentIn(end, now);
  if (!side) {
    const moment = /^[<>=]|\.\./.test(text) ? undefined : read(text);
    return moment && "point" in moment && moment.point
      ? {
          wrong: "This is a moment, in which nothing was asked. Since then is written with two dots.",
          instead: `${text}..`,
        }
      : boundsIn(text, read);
  }
  const bare =
    text
      .replace(/^[<>=]+/, "")
      .split("..")
      .find((end) => end !== "") ?? "";
  if (bare !== text)
    return { wrong: `${name}: takes one time, without a sign. A range is written with at:.`, instead: bare };
  const moment = read(text);
  if ("wrong" in moment) return moment;
  return side === "after" ? { from: moment.from } : { below: moment.from };
}

function refused({ problems }: Checking, problem: Problem): Condition {
  problems.push(problem);
  return { kind: "any", of: [] };
}

const anyOf = (of: readonly Condition[]): Condition =>
  of.length === 1 && of[0] ? of[0] : { kind: "any", of };
const placeOf = ({ from, to }: Value) => ({ from, to });
/** Where the field's name stands. */
const nameOf = ({ from, field, tense, values, to }: Term) => ({
  from,
  to: Math.min(to, values[0]?.from ?? to, from + field.length + (tense ? tense.length + 1 : 0) + 1),
});
