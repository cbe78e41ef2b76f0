// The chaos suite: `npm run chaos -- --turns N --replicas R --database sqlite|postgres --seed S`. Exits with 1 when anything is wrong.
import { asError } from "../../src/errors.ts";
import { killAtEachStep } from "./kills.ts";
import { type Options, parseOptions, USAGE } from "./options.ts";
import { report } from "./report.ts";
import { type Run, withRun } from "./run-kit.ts";
import { turmoil } from "./turmoil.ts";

/** How many times as fast as the real world the bot and the twins live here. */
const FACTOR = 8;

/** Prints what came of one part. Returns whether nothing is wrong. */
async function play(options: Options, title: string, work: (run: Run) => Promise<string>): Promise<boolean> {
  print(`\n${title}: ${options.database}, replicas ${options.replicas}, seed ${options.seed}`);
  const started = performance.now();
  let result = "";
  const verdict = await withRun({ ...options, factor: FACTOR }, async (run) => {
    result = await work(run);
  });
  print(result);
  print(report(verdict, performance.now() - started));
  return verdict.violations.length === 0;
}

function* everyStep(stride: number): Generator<number> {
  for (let step = 1; ; step += stride) yield step;
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
  let isWell = true;
  if (options.part !== "turmoil")
    isWell &&= await play(options, "Kill at the n-th step", async (run) => {
      const { kills, beyond } = await killAtEachStep(run, everyStep(options.stride));
      return `killed at ${kills} steps${beyond === undefined ? "; not settled after the last" : `; step ${beyond} was never reached`}`;
    });
  if (options.part !== "kills")
    isWell &&= await play(options, `${options.turns} turns in turmoil`, async (run) => {
      await turmoil(run, options);
      return "all was asked";
    });
  return isWell ? 0 : 1;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

// By an exit of its own: the embedded PostgreSQL has a hook that ends any other with 0.
process.exit(await main());
