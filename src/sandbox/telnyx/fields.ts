import { invalid, Refused } from "./answers.ts";

/** A JSON object as it came. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The request's JSON object. Refuses, as FastAPI does, another content type, no body, and what does not parse. */
export function readJson(request: { body: Buffer; headers: Readonly<Record<string, string>> }): Fields {
  if (request.body.length === 0)
    throw new Refused(invalid(["body"], "field required", "value_error.missing"));
  if (!/^application\/([\w.-]+\+)?json\b/.test(request.headers["content-type"] ?? ""))
    throw new Refused(invalid(["body"], "value is not a valid dict", "type_error.dict"));
  const parsed = parse(request.body.toString("utf8"));
  if (!isFields(parsed)) throw new Refused(invalid(["body"], "value is not a valid dict", "type_error.dict"));
  return parsed;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused(invalid(["body", 0], "Expecting value", "value_error.jsondecode"));
  }
}

/** A field that may be left out but, if it is there, is a string. */
export function optionalString(body: Fields, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || typeof value === "string") return value;
  throw new Refused(invalid(["body", field], "str type expected", "type_error.str"));
}

export function requiredString(body: Fields, field: string): string {
  const value = optionalString(body, field);
  if (value === undefined)
    throw new Refused(invalid(["body", field], "field required", "value_error.missing"));
  return value;
}

/** A query parameter that is a whole number in a range. */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  range: { least: number; most: number; default: number },
): number {
  const text = query.get(name);
  if (text === null) return range.default;
  if (!/^-?\d+$/.test(text))
    throw new Refused(invalid(["query", name], "value is not a valid integer", "type_error.integer"));
  const value = Number(text);
  if (value < range.least) throw outOfRange(name, `greater than or equal to ${range.least}`, "not_ge");
  if (value > range.most) throw outOfRange(name, `less than or equal to ${range.most}`, "not_le");
  return value;
}

function outOfRange(name: string, bound: string, type: string): Refused {
  return new Refused(invalid(["query", name], `ensure this value is ${bound}`, `value_error.number.${type}`));
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
