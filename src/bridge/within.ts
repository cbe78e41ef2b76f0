import type { Clock } from "../clock.ts";

/** Resolves when `work` does, or after `ms`, whichever is first. Rejects when `work` does so before. */
export async function within(clock: Clock, ms: number, work: Promise<unknown> | undefined): Promise<void> {
  const over = new AbortController();
  try {
    await Promise.race([work, clock.sleep(ms, over.signal).catch(() => undefined)]);
  } finally {
    over.abort();
  }
}
