import { randomInt } from "node:crypto";
import pg from "pg";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { nameOf, postgresError } from "./error.ts";
import { connectionTo } from "./postgres.ts";

/** The first half of the advisory locks by which replicas are known to live. Any number, the same for ever. */
const LIVES = 4711;
/** Where processes tell each other things. */
export const CHANNEL = "patchcord";

/** How often the connection is asked whether it is there, and how long an answer may take. Together less than `GONE`. */
const PULSE_MS = 2_000;
const PULSE_ANSWER_MS = 4_000;
/**
 * A host that lost its power keeps its connection, and so its lock, until the server's system finds out: after 11 s with these, after
 * hours without (postgresql.org, Connections and Authentication, TCP Settings).
 */
const GONE = "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3";

/**
 * SQL: true while nobody holds the lock of the replica with this number, which is then held to the end of the transaction. Only a
 * connection that lives holds one.
 */
export const isFree = (lock: string) => `pg_try_advisory_xact_lock(${LIVES}, ${lock})`;

/**
 * A connection by which this process is known to live and is told things. It is made anew whenever it is lost. Behind a connection
 * pooler there is none, since a session there is not one's own: nothing is heard, and a process that died is found by its leases.
 */
export interface Link {
  hear(listener: (payload: string) => void): void;
  /** Calls back when others may have taken this process for dead. */
  readonly onLost: (callback: (why: Error) => void) => void;
  close(): Promise<void>;
}

export interface LinkDeps {
  readonly url: string;
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Log;
}

interface Session {
  /** Resolves when the connection is over, with the reason. */
  readonly over: Promise<Error>;
  readonly end: () => Promise<void>;
}

/** Resolves when the first try to connect is over. That one may fail: statements have connections of their own. */
export async function openLink(deps: LinkDeps): Promise<Link> {
  const { clock, log } = deps;
  const listeners: ((payload: string) => void)[] = [];
  const losers: ((why: Error) => void)[] = [];
  const closing = new AbortController();
  const tried = Promise.withResolvers<void>();

  const keep = async () => {
    for (let failures = 0; !closing.signal.aborted; failures += 1) {
      try {
        const session = await connect(deps, closing.signal, (payload) => {
          for (const listener of listeners) listener(payload);
        });
        tried.resolve();
        if (!session) return;
        failures = 0;
        const why = await session.over;
        if (closing.signal.aborted) return await session.end();
        // The end of a connection that hangs is not waited for: others may take over by now.
        void session.end();
        log.warn(
          { err: why },
          "the connection that shows that this process lives was lost: connecting again",
        );
        for (const loser of losers) loser(why);
      } catch (error) {
        const level = failures === 0 ? "warn" : "debug";
        log[level]({ err: error }, "there is no connection to show that this process lives: trying again");
      }
      tried.resolve();
      await clock.sleep(Math.min(5_000, 100 * 2 ** failures), closing.signal).catch(() => undefined);
    }
  };
  const kept = keep();
  await tried.promise;

  return {
    hear: (listener) => void listeners.push(listener),
    onLost: (callback) => void losers.push(callback),
    close: async () => {
      closing.abort(new Error("the database is closed"));
      await kept;
    },
  };
}

/** Connects, takes the lock, and is registered. Undefined: there is a pooler in between. */
async function connect(
  deps: LinkDeps,
  closing: AbortSignal,
  heard: (payload: string) => void,
): Promise<Session | undefined> {
  const client = new pg.Client({ ...connectionTo(deps.url), query_timeout: PULSE_ANSWER_MS });
  const name = nameOf(client);
  const over = Promise.withResolvers<Error>();
  client.on("error", (error) => over.resolve(postgresError(name, error)));
  client.on("end", () => over.resolve(postgresError(name, new Error("Connection terminated"))));
  client.on("notification", ({ channel, payload }) => channel === CHANNEL && heard(payload ?? ""));
  const end = () => client.end().catch(() => undefined);
  try {
    await client.connect();
    if (await isPooled(client)) {
      deps.log.warn(
        { database: name },
        "a connection pooler is in between: a process that dies is replaced after its lease, half a minute, and a Stop reaches no other process. Name the server itself in DATABASE_URL",
      );
      await end();
      return undefined;
    }
    await register(client, deps);
  } catch (error) {
    await end();
    throw postgresError(name, error);
  }
  void pulse(client, deps.clock, closing).then((why) => over.resolve(postgresError(name, why)));
  return { over: over.promise, end };
}

/** A pooler hands a session number out that is not the one of the server's session behind it. */
async function isPooled(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const { processID } = client as unknown as { processID: number };
  return rows[0]?.pid !== processID;
}

/** The lock first, then the row that names it: a row without its lock is a replica that died. */
async function register(client: pg.Client, { owner, log }: LinkDeps): Promise<void> {
  await client.query(GONE).catch((error: unknown) => log.debug({ err: error }, "no TCP keepalives"));
  const lock = randomInt(2 ** 31 - 1);
  const { rows } = await client.query<{ got: boolean }>("SELECT pg_try_advisory_lock($1, $2) AS got", [
    LIVES,
    lock,
  ]);
  if (!rows[0]?.got) throw new Error(`the lock ${lock} is taken`);
  await client.query(`LISTEN ${CHANNEL}`);
  await client.query(
    "INSERT INTO replica (owner, lock) VALUES ($1, $2) ON CONFLICT (owner) DO UPDATE SET lock = excluded.lock",
    [owner, lock],
  );
}

/** Asks until there is no answer, or until it is closed. Resolves with the reason. */
async function pulse(client: pg.Client, clock: Clock, closing: AbortSignal): Promise<unknown> {
  try {
    for (;;) {
      await clock.sleep(PULSE_MS, closing);
      await client.query("SELECT 1");
    }
  } catch (error) {
    return error;
  }
}
