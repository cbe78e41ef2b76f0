import type { StoredSession } from "../../store/sessions.ts";

/** PURE: how long a session lives, and when its id is replaced. All times in milliseconds. */

/** Whoever is away from the console for so long signs in again. */
export const IDLE_MS = 2 * 3_600_000;
/** And everybody after so long: by then somebody may have been taken off a workspace. */
export const LONGEST_MS = 12 * 3_600_000;
/** An id that was copied is worth something for so long at the most, where its owner goes on. */
export const REPLACE_MS = 15 * 60_000;
/** Requests that were on their way when the id was replaced still come with the one before. */
export const GRACE_MS = 60_000;

/** What is to be done with a session that came with an id. */
export type Verdict =
  /** `confirm`: its newest id is seen for the first time. `replace`: it is time for another. */
  | { readonly kind: "good"; readonly confirm: boolean; readonly replace: boolean }
  /** Too old, or unused for too long. */
  | { readonly kind: "over" }
  /** An id came back that was replaced by one which is in use: two have the session, and one of them copied it. */
  | { readonly kind: "copied" };

/**
 * `hash`: of the id that came. The id before is good until the newest has come back, since the answer that brought it may have been lost, and for
 * a while after.
 */
export function judge(session: StoredSession, hash: string, now: number): Verdict {
  const { openedAt, usedAt, replacedAt, confirmedAt } = session;
  if (now - openedAt >= LONGEST_MS || now - usedAt >= IDLE_MS) return { kind: "over" };
  if (hash === session.hash)
    return { kind: "good", confirm: confirmedAt === undefined, replace: now - replacedAt >= REPLACE_MS };
  if (confirmedAt !== undefined && now - confirmedAt > GRACE_MS) return { kind: "copied" };
  return { kind: "good", confirm: false, replace: confirmedAt === undefined && now - replacedAt >= GRACE_MS };
}
