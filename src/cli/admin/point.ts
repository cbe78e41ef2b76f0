import { inert } from "../../admin/inert.ts";
import type { QueryError } from "../../admin/query/error.ts";
import { widthOf } from "../../discord/width.ts";
import { cut } from "./width.ts";

const MARGIN = "  ";

/** A wrong query for a terminal: each problem under the place that it is about, with what could stand there. */
export function pointedAt({ text, problems }: QueryError, width = 80): string {
  const blocks = problems.map(({ from, to, message, instead }) => {
    const lead = inert(text.slice(0, from));
    const place = inert(text.slice(from, to));
    // What stands far to the right is moved to where it can be seen.
    const room = Math.max(20, width - MARGIN.length);
    const shift = widthOf(lead) > room / 2 ? lead.length - fitting(lead, Math.floor(room / 2)).length : 0;
    const before = shift === 0 ? lead : `…${lead.slice(shift)}`;
    const line = cut(before + place + inert(text.slice(to)), room);
    const carets = Math.min(Math.max(1, widthOf(place)), Math.max(1, room - widthOf(before)));
    const better = instead === undefined ? "" : ` Did you mean ${inert(instead)}?`;
    return [
      MARGIN + line,
      MARGIN + " ".repeat(widthOf(before)) + "^".repeat(carets),
      inert(message) + better,
    ].join("\n");
  });
  return `${blocks.join("\n\n")}\n`;
}

/** The end of a text, as much of it as `width` columns hold. */
function fitting(text: string, width: number): string {
  const points = Array.from(text);
  let first = points.length;
  for (let used = 0; first > 0; first -= 1) {
    used += widthOf(points[first - 1] ?? "");
    if (used > width) break;
  }
  return points.slice(first).join("");
}
