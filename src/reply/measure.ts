import type { Limits } from "../chat/platform.ts";

/** What paging needs to know of a platform. */
export type PageLimits = Pick<Limits, "pageLength" | "unit" | "suits" | "files">;

/** The limits of a reply that is shown on pages alone. */
export function withoutFiles(limits: PageLimits): PageLimits {
  const { files: _files, ...others } = limits;
  return others;
}

type Unit = NonNullable<Limits["unit"]>;

/** No UTF-16 unit counts for more than this: NUL and half a pair are sent as U+FFFD, which has three bytes, and a whole pair has four. */
const MOST: Record<Unit, number> = { utf16: 1, "code points": 1, utf8: 3 };

/** The size of a text as the platform counts it. */
export function sizeOf(text: string, unit: Unit = "utf16"): number {
  if (unit === "utf16") return text.length;
  let size = 0;
  for (const character of text) size += sizeOfCharacter(character, unit);
  return size;
}

/** How many UTF-16 units of `text` fit into `room`. Never ends inside a code point, but where the unit is itself the half of one. */
export function fitting(text: string, room: number, unit: Unit = "utf16"): number {
  if (text.length * MOST[unit] <= room) return text.length;
  if (unit === "utf16") return room;
  let at = 0;
  let size = 0;
  for (const character of text) {
    size += sizeOfCharacter(character, unit);
    if (size > room) return at;
    at += character.length;
  }
  return at;
}

function sizeOfCharacter(character: string, unit: Unit): number {
  const code = character.codePointAt(0) ?? 0;
  if (unit !== "utf8") return unit === "utf16" ? character.length : 1;
  if (code === 0) return 3; // sent as U+FFFD
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
}
