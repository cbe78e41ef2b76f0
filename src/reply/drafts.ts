import type { Cut } from "./pages.ts";
import { isBlank } from "./text.ts";

/** The last page while the text still grows. */
export function draftOf({ head, body, tail }: Cut): string {
  if (isBlank(body)) return "";
  return tail === "" ? `${head}${body.trimEnd()} …` : `${head}${body}${tail}\n…`;
}
