import { PatchcordError } from "../errors.ts";

/** When the newest migration was made: of those that the database has had (0: of none), and of those that this version brings. */
export interface Versions {
  readonly last: number;
  readonly known: number;
}

/** For whoever opens a database to bring it up to date. Throws `database_newer`. */
export function refuseNewer(name: string, { last, known }: Versions): void {
  if (last <= known) return;
  throw new PatchcordError(
    "database_newer",
    `The database ${name} was written by a newer patchcord: run that version, or put back the copy from before it.`,
  );
}

/** For whoever opens a database that a running bot may be using, and so must not change its tables. Throws `database_newer`, `database_older`, `database_missing`. */
export function expectSame(name: string, versions: Versions): void {
  refuseNewer(name, versions);
  if (versions.last === 0) throw missing(name);
  if (versions.last === versions.known) return;
  throw new PatchcordError(
    "database_older",
    `The database ${name} was written by an older patchcord: start the bot with this version, which brings it up to date, or use the command of that version.`,
  );
}

/** There is no such database, or nothing of ours in it. */
export function missing(name: string, cause?: unknown): PatchcordError {
  return new PatchcordError(
    "database_missing",
    `There is no patchcord database at ${name}: start the bot once, or set DATABASE_URL to the one that it uses.`,
    { cause },
  );
}
