import type { Mailbox } from "../mailbox.ts";
import { CHANNEL, isFree, type Link } from "./link.ts";
import { DATABASE_NOW, LOCK_ALL, type PostgresPool } from "./postgres.ts";
import { postgresTally } from "./tally.ts";
import type { Control, Leases, Replicas, Word } from "../replicas.ts";

export interface ReplicaDeps {
  readonly pool: PostgresPool;
  readonly link: Link;
  readonly owner: string;
  /** Another clock in tests. */
  readonly now?: string;
}

/** What processes on one PostgreSQL database need of each other. */
export function postgresReplicas(deps: ReplicaDeps): Replicas {
  return {
    leases: leases(deps),
    control: control(deps),
    tally: postgresTally(deps.pool, deps.now),
    onLost: deps.link.onLost,
  };
}

/** A mailbox whose sweep at once takes over what processes held that are dead. */
export function withLiveness(mailbox: Mailbox, { pool, owner }: ReplicaDeps): Mailbox {
  const bury = `
    WITH dead AS MATERIALIZED (SELECT owner, lock FROM replica WHERE owner <> $1 AND ${isFree("lock")}),
      boxes AS MATERIALIZED (
        SELECT place FROM mailbox WHERE owner IN (SELECT owner FROM dead) ${LOCK_ALL}
      ),
      lapsed AS (UPDATE mailbox SET lease = 0 WHERE place IN (SELECT place FROM boxes)),
      dropped AS (DELETE FROM lease WHERE owner IN (SELECT owner FROM dead))
    DELETE FROM replica WHERE lock IN (SELECT lock FROM dead)`;
  return {
    ...mailbox,
    sweep: async (room) => {
      if (room > 0) await pool.one(bury, [owner]);
      return mailbox.sweep(room);
    },
  };
}

function leases({ pool, owner, now = DATABASE_NOW }: ReplicaDeps): Leases {
  const take = `
    INSERT INTO lease (name, owner, until) VALUES ($1, $2, ${now} + $3)
    ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
    WHERE lease.owner = excluded.owner OR lease.until <= ${now}
      OR EXISTS (SELECT 1 FROM replica WHERE replica.owner = lease.owner AND ${isFree("replica.lock")})
    RETURNING name`;
  return {
    take: async (name, ttlMs) => (await pool.one(take, [name, owner, ttlMs])).length > 0,
    drop: async (name) =>
      void (await pool.one("DELETE FROM lease WHERE name = $1 AND owner = $2", [name, owner])),
  };
}

/**
 * NOTIFY takes a lock of the whole database when its transaction commits: for the few words of control, never for each turn. This
 * process is told directly: it may have no link at the moment.
 */
function control({ pool, link, owner }: ReplicaDeps): Control {
  const listeners: ((word: Word) => void)[] = [];
  const hear = (word: Word) => {
    for (const listener of listeners) listener(word);
  };
  link.hear((payload) => {
    // What another version says in other words is not for this one.
    const [, turn, from] = /^stop (\d+) (.+)$/.exec(payload) ?? [];
    if (turn !== undefined && from !== owner) hear({ kind: "stop", turn: Number(turn) });
  });
  return {
    tell: async (word) => {
      hear(word);
      await pool.one("SELECT pg_notify($1, $2)", [CHANNEL, `${word.kind} ${word.turn} ${owner}`]);
    },
    hear: (listener) => void listeners.push(listener),
  };
}
