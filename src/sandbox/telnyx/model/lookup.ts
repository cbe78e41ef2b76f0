import type { Piece } from "../script.ts";
import type { Skill } from "./ask.ts";

/** An ask longer than this talks about something else. */
const LONGEST_ORDER = 60;
const ORDER = /\b(?:look (?:it|this|that|something) up|use (?:a|your) tools?)\b/iu;
/** About as long as a search takes. */
const AT_WORK_MS = 1_500;

/** Uses tools on demand, as a server that runs them by itself: their calls are told of, and their results are none of the caller's business. */
export const lookUp: Skill = ({ text }) => {
  if (text.length > LONGEST_ORDER || !ORDER.test(text)) return undefined;
  return [
    ...called("search_the_handbook", 1),
    ...called("read_page", 2),
    { kind: "text", text: "I searched the handbook and read a page of it: " },
    { kind: "text", text: "the telephone on the third floor is answered by whoever sits **nearest** to it." },
  ];
};

function called(name: string, order: number): readonly Piece[] {
  const item = { id: `fc_lookup_${order}`, call_id: `call_lookup_${order}`, type: "function_call", name };
  const at = { item_id: item.id, output_index: order - 1 };
  const event = (type: string, rest: object): Piece => ({ kind: "event", event: { type, ...at, ...rest } });
  return [
    event("response.output_item.added", { item: { ...item, arguments: "", status: "in_progress" } }),
    event("response.output_item.done", { item: { ...item, arguments: "{}", status: "completed" } }),
    { kind: "wait", ms: AT_WORK_MS },
  ];
}
