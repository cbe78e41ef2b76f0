import { QueryError } from "../admin/query/error.ts";
import { asError, ConfigError, PatchcordError } from "../errors.ts";
import { redact } from "../log.ts";
import { pointedAt } from "./admin/point.ts";

/** Tells the operator on standard error what went wrong. Returns the exit code: 2 for what was asked wrongly (the query, the configuration), else 1. */
export function report(caught: unknown): 1 | 2 {
  const error = asError(caught);
  if (error instanceof ConfigError) {
    const problems = error.problems.map((problem) => `  - ${redact(problem)}`);
    console.error(["patchcord cannot start:", ...problems].join("\n"));
    return 2;
  }
  if (error instanceof QueryError) {
    process.stderr.write(redact(pointedAt(error, process.stderr.columns)));
    return 2;
  }
  if (error instanceof PatchcordError) console.error(redact(`patchcord: ${error.message} [${error.code}]`));
  else console.error(redact(`patchcord: ${error.stack ?? error.message}`));
  return 1;
}
