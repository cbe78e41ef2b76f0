import { createHash, timingSafeEqual } from "node:crypto";

/** Whether two secrets are the same. How long it takes tells nothing of where they differ, nor how long either is. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

const digest = (secret: string) => createHash("sha256").update(secret).digest();
