/** One SQL statement. `$1`, `$2`, … in the text stand for the values. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly Value[];
}

export type Value = string | number | null;
/**
 * What a driver gives back. PostgreSQL's 64-bit integers come as strings: read numbers with `Number`. SQLite's booleans come as 0
 * and 1: read them with `Boolean`.
 */
export type Row = Readonly<Record<string, Value | boolean>>;

/**
 * A transaction's body: yields statements, is given their rows, returns the result. A generator, because one body
 * has to serve both kinds of driver: SQLite runs it to its end in one go (an `await` inside the transaction would let
 * other work on the connection slip into it), PostgreSQL waits for each statement.
 */
export type Steps<T> = Generator<Statement, T, readonly Row[]>;

/** What the mailbox's SQL needs to know of a database. */
export interface Dialect {
  /** SQL: milliseconds since the epoch, an integer, by the clock that leases and delays go by. */
  readonly now: string;
  /** SQL at the end of a SELECT: locks its rows. Empty where a transaction shuts out all others anyway. */
  readonly lock: string;
  /** The same for several rows of the mailbox, in one order for all who lock several: so that no two wait for each other. */
  readonly lockAll: string;
  /** Locks like `lock`, and leaves out the rows that another transaction has locked. */
  readonly skip: string;
  /**
   * Runs the steps as one transaction, again from the start when others were in the way. Rejects with `PatchcordError`, and then
   * nothing of it is stored; only where the connection to a server fails at the very end, it may be stored all the same.
   */
  readonly tx: <T>(steps: () => Steps<T>) => Promise<T>;
}
