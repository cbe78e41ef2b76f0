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

/** What the runs of one kind of question took. */
export interface Sampled {
  readonly name: string;
  readonly runs: readonly { readonly wall: number; readonly cpu: number }[];
  readonly stall: number;
}

/** Asks many times, each time with other values. `ask` answers with where the next page begins. */
export async function sampled(
  { name, query, deep = 1 }: Template,
  ask: (query: string, after?: string) => Promise<string | undefined | void>,
): Promise<Sampled> {
  const next: Random = random(11);
  const runs: Sampled["runs"][number][] = [];
  const begun = performance.now();
  const stalls = monitorEventLoopDelay({ resolution: 1 });
  stalls.enable();
  while (runs.length < RUNS && (runs.length < 3 || performance.now() - begun < PATIENCE_MS)) {
    const text = query(next);
    let after: string | undefined;
    for (let page = 1; page < deep; page += 1) after = (await ask(text, after)) ?? undefined;
    const began = used();
    await ask(text, after);
    runs.push(since(began));
  }
  stalls.disable();
  return { name, runs, stall: stalls.max / 1e6 };
}

export const asked = async (...of: Parameters<typeof sampled>) => timesOf(await sampled(...of));

export const timesOf = (kind: Sampled): Times => together(kind.name, [kind]);

/** Of questions of all these kinds, each as frequent as the next, however often it was asked here. */
export function together(name: string, kinds: readonly Sampled[]): Times {
  const rank = (what: "wall" | "cpu", share: number) =>
    rankOf(
      kinds.flatMap(({ runs }) => runs.map((run) => ({ took: run[what], weight: 1 / runs.length }))),
      share,
    );
  return {
    name,
    runs: kinds.reduce((sum, { runs }) => sum + runs.length, 0),
    median: rank("wall", 0.5),
    p99: rank("wall", 0.99),
    cpuMedian: rank("cpu", 0.5),
    cpuP99: rank("cpu", 0.99),
    stall: Math.max(...kinds.map(({ stall }) => stall)),
  };
}

export const used = () => ({ wall: performance.now(), cpu: process.cpuUsage() });

export function since(began: ReturnType<typeof used>) {
  const { user, system } = process.cpuUsage(began.cpu);
  return { wall: performance.now() - began.wall, cpu: (user + system) / 1_000 };
}

/** The least that this share of the weight took no longer than. */
function rankOf(times: readonly { readonly took: number; readonly weight: number }[], share: number): number {
  const sorted = times.toSorted((a, b) => a.took - b.took);
  let left = share * sorted.reduce((sum, { weight }) => sum + weight, 0);
  return (sorted.find(({ weight }) => (left -= weight) < 0) ?? sorted.at(-1))?.took ?? NaN;
}
