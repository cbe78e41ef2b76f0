import type { Sort } from "./archive.ts";
import { PatchcordError } from "../errors.ts";

/** Where a page ended: what its last row was sorted by, and its number. */
export interface Cursor {
  readonly value: number;
  readonly id: number;
}

/** One letter says what was searched for, so that the end of one list is not taken for another's. */
export function writeCursor({ value, id }: Cursor, sought: string, { by, direction }: Sort): string {
  return Buffer.from(JSON.stringify([sought, by, direction, value, id])).toString("base64url");
}

/** Throws `PatchcordError` `cursor_invalid` for what this search did not give. It cannot lead to more than the search itself does: it is only where to go on. */
export function readCursor(text: string, sought: string, { by, direction }: Sort): Cursor {
  const [of, sorted, way, value, id, ...more] = listIn(text);
  const fits = of === sought && sorted === by && way === direction && more.length === 0;
  if (!fits || !isWhole(value) || !isWhole(id)) throw invalid();
  return { value, id };
}

/** The same where there is one order alone, that of the rows' numbers. */
export function writePlace(id: number, sought: string): string {
  return Buffer.from(JSON.stringify([sought, id])).toString("base64url");
}

/** Throws `cursor_invalid`. */
export function readPlace(text: string, sought: string): number {
  const [of, id, ...more] = listIn(text);
  if (of !== sought || !isWhole(id) || more.length > 0) throw invalid();
  return id;
}

function invalid(): PatchcordError {
  return new PatchcordError(
    "cursor_invalid",
    "The place to go on from is not one that this search gave: begin again without it.",
  );
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

function listIn(text: string): readonly unknown[] {
  if (text.length > 200) return [];
  try {
    const read: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return Array.isArray(read) ? read : [];
  } catch {
    return [];
  }
}
