import { widthOf } from "../../discord/width.ts";

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
