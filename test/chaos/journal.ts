import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { StepLine } from "./child.ts";
import type { Trouble } from "./evidence.ts";

/** The time line of a run. It is on the disk as well, for whoever looks into a run that went wrong. */
export interface Journal {
  readonly troubles: readonly Trouble[];
  /** Notes a trouble. The function that it returns notes its end. */
  note(kind: string, detail?: string): () => void;
  /** Every step of every replica, in order. */
  steps(): readonly StepLine[];
  /** The file that the replicas write their steps to. */
  readonly stepsPath: string;
}

export function createJournal(folder: string): Journal {
  const stepsPath = join(folder, "steps.jsonl");
  const write = (what: object) => appendFileSync(join(folder, "troubles.jsonl"), `${JSON.stringify(what)}\n`);

  const troubles: { -readonly [K in keyof Trouble]: Trouble[K] }[] = [];
  return {
    troubles,
    note: (kind, detail = "") => {
      const trouble = { at: Date.now(), until: Date.now(), kind, detail };
      troubles.push(trouble);
      write({ ...trouble, until: undefined });
      return () => {
        trouble.until = Date.now();
        if (trouble.until > trouble.at) write(trouble);
      };
    },
    stepsPath,
    steps: () =>
      readFileSync(stepsPath, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as StepLine),
  };
}

/** How often each kind of trouble was there. */
export function countTroubles(troubles: readonly Trouble[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of troubles) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => a.localeCompare(b)));
}
