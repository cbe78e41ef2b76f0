import { widthOf } from "../../discord/width.ts";

/** What a terminal obeys, and what turns text around or is not seen; the joiner of emoji is none of that. */
const COMMANDS = /[\p{Cc}\u2028\u2029]|(?!\u200D)\p{Cf}/gu;

/** Text of others as a terminal may show it, on one line: no escape sequence, no line break, no turned direction survives. */
export function inert(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\t\n\r]+/g, " ")
    .replaceAll(COMMANDS, "");
}

/** The same for text of several lines, each of which stays one. */
export function inertLines(text: string): readonly string[] {
  return text.split(/\r\n|[\n\r]/).map(inert);
}

const CHARACTERS = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** As much of the text as `width` columns hold, with `…` in the last where something is missing. No character is split. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let [kept, used] = ["", 0];
  for (const { segment } of CHARACTERS.segment(text)) {
    const next = used + widthOf(segment);
    if (next > width - 1) break;
    [kept, used] = [kept + segment, next];
  }
  return `${kept}…`;
}

/** The text with blanks up to this width, on the left for numbers. */
export function padded(text: string, width: number, side: "left" | "right" = "right"): string {
  const blanks = " ".repeat(Math.max(0, width - widthOf(text)));
  return side === "left" ? blanks + text : text + blanks;
}
