import type { Json } from "./payloads.ts";
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
  const form: Form = {
    fail,
    settle,
    within: (path) => fieldsOf((at, code, message) => fail(`${path}.${at}`, code, message), settle),
    text: (body, field, { min = 0, max, required = false }) => {
      const value = body[field] ?? undefined;
      if (value === undefined) {
        if (required) form.fail(field, "BASE_TYPE_REQUIRED", "This field is required");
        return undefined;
      }
      if (typeof value !== "string") {
        form.fail(field, "STRING_TYPE_CONVERT", `Could not interpret "${String(value)}" as string.`);
        return undefined;
      }
      checkLength(form, field, { value, min, max });
      return value;
    },
    integer: (body, field, { min = -Infinity, max = Infinity } = {}) => {
      const value = body[field] ?? undefined;
      if (value === undefined) return undefined;
      const number = typeof value === "number" ? value : Number(value);
      if (!Number.isInteger(number) || value === "")
        form.fail(field, "NUMBER_TYPE_COERCE", `Value "${String(value)}" is not int.`);
      else if (number > max)
        form.fail(field, "NUMBER_TYPE_MAX", `int value should be less than or equal to ${max}.`);
      else if (number < min)
        form.fail(field, "NUMBER_TYPE_MIN", `int value should be greater than or equal to ${min}.`);
      return number;
    },
    flag: (body, field) => {
      const value = body[field] ?? undefined;
      if (value === undefined || typeof value === "boolean") return value;
      form.fail(field, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
      return undefined;
    },
    choice: (body, field, choices) => {
      const value = body[field] ?? undefined;
      if (value === undefined) return undefined;
      const chosen = choices.find((choice) => choice === value);
      if (chosen === undefined)
        form.fail(field, "BASE_TYPE_CHOICES", `Value must be one of (${choices.join(", ")}).`);
      return chosen;
    },
    snowflake: (body, field, required = false) => {
      const value = body[field] ?? undefined;
      if (value === undefined) {
        if (required) form.fail(field, "BASE_TYPE_REQUIRED", "This field is required");
        return undefined;
      }
      const text = String(value);
      if (!isSnowflake(text)) form.fail(field, "NUMBER_TYPE_COERCE", `Value "${text}" is not snowflake.`);
      return text;
    },
  };
  return form;
}

/** Discord counts code points (a Discord engineer, discord-api-docs issue 1315). */
function checkLength(form: Form, field: string, of: { value: string; min: number; max: number }): void {
  const length = [...of.value].length;
  if (length >= of.min && length <= of.max) return;
  if (of.min > 0)
    form.fail(field, "BASE_TYPE_BAD_LENGTH", `Must be between ${of.min} and ${of.max} in length.`);
  else form.fail(field, "BASE_TYPE_MAX_LENGTH", `Must be ${of.max} or fewer in length.`);
}
