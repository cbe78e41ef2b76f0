/**
 * What has not come true after so long never does. Much longer than anything takes on a busy machine, since how long it takes is no
 * test's question; shorter than the time limit of a test (vitest.config.ts), so that a failure says what was waited for.
 */
export const PATIENCE_MS = 30_000;

/** Waits until `read` gives something, and returns it; says what it waited for when it does not. */
export async function eventually<T>(
  what: string,
  read: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await read();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

/** Waits until `condition` holds; says what it waited for when it does not. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = PATIENCE_MS,
): Promise<void> {
  await eventually(what, condition, withinMs);
}
