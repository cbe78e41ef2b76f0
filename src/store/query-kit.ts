import { and, eq, exists, sql, type SQL } from "drizzle-orm";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { SQLiteUpdateSetSource } from "drizzle-orm/sqlite-core";
import type { Clock } from "../clock.ts";
import { PatchcordError } from "../errors.ts";
import type { Claim } from "./mailbox.ts";
import * as tables from "./schema.sqlite.ts";
import type { Attempt } from "./sqlite.ts";

export interface StoreDeps {
  readonly db: BetterSQLite3Database;
  readonly clock: Clock;
  readonly attempt: Attempt;
}

/** What the store's queries are made with. A dialect's types, tables and SQL are named in this file and nowhere else. */
export interface QueryKit extends StoreDeps {
  readonly tables: typeof tables;
  /** The fence: true while the claim's epoch is its mailbox's. Takes the values `place` and `epoch`. */
  readonly holds: SQL;
  /** One flat JSON object over another: what `newer` leaves out stays. */
  readonly mergeJson: (older: SQL, newer: SQL) => SQL;
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

export type TurnValues = SQLiteUpdateSetSource<typeof tables.turn>;

/** A drizzle query. Preparing it once is worth it: building one costs more than SQLite takes to run it. */
interface Preparable<Rows> {
  prepare(): { execute(values: Values): PromiseLike<Rows> };
}

/** A value that is given when the prepared query runs. */
export function given(name: string): SQL {
  return sql`${sql.placeholder(name)}`;
}

/** The kit for SQLite. */
export function queryKit(deps: StoreDeps): QueryKit {
  const { db, attempt } = deps;
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
    tables,
    holds: exists(held),
    holder,
    mergeJson: (older, newer) => sql`json_patch(coalesce(${older}, '{}'), ${newer})`,
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
