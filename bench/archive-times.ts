import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Template } from "./archive-queries.ts";
import { type Random, random } from "./archive-world.ts";

/** Milliseconds: by the clock, and of this process's processor time, which other work on the machine does not change. */
export interface Times {
  readonly name: string;
  readonly runs: number;
  readonly median: number;
  readonly p99: number;
  readonly cpuMedian: number;
  readonly cpuP99: number;
  /** How long whatever else the process does had to wait at the most, over all runs. */
  readonly stall: number;
}

const RUNS = 100;
/** What is slow is not asked as often: no figure needs a hundred runs to be seen to miss its goal. */
const PATIENCE_MS = 2_000;

/** Asks many times, each time with other values. `ask` answers with where the next page begins. */
export async function asked(
  { name, query, deep = 1 }: Template,
  ask: (query: string, after?: string) => Promise<string | undefined | void>,
): Promise<Times> {
  const next: Random = random(11);
  const times: { readonly wall: number; readonly cpu: number }[] = [];
  const begun = performance.now();
  const stalls = monitorEventLoopDelay({ resolution: 1 });
  stalls.enable();
  while (times.length < RUNS && (times.length < 3 || performance.now() - begun < PATIENCE_MS)) {
    const text = query(next);
    let after: string | undefined;
    for (let page = 1; page < deep; page += 1) after = (await ask(text, after)) ?? undefined;
    const began = used();
    await ask(text, after);
    times.push(since(began));
  }
  stalls.disable();
  const [wall, cpu] = [times.map((time) => time.wall), times.map((time) => time.cpu)];
  return {
    name,
    runs: times.length,
    median: rank(wall, 0.5),
    p99: rank(wall, 0.99),
    cpuMedian: rank(cpu, 0.5),
    cpuP99: rank(cpu, 0.99),
    stall: stalls.max / 1e6,
  };
}

export const used = () => ({ wall: performance.now(), cpu: process.cpuUsage() });

export function since(began: ReturnType<typeof used>) {
  const { user, system } = process.cpuUsage(began.cpu);
  return { wall: performance.now() - began.wall, cpu: (user + system) / 1_000 };
}

function rank(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
