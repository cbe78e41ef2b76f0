import type { Forgotten } from "./forget.ts";
import { inert } from "./inert.ts";

const HERE = {
  forgotten: "forgotten here",
  would_be: "would be forgotten here",
  held: "kept, since it is on hold",
  open: "forgotten when its reply has ended",
} as const;
const THERE = {
  deleted: "deleted at Telnyx",
  none: "not at Telnyx",
  would_be: "would be deleted at Telnyx",
  kept: "kept at Telnyx",
  later: "at Telnyx later: it could not be reached",
} as const;

/** What became of a conversation that was to be forgotten, on one line. */
export function forgottenLine({ conversation, name, turns, heard, local, telnyx, why }: Forgotten): string {
  const count = turns === 1 ? "1 turn" : `${turns} turns`;
  const others = heard === 0 ? "" : ` and ${heard} heard ${heard === 1 ? "message" : "messages"}`;
  const because = why === undefined ? "" : ` (${why})`;
  const id = `${conversation.place}#${conversation.generation}`;
  return inert(`${name} (${id}): ${count}${others}, ${HERE[local]}, ${THERE[telnyx]}${because}`);
}
