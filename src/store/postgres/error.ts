import pg from "pg";
import { asError, PatchcordError } from "../../errors.ts";

type Trouble = readonly [found: RegExp, code: string, advice: string];

const OTHER_TROUBLE = ["database_failed", "failed"] as const;
/**
 * By PostgreSQL's error codes (postgresql.org, "PostgreSQL Error Codes"), Node's for sockets, and the words of pg where it has no
 * code: what is wrong with the database, and what to do.
 */
const TROUBLE: readonly Trouble[] = [
  [/^28/, "database_refused", "refuses the user or the password: check DATABASE_URL"],
  [/^42501/, "database_refused", "does not give the user the rights it needs: grant them"],
  [/^3D000/, "database_missing", "does not exist: create it, or check the name in DATABASE_URL"],
  [
    /^25006/,
    "database_readonly",
    "cannot be written: it is a standby or set to read-only, name the primary in DATABASE_URL",
  ],
  [/^53100/, "database_full", "cannot grow: its disk is full, free some space"],
  [
    /^53300/,
    "database_busy",
    "has no connection left: raise its max_connections, or run fewer replicas on it",
  ],
  [/^(?:53|40|55P03|57014|timeout exceeded)/, "database_busy", "is too busy: it was tried in vain"],
  [/^XX00[12]/, "database_corrupt", "is damaged: put back a backup of it"],
  [
    /^(?:08|57P0|25P03|25P04|E[A-Z]+$|timeout|connection terminated|query read timeout|client (?:was|has)|.*tls|.*ssl|.*certificate)/i,
    "database_unreachable",
    "cannot be reached: check that it runs, and the host and port in DATABASE_URL",
  ],
];

/** Where the database is, for people to read: never its password. */
export function nameOf(client: pg.Client): string {
  return `postgres://${client.user ?? ""}@${client.host}:${client.port}/${client.database ?? ""}`;
}

/**
 * The error for `caught`, with a stable code. Of the driver's and drizzle's errors only code and message are kept: their other
 * parts quote what was to be stored.
 */
export function postgresError(name: string, caught: unknown): PatchcordError {
  const cause = rootOf(caught);
  if (cause instanceof PatchcordError) return cause;
  const found = codeOf(cause);
  const [, code, advice] = TROUBLE.find(([sign]) => sign.test(found) || sign.test(cause.message)) ?? [
    undefined,
    ...OTHER_TROUBLE,
  ];
  const said = [found, cause.message].filter((part) => part !== "").join(": ");
  return new PatchcordError(code, `The database ${name} ${advice}. (${said})`, { cause: new Error(said) });
}

/** Whether the connection is gone, so that another one may do better. */
export function isDead(caught: unknown): boolean {
  const cause = rootOf(caught);
  return postgresError("", cause).code === "database_unreachable";
}

/** Whether PostgreSQL gave the transaction up for another's sake: it may be repeated as it is. */
export function lostRace(caught: unknown): boolean {
  return ["40001", "40P01"].includes(codeOf(rootOf(caught)));
}

function rootOf(caught: unknown): Error {
  let error = asError(caught);
  const isSource = (one: Error) => one instanceof pg.DatabaseError || one instanceof PatchcordError;
  while (!isSource(error) && error.cause instanceof Error) error = error.cause;
  return error;
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}
