import { inert } from "./inert.ts";

/* PURE: text of others, as much of it as a line holds. */

/** What is not seen, or only joins or marks what is (Unicode, Default_Ignorable_Code_Point; U+2800 is Braille's blank). */
const UNSEEN = /[\s\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const LONGEST_NAME = 80;
const CHARACTERS = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Text of others on one line, of at most so many characters as people count them. Takes no longer for a longer text. */
export function shortened(text: string, most: number): string {
  const line = inert(text.slice(0, most * 40)).trim();
  let [count, kept] = [0, 0];
  for (const { index } of CHARACTERS.segment(line)) {
    if (count === most - 1) kept = index;
    count += 1;
    if (count > most) return `${line.slice(0, kept)}…`;
  }
  return line;
}

/** Whether there is anything in it that people see. */
export const isSeen = (text: string) => text.replaceAll(UNSEEN, "") !== "";

/** The name, on one line, as far as it can be seen; without one that can be, `otherwise`. */
export function nameOr(name: string | undefined, otherwise: string): string {
  return shortened(name !== undefined && isSeen(name) ? name : otherwise, LONGEST_NAME);
}
