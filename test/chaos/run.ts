// The chaos suite: `npm run chaos -- --turns N --replicas R --database sqlite|postgres --seed S`. Exits with 1 when anything is wrong.
import { asError } from "../../src/errors.ts";
import { FAILPOINTS, failpointsIn } from "./failpoints.ts";
import { factorNow } from "./clock.ts";
import { killAtEachStep } from "./kills.ts";
import { type Options, parseOptions, USAGE } from "./options.ts";
import { report } from "./report.ts";
import { type Run, type Verdict, withRun } from "./run-kit.ts";
import { turmoil } from "./turmoil.ts";

/** Prints what came of one part, and returns it. */
async function play(options: Options, title: string, work: (run: Run) => Promise<string>): Promise<Verdict> {
  const factor = options.factor || factorNow();
  print(
    `\n${title}: ${options.database}, replicas ${options.replicas}, seed ${options.seed}, ${factor} times as fast`,
  );
  const started = performance.now();
  const verdict = await withRun({ ...options, factor }, async (run) => print(await work(run)));
  print(report(verdict, performance.now() - started));
  return verdict;
}

/** Whether all is well, and, where every step was tried, every failpoint was among them. */
async function playKills(options: Options): Promise<boolean> {
  const { violations, evidence } = await play(options, "Kill at the n-th step", async (run) => {
    const { kills, beyond, hangs } = await killAtEachStep(run, everyStep(options.stride, timeFor(options)));
    const end = hangs
      ? "not settled after the last"
      : beyond === undefined
        ? "the time was up"
        : `step ${beyond} was never reached`;
    return `killed at ${kills} steps; ${end}`;
  });
  const hit = failpointsIn(evidence.steps);
  const missing = Object.keys(FAILPOINTS).filter((point) => !hit.has(point));
  if (missing.length > 0) print(`never killed at: ${missing.join(", ")}`);
  const isWhole = options.stride === 1 && options.minutes === 0;
  return violations.length === 0 && (!isWhole || missing.length === 0);
}

async function playTurmoil(options: Options): Promise<boolean> {
  const { violations } = await play(options, `${options.turns} turns in turmoil`, async (run) => {
    const ended = await turmoil(run, { ...options, until: timeFor(options) });
    return { whole: "all was asked", "time is up": "the time was up", stuck: "nothing went on any more" }[
      ended
    ];
  });
  return violations.length === 0;
}

/** Until when a part that begins now may go further, by `performance.now()`. */
const timeFor = ({ minutes }: Options) => (minutes === 0 ? Infinity : performance.now() + minutes * 60_000);

function* everyStep(stride: number, until: number): Generator<number> {
  for (let step = 1; performance.now() < until; step += stride) yield step;
}

/** Returns the exit code. */
async function main(): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(process.argv.slice(2));
  } catch (error) {
    print(`${asError(error).message}\n\n${USAGE}`);
    return 2;
  }
  const kills = options.part === "turmoil" || (await playKills(options));
  const storms = options.part === "kills" || (await playTurmoil(options));
  return kills && storms ? 0 : 1;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

// By an exit of its own: the embedded PostgreSQL has a hook that ends any other with 0.
process.exit(await main());
