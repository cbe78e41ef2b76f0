import { createHash } from "node:crypto";
import type { PostKey } from "../chat/platform.ts";
import type { Turn } from "../store/mailbox.ts";

/** A UUID that is the same for the same parts: an idempotency key that a crash cannot lose. RFC 9562, version 8. */
export function stableUuid(...parts: readonly string[]): string {
  const hex = createHash("sha256").update(parts.join("\n")).digest("hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The key of one page, or of the nudge. Made from the question's key, so that it is the same whatever database the turn is in. */
export function pageKey(turn: Pick<Turn, "id" | "message">, page: number, repeated: boolean): PostKey {
  const hash = createHash("sha256").update(turn.message.key).digest("hex").slice(0, 16);
  return { turn: turn.id, page, text: `${hash}-${page < 0 ? "nudge" : page.toString(36)}`, repeated };
}
