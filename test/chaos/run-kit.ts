import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "./checker.ts";
import { type Ledger, sqliteLedger } from "./database.ts";
import type { Evidence } from "./evidence.ts";
import { createFleet, type Fleet } from "./fleet.ts";
import { gather } from "./gather.ts";
import { createJournal, type Journal } from "./journal.ts";
import { createPeople, type People } from "./people.ts";
import { postgresLedger } from "./postgres.ts";
import { createRandom, type Random } from "./random.ts";
import { watchTimer } from "./standstill.ts";
import { tell } from "./story.ts";
import { rest } from "./until.ts";
import { until } from "../eventually.ts";
import type { Violation } from "./violation.ts";
import { openWorld, type World } from "./world.ts";

/** Everything that a run is made of. */
export interface Run {
  readonly world: World;
  readonly people: People;
  readonly ledger: Ledger;
  readonly fleet: Fleet;
  readonly journal: Journal;
  readonly random: Random;
  /** For what the run leaves on the disk. */
  readonly folder: string;
}

export interface RunOptions {
  readonly database: "sqlite" | "postgres";
  readonly replicas: number;
  readonly seed: number;
  /** How many times as fast as real time the bot and the twins live. */
  readonly factor: number;
}

/** What a run came to. */
export interface Verdict {
  readonly folder: string;
  readonly evidence: Evidence;
  readonly violations: readonly Violation[];
  readonly crashes: readonly string[];
  /** The violations, each with its story. */
  readonly stories: readonly string[];
}

/** Slack, and Discord's one shard. Before they were heard for the first time, nothing is missed. */
const PARTS = 2;

/** Sets everything up, lets `work` run, and checks what came of it. What is on the disk stays when something is wrong. */
export async function withRun(options: RunOptions, work: (run: Run) => Promise<void>): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), "patchcord-chaos-"));
  const run = await openRun(options, folder);
  const unwatch = watchTimer(options.factor, run.journal.noteWait);
  try {
    await run.fleet.up();
    await until(
      "it is noted that everything is heard",
      async () => (await run.ledger.parts()) >= PARTS,
      180_000,
    );
    await work(run);
    await run.fleet.down("SIGTERM");
    const evidence = await gather(run);
    const violations = check(evidence);
    const stories = violations.slice(0, 10).map((one) => tell(evidence, one));
    const verdict = { evidence, violations, crashes: run.fleet.crashes, stories, folder };
    if (violations.length === 0) rmSync(folder, { recursive: true });
    else
      writeFileSync(join(folder, "evidence.json"), JSON.stringify({ ...evidence, steps: [] }, undefined, 1));
    return verdict;
  } finally {
    unwatch();
    await run.fleet.down("SIGKILL");
    await run.ledger.close();
    await run.world.close();
  }
}

async function openRun(options: RunOptions, folder: string): Promise<Run> {
  const time = { since: Date.now(), factor: options.factor };
  const world = await openWorld(time);
  const ledger =
    options.database === "sqlite"
      ? sqliteLedger(join(folder, "chaos.db"), time)
      : await postgresLedger(folder, time);
  const journal = createJournal(folder);
  const names = Array.from({ length: options.replicas }, (_, index) => String.fromCodePoint(65 + index));
  const fleet = createFleet(
    names,
    {
      variables: { ...world.variables, DATABASE_URL: ledger.url },
      time,
      journal: journal.stepsPath,
      waits: journal.waitsPath,
      log: join(folder, "bot.log"),
    },
    journal,
  );
  return {
    world,
    people: createPeople(world),
    ledger,
    fleet,
    journal,
    random: createRandom(options.seed),
    folder,
  };
}

/** Nothing happens for so long: nothing comes any more. And what goes on for so long without an end has none. Real time. */
const QUIET_MS = 30_000;
const ENDLESS_MS = 600_000;

/** Waits until everything that was asked is stored and settled, as long as it goes on. False: it did not. */
export async function allSettled({ people, ledger, journal }: Run): Promise<boolean> {
  const begun = performance.now();
  let [length, moved] = [-1, begun];
  for (;;) {
    const { stored, open } = await ledger.progress();
    if (stored >= people.asks.length && open === 0) return true;
    const now = performance.now();
    if (journal.length() !== length) [length, moved] = [journal.length(), now];
    if (now - moved > QUIET_MS || now - begun > ENDLESS_MS) return false;
    await rest(20);
  }
}
