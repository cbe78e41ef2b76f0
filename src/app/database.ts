import type { Health } from "../bridge/health.ts";
import type { Config } from "../config.ts";
import { asError, PatchcordError } from "../errors.ts";
import { isPostgres, type Opened } from "../store/open.ts";
import type { AppDeps, Parts } from "./parts.ts";

/** How long a start waits for a database server. It may be starting too; after that, the supervisor starts us again. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 2_000;
/** What may pass by itself. A file that cannot be opened does not come back. */
const PASSING = new Set(["database_unreachable", "database_busy"]);

/** Opens the database, and waits a while for a server that cannot be reached. Rejects with `PatchcordError`, which says what to do, or with `unwanted`'s reason. */
export async function openPatiently(
  { openDatabase }: Parts,
  config: Config,
  deps: AppDeps & { readonly health: Health },
): Promise<Opened> {
  const { clock, health, unwanted } = deps;
  const until = clock.monotonic() + (isPostgres(config.env.DATABASE_URL) ? PATIENCE_MS : 0);
  for (;;) {
    try {
      const database = await openDatabase(config, deps);
      health.report("database", undefined);
      return database;
    } catch (caught) {
      const error = asError(caught);
      const mayPass = error instanceof PatchcordError && PASSING.has(error.code);
      if (!mayPass || clock.monotonic() >= until) throw error;
      health.report(
        "database",
        "The database cannot be reached: the start waits for it, for a minute.",
        error,
      );
      await clock.sleep(RETRY_MS, unwanted);
    }
  }
}
