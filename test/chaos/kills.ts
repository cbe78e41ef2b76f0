import { join } from "node:path";
import type { Run } from "./run-kit.ts";
import { allSettled } from "./run-kit.ts";

export interface KillsReport {
  /** How many kills there were: one for each step that was tried. */
  readonly kills: number;
  /** The first step that a run never came to, so that it passed without a kill. Undefined: not all were tried. */
  readonly beyond?: number;
  /** What was asked at the last step did not come to its end. */
  readonly hangs: boolean;
}

/**
 * Kills a replica at its n-th step, for each n, in the middle of a small scenario, and waits until whoever is left or comes back has settled
 * everything. Ends when a run is too short to have an n-th step, or with the last of `steps`.
 */
export async function killAtEachStep(run: Run, steps: Iterable<number>): Promise<KillsReport> {
  let kills = 0;
  for (const step of steps) {
    await run.fleet.ready();
    const before = killsIn(run);
    const token = join(run.folder, `token-${step}`);
    for (const name of run.fleet.names) await run.fleet.order(name, { kind: "arm", step, token });
    playScenario(run);
    if (!(await allSettled(run))) return { kills, hangs: true };
    if (killsIn(run) === before) return { kills, beyond: step, hangs: false };
    kills += 1;
  }
  return { kills, hangs: false };
}

const killsIn = ({ journal }: Run) => journal.troubles.filter(({ kind }) => kind === "kill at a step").length;

/** Both platforms, a long answer of several pages on each with a follow-up behind it, and something that was said before. */
function playScenario({ people }: Run): void {
  const thread = people.slackThread();
  people.chat(thread);
  people.ask(thread, 8_000);
  people.ask(thread, 200);
  const channel = people.discordChannel();
  people.ask(channel, 4_500);
  people.ask(channel, 200);
}
