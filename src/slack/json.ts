/** Looks into JSON of unknown shape without ever throwing. */

export type Json = Readonly<Record<string, unknown>>;

const NOTHING: Json = {};

/** The object, or an empty one. */
export function record(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : NOTHING;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text, or undefined where there is none. An empty text is none. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
