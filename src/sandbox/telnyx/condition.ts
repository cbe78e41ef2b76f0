/** A list's row as its filters see it: metadata beside the columns. */
export interface Row {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
  readonly last_message_at: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** SQL's three values: null is unknown, as any comparison with a missing value is. */
export type Condition = (row: Row) => boolean | null;

/** A filter that does not parse. What becomes of it is the `malformedFilter` switch's. */
export class Malformed extends Error {}

const TIME_COLUMNS = new Set(["created_at", "last_message_at"]);
const TEXT_COLUMNS = new Set(["id", "name"]);
const METADATA = "metadata->";

export function isColumn(name: string): boolean {
  return TIME_COLUMNS.has(name) || TEXT_COLUMNS.has(name) || isMetadata(name);
}

function isMetadata(name: string): boolean {
  return name.startsWith(METADATA) && /^[^>]/.test(name.slice(METADATA.length));
}

/** A column's value as the list compares it: times as milliseconds, everything else as text, nothing as null. */
export function valueOf(row: Row, column: string): string | number | null {
  if (isMetadata(column)) {
    const key = column.slice(METADATA.length);
    return Object.hasOwn(row.metadata, key) ? (row.metadata[key] ?? null) : null;
  }
  if (column === "created_at" || column === "last_message_at") return Date.parse(row[column]);
  return column === "id" || column === "name" ? row[column] : null;
}

/** `eq.value`, `not.like.V%`, `in.(a,b)`, `is.null`: the part of a filter behind its column. */
export function parseCondition(column: string, text: string): Condition {
  if (!isColumn(column)) throw new Malformed(`unknown column ${column}`);
  if (text.startsWith("not.")) return negate(parseCondition(column, text.slice("not.".length)));
  const dot = text.indexOf(".");
  const [operator, value] = [text.slice(0, dot), text.slice(dot + 1)];
  const test = dot > 0 ? compile(column, operator, value) : undefined;
  if (!test) throw new Malformed(`no operator in ${text}`);
  return operator === "is" ? (row) => test(valueOf(row, column)) : onKnown(column, test);
}

type Test = (value: string | number | null) => boolean;

function onKnown(column: string, test: Test): Condition {
  return (row) => {
    const value = valueOf(row, column);
    return value === null ? null : test(value);
  };
}

function negate(condition: Condition): Condition {
  return (row) => {
    const holds = condition(row);
    return holds === null ? null : !holds;
  };
}

function compile(column: string, operator: string, text: string): Test | undefined {
  switch (operator) {
    case "is":
      return compileIs(text);
    case "in":
      return compileIn(column, text);
    case "like":
    case "ilike":
      return compileLike(column, text, operator === "ilike" ? "isu" : "su");
    default:
      return compileComparison(column, operator, text);
  }
}

function compileComparison(column: string, operator: string, text: string): Test | undefined {
  const wanted = literal(column, text);
  switch (operator) {
    case "eq":
      return (value) => value === wanted;
    case "neq":
      return (value) => value !== wanted;
    case "gt":
      return (value) => value !== null && value > wanted;
    case "gte":
      return (value) => value !== null && value >= wanted;
    case "lt":
      return (value) => value !== null && value < wanted;
    case "lte":
      return (value) => value !== null && value <= wanted;
    default:
      return undefined;
  }
}

function literal(column: string, text: string): string | number {
  if (!TIME_COLUMNS.has(column)) return text;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new Malformed(`no time: ${text}`);
  return time;
}

function compileIs(text: string): Test {
  if (text === "null") return (value) => value === null;
  if (text === "not_null") return (value) => value !== null;
  throw new Malformed(`is.${text}`);
}

function compileIn(column: string, text: string): Test {
  if (!text.startsWith("(") || !text.endsWith(")")) throw new Malformed(`in.${text}`);
  const wanted = new Set(splitList(text.slice(1, -1)).map((item) => literal(column, unquote(item))));
  return (value) => value !== null && wanted.has(value);
}

/** `%` and, as PostgREST allows, `*` for any characters, `_` for one, a backslash before a literal one. */
function compileLike(column: string, pattern: string, flags: string): Test {
  if (TIME_COLUMNS.has(column)) throw new Malformed(`like on ${column}`);
  const source = pattern.replace(/\\(.)|[%*]|_|[\s\S]/gu, (match, escaped: string | undefined) => {
    if (match === "%" || match === "*") return ".*";
    if (match === "_") return ".";
    return (escaped ?? match).replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
  });
  const matcher = new RegExp(`^${source}$`, flags);
  return (value) => typeof value === "string" && matcher.test(value);
}

/** Splits at commas that are in no quotes and no parentheses. */
export function splitList(text: string): string[] {
  const parts: string[] = [];
  let [depth, quoted, start] = [0, false, 0];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (quoted && char === "\\") at += 1;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === "(") depth += 1;
    else if (!quoted && char === ")") depth -= 1;
    else if (!quoted && depth === 0 && char === ",") {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  if (quoted || depth !== 0) throw new Malformed(`unbalanced: ${text}`);
  return [...parts, text.slice(start)];
}

export function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  if (text.length < 2 || !text.endsWith('"')) throw new Malformed(`unbalanced: ${text}`);
  return text.slice(1, -1).replace(/\\(.)/gsu, "$1");
}
