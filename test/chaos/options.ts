import { parseArgs } from "node:util";

export interface Options {
  readonly turns: number;
  readonly replicas: number;
  readonly database: "sqlite" | "postgres";
  readonly seed: number;
  /** Which part runs. */
  readonly part: "kills" | "turmoil" | "both";
  /** Only faults of which the name begins so. Empty: all. */
  readonly faults: string;
  /** How many times as fast as in earnest. 0: as this machine bears. */
  readonly factor: number;
  /** Every so many steps is a kill tried. */
  readonly stride: number;
  /** After so many minutes no part goes further, and what was done is judged. 0: no limit. */
  readonly minutes: number;
}

export const USAGE = `npm run chaos -- [options]
  --turns N        questions that are asked while everything goes wrong (300)
  --replicas R     processes of the bot: 1 on sqlite, 1 or more on postgres
  --database D     sqlite (default) or postgres
  --seed S         what is asked and what goes wrong, in which order (a new one each time)
  --part P         kills, turmoil or both (default)
  --faults F       of the faults, only those whose names begin so: "freeze", "database"
  --factor F       so many times as fast as in earnest (as the machine bears: 8, 4 or 2)
  --stride K       kill at every K-th step only (1)
  --minutes M      after so long a part goes no further, and what was done is judged (0: no limit)`;

/** Throws with a sentence that says what is wrong. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      turns: { type: "string", default: "300" },
      replicas: { type: "string", default: "" },
      database: { type: "string", default: "sqlite" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      part: { type: "string", default: "both" },
      faults: { type: "string", default: "" },
      factor: { type: "string", default: "0" },
      stride: { type: "string", default: "1" },
      minutes: { type: "string", default: "0" },
    },
  });
  const database = oneOf("database", values.database, ["sqlite", "postgres"]);
  const replicas =
    values.replicas === "" ? (database === "sqlite" ? 1 : 2) : count("replicas", values.replicas);
  if (database === "sqlite" && replicas !== 1)
    throw new RangeError(
      "--replicas: an SQLite file is one process's own, so it is 1 with --database sqlite",
    );
  return {
    database,
    replicas,
    faults: values.faults,
    turns: count("turns", values.turns),
    seed: count("seed", values.seed),
    part: oneOf("part", values.part, ["kills", "turmoil", "both"]),
    factor: count("factor", values.factor),
    stride: Math.max(1, count("stride", values.stride)),
    minutes: count("minutes", values.minutes),
  };
}

function count(option: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new RangeError(`--${option} takes a whole number, not ${JSON.stringify(value)}`);
}

function oneOf<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new RangeError(`--${option} takes ${choices.join(" or ")}, not ${JSON.stringify(value)}`);
}
