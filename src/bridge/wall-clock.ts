import type { Clock } from "../clock.ts";
import type { Health } from "./health.ts";

/** Between two looks the wall clock and the steady one may differ by so much: what is less is a correction, or a look that came late. */
const JUMP_MS = 60_000;
/** After so long without another jump the clock counts as well again. */
const STEADY_MS = 60_000;

/**
 * Tells the operator when the machine's clock jumps. Leases, delays and budgets do not go by it; what does is how old a message is, and until
 * when everything was heard. To be called every few seconds.
 */
export function createClockWatch({ clock, health }: { clock: Clock; health: Health }): () => void {
  let ahead = clock.now() - clock.monotonic();
  let jumpedAt = -Infinity;
  return () => {
    const at = clock.monotonic();
    const before = ahead;
    ahead = clock.now() - at;
    const jump = ahead - before;
    if (Math.abs(jump) >= JUMP_MS) {
      jumpedAt = at;
      health.report("clock", problemOf(jump));
    } else if (at - jumpedAt >= STEADY_MS) health.report("clock", undefined);
  };
}

function problemOf(jump: number): string {
  const minutes = Math.round(Math.abs(jump) / 60_000);
  const way = jump > 0 ? "forward" : "back";
  return (
    `This machine's clock went ${way} by ${minutes} min at once: it was set, or the machine slept. Check that its time is right and kept by NTP. ` +
    "Nothing is lost, but by a wrong clock a fresh question may only be offered to be answered, or an old one be answered unasked."
  );
}
