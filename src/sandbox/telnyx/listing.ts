import { invalid, Refused } from "./answers.ts";
import { wholeNumber } from "./fields.ts";
import {
  isColumn,
  Malformed,
  parseCondition,
  splitList,
  unquote,
  valueOf,
  type Condition,
  type Row,
} from "./condition.ts";
import type { Switches } from "./switches.ts";

/** Which rows, in which order, a list request asks for. Pure. */
export function listRows<R extends Row>(
  rows: readonly R[],
  query: URLSearchParams,
  switches: Pick<Switches, "malformedFilter" | "listDefault" | "listCap">,
): R[] {
  const limit = wholeNumber(query, "limit", { least: 1, most: Infinity, default: switches.listDefault });
  const conditions: Condition[] = [];
  let order = unordered;
  for (const [name, value] of query) {
    if (name === "limit") continue;
    try {
      if (name === "order") order = parseOrder(value);
      else conditions.push(name === "or" ? parseGroup("or", value) : parseCondition(name, value));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      if (switches.malformedFilter === "refuse") throw new Refused(invalid(["query", name], error.message));
    }
  }
  return rows
    .filter((row) => conditions.every((condition) => condition(row) === true))
    .sort(order)
    .slice(0, Math.min(limit, switches.listCap));
}

type Order = (a: Row, b: Row) => number;

/** No order was asked for, so none is promised: by id, which is random. */
const unordered: Order = (a, b) => (a.id < b.id ? -1 : 1);

/** `created_at.desc,name.asc.nullslast`. Ascending and nulls last unless said otherwise, as in PostgreSQL. */
function parseOrder(text: string): Order {
  const keys = text.split(",").map((part) => {
    const match = /^(.+?)(?:\.(asc|desc))?(?:\.(nullsfirst|nullslast))?$/.exec(part);
    const column = match?.[1] ?? "";
    if (!isColumn(column)) throw new Malformed(`unknown column ${column}`);
    const sign = match?.[2] === "desc" ? -1 : 1;
    return { column, sign, nulls: match?.[3] ? (match[3] === "nullsfirst" ? -1 : 1) : sign };
  });
  return (a, b) => {
    for (const { column, sign, nulls } of keys) {
      const [x, y] = [valueOf(a, column), valueOf(b, column)];
      if (x === y) continue;
      if (x === null || y === null) return x === null ? nulls : -nulls;
      return x < y ? -sign : sign;
    }
    return unordered(a, b);
  };
}

/** `(created_at.gte.2025-04-01,and(name.eq.a,metadata->x.not.is.null))`. Values with commas or parentheses are quoted. */
function parseGroup(kind: "and" | "or", text: string): Condition {
  if (!text.startsWith("(") || !text.endsWith(")")) throw new Malformed(`no parentheses: ${text}`);
  const parts = splitList(text.slice(1, -1)).map(parseMember);
  // SQL's `or` is true when any is true, else unknown when any is unknown; `and` the same with false.
  const decisive = kind === "or";
  return (row) => {
    const results = parts.map((part) => part(row));
    if (results.includes(decisive)) return decisive;
    return results.includes(null) ? null : !decisive;
  };
}

const OPERATORS = "eq|neq|gte|gt|lte|lt|like|ilike|in|is";

function parseMember(text: string): Condition {
  const group = /^(and|or)(?=\()/.exec(text)?.[1];
  if (group === "and" || group === "or") return parseGroup(group, text.slice(group.length));
  const match = new RegExp(`^(.+?)\\.((?:not\\.)?(?:${OPERATORS}))\\.(.*)$`, "s").exec(text);
  const [, column = "", operator = "", value = ""] = match ?? [];
  if (!match) throw new Malformed(`no condition: ${text}`);
  return parseCondition(unquote(column), `${operator}.${operator.endsWith("in") ? value : unquote(value)}`);
}
