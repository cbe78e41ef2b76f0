import type { SQL } from "drizzle-orm";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { SQLiteUpdateSetSource } from "drizzle-orm/sqlite-core";
import type { Clock } from "../clock.ts";
import { PatchcordError } from "../errors.ts";
import { and, eq, overProxy, sql } from "./drizzle.ts";
import type { Claim } from "./mailbox.ts";
import { postgresError } from "./postgres/error.ts";
import type { PostgresPool } from "./postgres/postgres.ts";
import * as postgres from "./postgres/schema.ts";
import * as sqlite from "./sqlite/schema.ts";
import type { Attempt } from "./sqlite/sqlite.ts";

/** What the store's queries need to know of a database. */
export interface StoreDialect {
  readonly db: BetterSQLite3Database;
  readonly tables: typeof sqlite;
  readonly attempt: Attempt;
  /** SQL at the end of a SELECT: keeps its row from being written by others until the statement that it is in is through. */
  readonly share: SQL;
  /** One flat JSON object over another: what `newer` leaves out stays. */
  readonly mergeJson: (older: SQL, newer: SQL) => SQL;
}

export interface StoreDeps extends StoreDialect {
  readonly clock: Clock;
}

/** The store's part of SQLite: statements are one at a time, so that nothing needs to be kept from changing. */
export function sqliteStore(db: BetterSQLite3Database, attempt: Attempt): StoreDialect {
  return {
    db,
    tables: sqlite,
    attempt,
    share: sql``,
    mergeJson: (older, newer) => sql`json_patch(coalesce(${older}, '{}'), ${newer})`,
  };
}

type RowsOf<Tables> = {
  [Name in keyof Tables]: Tables[Name] extends { $inferSelect: infer Row } ? Row : never;
};
/** Does not compile for rows that are not what the queries expect. */
type TablesOf<Rows extends RowsOf<typeof sqlite>> = Rows extends never ? never : typeof sqlite;

/**
 * The store's part of PostgreSQL. The queries are written once, in the types of SQLite's drizzle; PostgreSQL's builds the same calls
 * into its own SQL. `TablesOf` checks that the tables hold the same; the contract tests check the rest.
 *
 * The fence needs `FOR SHARE`: a statement sees what was committed when it began, so that a write could pass while another takes the
 * place over, and be missed by the one who took it. With the mailbox's row locked, one waits for the other: either the write is
 * stored before the place changes hands, or it finds the new epoch and writes nothing.
 */
export function postgresStore(pool: PostgresPool): StoreDialect {
  const db = overProxy(async (text, values: unknown[], method) => ({
    rows: await pool.one(text, values, method === "all"),
  }));
  return {
    db: db as unknown as BetterSQLite3Database,
    tables: postgres as unknown as TablesOf<RowsOf<typeof postgres>>,
    attempt: async (work) => {
      try {
        return await work();
      } catch (caught) {
        throw postgresError(pool.name, caught);
      }
    },
    share: sql`for share`,
    mergeJson: (older, newer) => sql`(coalesce(${older}, '{}')::jsonb || ${newer}::jsonb)::text`,
  };
}

/** What the store's queries are made with. */
export interface QueryKit extends StoreDeps {
  /** The fence: true while the claim's epoch is its mailbox's. Takes the values `place` and `epoch`. */
  readonly holds: SQL;
  /** A row, while the claim with these values holds. */
  readonly holder: (values: Values) => Promise<readonly unknown[]>;
  readonly prepare: <Rows>(query: Preparable<Rows>) => (values: Values) => Promise<Rows>;
  /** For a write that has the fence in it and returns what it wrote. Rejects with `fenced` where the fence stopped it. */
  readonly prepareFenced: (
    query: Preparable<readonly unknown[]>,
  ) => (claim: Claim, values: Values) => Promise<void>;
}

/** What a prepared query is given, by the names in `given`. */
type Values = Record<string, unknown>;

export type TurnValues = SQLiteUpdateSetSource<typeof sqlite.turn>;

/** A drizzle query. Preparing it once is worth it: building one costs more than SQLite takes to run it. */
interface Preparable<Rows> {
  prepare(): { execute(values: Values): PromiseLike<Rows> };
}

/** A value that is given when the prepared query runs. */
export function given(name: string): SQL {
  return sql`${sql.placeholder(name)}`;
}

export function queryKit(deps: StoreDeps): QueryKit {
  const { db, attempt, tables, share } = deps;
  const { mailbox } = tables;
  const held = db
    .select({ epoch: mailbox.epoch })
    .from(mailbox)
    .where(and(eq(mailbox.place, given("place")), eq(mailbox.epoch, given("epoch"))));

  const prepare = <Rows>(query: Preparable<Rows>) => {
    const statement = query.prepare();
    return (values: Values) => attempt(() => statement.execute(values));
  };
  const holder = prepare(held);

  return {
    ...deps,
    holds: sql`exists (${held.getSQL()} ${share})`,
    holder,
    prepare,
    prepareFenced: (query) => {
      const write = prepare(query);
      return async ({ place, epoch }, values) => {
        const written = await write({ ...values, place, epoch });
        if (written.length > 0) return;
        // The fence, or a repeat that had nothing left to do. It is safe to ask afterwards which of the two it was.
        if ((await holder({ place, epoch })).length === 0) throw fenced({ place, epoch });
      };
    },
  };
}

/** A write that came too late: another has the place by now. */
export function fenced({ place }: Claim): PatchcordError {
  return new PatchcordError("fenced", `The claim on ${place} is over: nothing was written.`);
}
