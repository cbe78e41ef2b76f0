import type { Json } from "./json/people.ts";
import { Refusal } from "./refusal.ts";
import { isSnowflake } from "./snowflake.ts";

/** What is wrong with a request's body, collected field by field: Discord names every wrong field at once. */
export interface Form {
  /** `at` is the path of the field: `content`, `allowed_mentions.users`. */
  fail(at: string, code: string, message: string): void;
  /** Throws 50035 with the tree of what was wrong. */
  settle(): void;
  /** The same form, for the fields of an object in it. */
  within(path: string): Form;

  text(
    body: Json,
    field: string,
    limits: { min?: number; max: number; required?: boolean },
  ): string | undefined;
  integer(body: Json, field: string, limits?: { min?: number; max?: number }): number | undefined;
  flag(body: Json, field: string): boolean | undefined;
  choice<Value>(body: Json, field: string, choices: readonly Value[]): Value | undefined;
  snowflake(body: Json, field: string, required?: boolean): string | undefined;
}

/** Null and absent are the same to Discord's forms, where a field is optional. */
export function createForm(): Form {
  const tree: Json = {};
  const fail: Form["fail"] = (at, code, message) => {
    let node = tree;
    for (const step of at.split(".")) node = (node[step] ??= {}) as Json;
    ((node["_errors"] ??= []) as Json[]).push({ code, message });
  };
  const settle = (): void => {
    if (Object.keys(tree).length > 0) throw new Refusal(50035, tree);
  };
  return fieldsOf(fail, settle);
}

function fieldsOf(fail: Form["fail"], settle: () => void): Form {
  return {
    fail,
    settle,
    within: (path) => fieldsOf((at, code, message) => fail(`${path}.${at}`, code, message), settle),
    text: (body, field, limits) => {
      const value = body[field] ?? undefined;
      if (value === undefined) {
        if (limits.required) fail(field, ...REQUIRED);
        return undefined;
      }
      if (typeof value !== "string") {
        fail(field, "STRING_TYPE_CONVERT", `Could not interpret ${JSON.stringify(value)} as string.`);
        return undefined;
      }
      const wrong = wrongLength(value, limits);
      if (wrong) fail(field, ...wrong);
      return value;
    },
    integer: (body, field, limits = {}) => {
      const value = body[field] ?? undefined;
      if (value === undefined) return undefined;
      const number = value === "" ? NaN : Number(value);
      const wrong = wrongNumber(number, { ...limits, shown: JSON.stringify(value) });
      if (wrong) fail(field, ...wrong);
      return number;
    },
    flag: (body, field) => {
      const value = body[field] ?? undefined;
      if (value === undefined || typeof value === "boolean") return value;
      fail(field, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
      return undefined;
    },
    choice: (body, field, choices) => {
      const value = body[field] ?? undefined;
      const chosen = choices.find((choice) => choice === value);
      if (value !== undefined && chosen === undefined)
        fail(field, "BASE_TYPE_CHOICES", `Value must be one of (${choices.join(", ")}).`);
      return chosen;
    },
    snowflake: (body, field, required = false) => {
      const value = body[field] ?? undefined;
      if (value === undefined && required) fail(field, ...REQUIRED);
      if (value === undefined || isSnowflake(value)) return value;
      fail(field, "NUMBER_TYPE_COERCE", `Value ${JSON.stringify(value)} is not snowflake.`);
      return undefined;
    },
  };
}

type Complaint = readonly [code: string, message: string];

const REQUIRED: Complaint = ["BASE_TYPE_REQUIRED", "This field is required"];

/** Discord counts code points (a Discord engineer, discord-api-docs issue 1315). */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

function wrongLength(value: string, { min = 0, max }: { min?: number; max: number }): Complaint | undefined {
  const length = lengthOf(value);
  if (length >= min && length <= max) return undefined;
  return min > 0
    ? ["BASE_TYPE_BAD_LENGTH", `Must be between ${min} and ${max} in length.`]
    : ["BASE_TYPE_MAX_LENGTH", `Must be ${max} or fewer in length.`];
}

function wrongNumber(
  number: number,
  { min = -Infinity, max = Infinity, shown }: { min?: number; max?: number; shown: string },
): Complaint | undefined {
  if (!Number.isInteger(number)) return ["NUMBER_TYPE_COERCE", `Value ${shown} is not int.`];
  if (number > max) return ["NUMBER_TYPE_MAX", `int value should be less than or equal to ${max}.`];
  if (number < min) return ["NUMBER_TYPE_MIN", `int value should be greater than or equal to ${min}.`];
  return undefined;
}
