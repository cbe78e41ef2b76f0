import { randomBytes } from "node:crypto";
import { createRedactor, type Redactor } from "../admin/redact.ts";
import type { FileConfig } from "../config/file.ts";

/** So many random bytes make a key of HMAC-SHA-256 (RFC 2104, Keys). */
const KEY_BYTES = 32;

/** Takes out what the file says, besides what identifies anybody. A person's pseudonym is the same in all exports of this process, and says nothing in another. */
export function redactorFor({ admin }: FileConfig): Redactor {
  const patterns = admin.redact.map((pattern) => new RegExp(pattern, "giu"));
  return createRedactor({ key: randomBytes(KEY_BYTES), patterns });
}
