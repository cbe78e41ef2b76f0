import { QueryError } from "../admin/query/error.ts";
import { asError, ConfigError, PatchcordError } from "../errors.ts";
import { redact } from "../log.ts";
import { pointedAt } from "./admin/point.ts";
import type { Streams } from "./terminal.ts";

/** Tells the operator what went wrong. Returns the exit code: 2 for what was asked wrongly (the query, the configuration), else 1. */
export function report(caught: unknown, { stderr }: Pick<Streams, "stderr">): 1 | 2 {
  const error = asError(caught);
  const say = (text: string) => void stderr.write(`${redact(text)}\n`);
  if (error instanceof ConfigError) {
    const problems = error.problems.map((problem) => `  - ${problem}`);
    say(["patchcord cannot start:", ...problems].join("\n"));
    return 2;
  }
  if (error instanceof QueryError) {
    say(pointedAt(error, stderr.columns).trimEnd());
    return 2;
  }
  if (error instanceof PatchcordError) say(`patchcord: ${error.message} [${error.code}]`);
  else say(`patchcord: ${error.stack ?? error.message}`);
  return 1;
}
