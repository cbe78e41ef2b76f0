import { html } from "hono/html";
import type { Clock } from "../../clock.ts";
import type { Admin, ListedTurn } from "../admin.ts";
import type { Viewer } from "../viewer.ts";
import { isLive, turnParts } from "./turn.ts";

/** So often it is looked how a reply stands: often enough to read along, and no burden. */
const LOOK_MS = 1_000;
/** Longer than any reply is written. Who still looks loads the page again. */
const LONGEST_MS = 15 * 60_000;

export interface Following {
  readonly admin: Admin;
  readonly clock: Clock;
  readonly bot: string;
  /** Asked before each look: who looks now. Undefined: they are no longer signed in. */
  readonly viewing: () => Promise<{ readonly viewer: Viewer } | undefined>;
  readonly signal: AbortSignal;
}

/** A turn as it grows: its article's content, each time that it is another one, until it has ended or may not be read any more. */
export async function* followed(turn: number, { admin, clock, bot, viewing, signal }: Following) {
  const until = clock.monotonic() + LONGEST_MS;
  let before = "";
  while (!signal.aborted && clock.monotonic() < until) {
    const viewer = (await viewing())?.viewer;
    const row: ListedTurn | undefined =
      viewer && (await admin.turns(viewer, { query: `turn:${turn}`, limit: 1 })).rows[0];
    if (!row) return;
    const now = String(await html`${turnParts(row, bot)}`);
    if (now !== before) yield now;
    before = now;
    if (!isLive(row)) return;
    // Rejects only when nobody looks any more, which ends the loop.
    await clock.sleep(LOOK_MS, signal).catch(() => {});
  }
}
