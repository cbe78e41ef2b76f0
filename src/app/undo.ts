export interface Undo {
  /** A step that undoes what was done last. */
  push(step: () => Promise<void> | void): void;
  /** Takes all steps, the last one first, whatever fails in between. Safe to call twice; rejects with the first failure. */
  run(): Promise<void>;
}

/** What was started, to be stopped in reverse. */
export function createUndo(): Undo {
  const steps: (() => Promise<void> | void)[] = [];
  let running: Promise<void> | undefined;
  const runAll = async () => {
    const failures: unknown[] = [];
    for (const step of steps.reverse())
      await (async () => step())().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  return {
    push: (step) => void steps.push(step),
    run: () => (running ??= runAll()),
  };
}
