import pg from "pg";
import type { Log } from "../../log.ts";
import type { Dialect, Row, Steps } from "../dialect.ts";
import { isDead, lostRace, nameOf, postgresError } from "./error.ts";

/** PostgreSQL's clock in milliseconds: the same for all replicas. When the statement came, so that indexes can be searched by it. */
export const DATABASE_NOW = "CAST(extract(epoch FROM statement_timestamp()) * 1000 AS bigint)";

/** How many connections a process has for its statements. Each is held for milliseconds, never while a model or a platform is waited for. */
const CONNECTIONS = 10;
/** So many are made at the start and kept, so that seldom a message waits for one to be made. */
const READY = 4;
/** How long a new connection, or a free one, is waited for. */
const CONNECT_MS = 5_000;
/** After this long without an answer the connection is taken for dead. Long for a statement, short beside a lease. */
const ANSWER_MS = 10_000;
/** Idle connections are kept for so long: making one costs as much as several transactions. */
const IDLE_MS = 300_000;
/**
 * Whatever the server's defaults are. A process that is stopped inside a transaction, or cut off, must not keep its rows locked: the
 * server ends it.
 */
const BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 5000";
/** How often a transaction is begun before it is given up: others may win a lock, and connections may have died while idle. */
const TRIES = 3;
/** So many statements are prepared. There are fewer, but for those with a list in them, which are made anew for each length. */
const PREPARED = 200;

/**
 * The server would compile a statement that it takes for long, for a tenth of a second and more (postgresql.org/docs/current/jit-decision.html). Searches
 * say in which order rows are looked at, and stop long before what the server reckons with: none of ours is worth it. And it reckons with disks that take four
 * times as long for any page as for the next one, so that it would rather read whole tables than an index of them: where they have no moving parts, or
 * much is in memory, that is not so (postgresql.org/docs/current/runtime-config-query.html, random_page_cost). Servers before version 11 take neither.
 */
const RECKONING = "SET jit = off; SET random_page_cost = 1.1";

const INT8 = 20;
/** 64-bit integers are read as numbers: times and ids stay far below 2^53. */
export const NUMBERS: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text") =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** Connections to a PostgreSQL database. Everything rejects with `PatchcordError`, see `postgresError`. */
export interface PostgresPool {
  /** For messages: where the database is, without its password. */
  readonly name: string;
  /**
   * Runs one statement that is safe to repeat: it is repeated once when the connection turns out to be dead. Columns by position
   * where `arrays` is true.
   */
  one(sql: string, values: readonly unknown[], arrays?: boolean): Promise<unknown[]>;
  /** See `Dialect`. Where a connection dies at the very end, what was done may be stored all the same. */
  readonly tx: Dialect["tx"];
  /** Makes the connections that are kept ready. One that cannot be made is made when it is needed, or fails there. */
  readonly warm: () => Promise<void>;
  close(): Promise<void>;
}

/** Settings of every connection to the address, which is `postgres://…` with pg's parameters (node-postgres.com, Connecting). */
export function connectionTo(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    fallback_application_name: "patchcord",
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    types: NUMBERS,
  };
}

export interface PoolSize {
  /** How many connections there are at the most. */
  readonly connections?: number;
  /** How long an answer may take; 0 for as long as it takes. */
  readonly answerMs?: number;
}

/** Connects when it is first needed. */
export function openPool(url: string, log: Log, size: PoolSize = {}): PostgresPool {
  const name = nameOf(new pg.Client(connectionTo(url)));
  const pool = connecting(url, size, (what, error) => log.debug({ err: postgresError(name, error) }, what));
  const prepared = preparing();
  let closed: Promise<void> | undefined;

  return {
    name,
    one: async (sql, values, arrays = false) => {
      const query = { ...prepared(sql, values), ...(arrays && { rowMode: "array" }) };
      for (let tries = 1; ; tries += 1) {
        try {
          return (await pool.query(query)).rows as unknown[];
        } catch (error) {
          if (tries >= (isDead(error) ? 2 : TRIES) || !(isDead(error) || lostRace(error)))
            throw postgresError(name, error);
        }
      }
    },
    tx: async (steps) => {
      for (let tries = 1; ; tries += 1) {
        const ended = await transaction(pool, prepared, steps());
        if ("result" in ended) return ended.result;
        const { error, uncertain } = ended;
        const again = lostRace(error) || (isDead(error) && !uncertain);
        if (!again || tries >= TRIES) throw postgresError(name, error);
      }
    },
    warm: async () => {
      await Promise.allSettled(Array.from({ length: READY }, () => pool.query("SELECT 1")));
    },
    close: () => (closed ??= pool.end()),
  };
}

/** The driver's pool. `note`: is told what goes wrong with a connection that nobody uses. */
function connecting(
  url: string,
  { connections = CONNECTIONS, answerMs = ANSWER_MS }: PoolSize,
  note: (what: string, error: Error) => void,
): pg.Pool {
  const pool = new pg.Pool({
    ...connectionTo(url),
    query_timeout: answerMs,
    max: connections,
    min: Math.min(READY, connections),
    idleTimeoutMillis: IDLE_MS,
    verify: (client, done) =>
      client.query(RECKONING, (error) => {
        if (error) note("the server plans as it is set up to", error);
        done();
      }),
  });
  // Without listeners a connection that dies would end the process. Whoever uses it at that moment is told by the statement.
  pool.on("error", (error) => note("an idle connection was lost", error));
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

type Ended<T> = { readonly result: T } | { readonly error: unknown; readonly uncertain: boolean };

/** Runs the steps on one connection. `uncertain`: they may be stored or not, since the connection failed after it was told to commit. */
async function transaction<T>(pool: pg.Pool, prepared: Prepare, steps: Steps<T>): Promise<Ended<T>> {
  let client: pg.PoolClient | undefined;
  let uncertain = false;
  try {
    client = await pool.connect();
    await client.query(BEGIN);
    let step = steps.next();
    while (!step.done) {
      const { sql, values } = step.value;
      const { rows } = await client.query<Row>(prepared(sql, values));
      step = steps.next(rows);
    }
    uncertain = true;
    await client.query("COMMIT");
    client.release();
    return { result: step.value };
  } catch (error) {
    if (client) await giveBack(client, error);
    return { error, uncertain: uncertain && isDead(error) };
  }
}

/** After a failure: a connection that cannot even roll back is thrown away. */
async function giveBack(client: pg.PoolClient, error: unknown): Promise<void> {
  const failure = isDead(error)
    ? true
    : await client.query("ROLLBACK").then(
        () => false,
        () => true,
      );
  client.release(failure);
}

type Prepare = ReturnType<typeof preparing>;

/** Statements are prepared under a name of their own: planning costs more than most of them take to run. */
function preparing() {
  const names = new Map<string, string>();
  return (text: string, values: readonly unknown[]): pg.QueryConfig => {
    if (!names.has(text) && names.size < PREPARED) names.set(text, `patchcord_${names.size}`);
    const name = names.get(text);
    return { text, values: values.map(storable), ...(name !== undefined && { name }) };
  };
}

/** PostgreSQL's text holds any character but NUL. A person who types one sees the sign for what cannot be shown. */
function storable(value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value;
}

/** SQL at the end of a SELECT from the mailbox that locks several rows. */
export const LOCK_ALL = "ORDER BY place FOR UPDATE";

/** PostgreSQL's part of the mailbox. `now` is another clock in tests. */
export function postgresDialect(pool: PostgresPool, now = DATABASE_NOW): Dialect {
  return { now, lock: "FOR UPDATE", lockAll: LOCK_ALL, skip: "FOR UPDATE SKIP LOCKED", tx: pool.tx };
}
