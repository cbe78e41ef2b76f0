import type { ListedTurn } from "../admin.ts";

/** Why nothing is shown of what was said. */
export function unsaid({ status, readable }: Pick<ListedTurn, "status" | "readable">): string {
  if (status === "forgotten") return "This was forgotten.";
  return readable ? "There are no words here yet." : "Something was said here that is not yours to read.";
}
