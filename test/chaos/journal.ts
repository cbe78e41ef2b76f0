import { appendFileSync, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { StepLine } from "./child.ts";
import type { Trouble } from "./evidence.ts";
import type { NoteWait } from "./standstill.ts";

/** The time line of a run. It is on the disk as well, for whoever looks into a run that went wrong. */
export interface Journal {
  readonly troubles: readonly Trouble[];
  /** Notes a trouble. The function that it returns notes its end. */
  note(kind: string, detail?: string): () => void;
  /** Every step of every replica, in order. */
  steps(): readonly StepLine[];
  /** How many bytes of steps there are: it grows as long as anybody does anything. */
  length(): number;
  /** The machine kept the run itself waiting, and with it the twins and the wires. */
  readonly noteWait: NoteWait;
  /** Whenever anybody was kept waiting by the machine. */
  waits(): readonly Trouble[];
  /** The files that the replicas write their steps and waits to. */
  readonly stepsPath: string;
  readonly waitsPath: string;
}

export function createJournal(folder: string): Journal {
  const stepsPath = join(folder, "steps.jsonl");
  const waitsPath = join(folder, "waits.jsonl");
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
    waitsPath,
    noteWait: (at, until) => appendFileSync(waitsPath, `${JSON.stringify({ at, until, who: "the run" })}\n`),
    length: () => (existsSync(stepsPath) ? statSync(stepsPath).size : 0),
    steps: () => read(stepsPath) as readonly StepLine[],
    waits: () =>
      (read(waitsPath) as readonly Wait[]).map(({ at, until, who }) => ({
        at,
        until,
        kind: "kept waiting by the machine",
        detail: who,
      })),
  };
}

interface Wait {
  readonly at: number;
  readonly until: number;
  readonly who: string;
}

const read = (path: string): readonly unknown[] =>
  existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line): unknown => JSON.parse(line))
    : [];

/** How often each kind of trouble was there. */
export function countTroubles(troubles: readonly Trouble[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of troubles) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => a.localeCompare(b)));
}
