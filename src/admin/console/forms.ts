import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { PatchcordError } from "../../errors.ts";

export type Form = ReadonlyMap<string, string>;

/**
 * What a form of this session says. Throws `form_too_old` for one that is not of this session: another site may have sent it, or the session
 * is a newer one.
 */
export async function formOf(context: Context, csrf: string): Promise<Form> {
  const body = await context.req.parseBody();
  const form = new Map<string, string>();
  for (const [name, value] of Object.entries(body)) if (typeof value === "string") form.set(name, value);
  if (csrf === "" || !isSame(form.get("csrf") ?? "", csrf))
    throw new PatchcordError("form_too_old", "This form is too old. Load the page again, and send it again.");
  return form;
}

/** Takes the same time wherever they differ. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
