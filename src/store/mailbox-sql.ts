import type { Message } from "../chat/message.ts";
import type { Place } from "../chat/place.ts";
import type { Dialect, Statement, Value } from "./dialect.ts";
import type { Settled } from "./mailbox.ts";

const say =
  (sql: string) =>
  (...values: Value[]): Statement => ({ sql, values });

export type Statements = ReturnType<typeof boxStatements> & ReturnType<typeof turnStatements>;

/** Every statement of the mailbox, for one dialect. */
export function statementsOf(dialect: Dialect, leaseMs: number): Statements {
  return { ...boxStatements(dialect, leaseMs), ...turnStatements(dialect) };
}

function boxStatements({ now, lock, lockAll, skip }: Dialect, leaseMs: number) {
  const take = `UPDATE mailbox SET owner = $1, lease = ${now} + ${leaseMs}, epoch = epoch + 1, due = ${now}`;
  const free = `owner = NULL, lease = 0, epoch = epoch + 1`;
  // Picked once and for all: PostgreSQL may run a sub-select with a limit several times, and lock more than its limit.
  const takeWhere = (which: string) =>
    say(
      `WITH picked AS MATERIALIZED (SELECT place FROM mailbox WHERE ${which} LIMIT $2 ${skip})
       ${take} WHERE place IN (SELECT place FROM picked) RETURNING place, epoch`,
    );
  const owned = `place IN (SELECT place FROM mailbox WHERE owner = $1 ${lockAll})`;

  return {
    // Messages may come in another order than they were sent in: the earliest counts. The row is locked also where it is left as it
    // is (postgresql.org, INSERT, ON CONFLICT).
    open: say(
      `INSERT INTO mailbox (place, since) VALUES ($1, $2) ON CONFLICT (place) DO UPDATE SET since = excluded.since WHERE excluded.since < mailbox.since`,
    ),
    lock: say(`SELECT epoch FROM mailbox WHERE place = $1 ${lock}`),
    takeIdle: say(
      `${take} WHERE place = $2 AND owner IS NULL AND (due IS NULL OR due <= ${now}) RETURNING place, epoch`,
    ),
    // Where somebody owns it, there is nothing to do: the owner reads on before it lets go.
    wake: say(`UPDATE mailbox SET due = ${now} WHERE place = $1 AND owner IS NULL AND due IS NULL`),
    letGo: say(`UPDATE mailbox SET ${free}, due = $2 WHERE place = $1`),
    letGoAll: say(`UPDATE mailbox SET ${free}, due = ${now} WHERE ${owned}`),
    takeDue: takeWhere(`owner IS NULL AND due <= ${now} ORDER BY due`),
    takeLapsed: takeWhere(`owner IS NOT NULL AND lease < ${now} ORDER BY lease`),
    renew: say(`UPDATE mailbox SET lease = ${now} + ${leaseMs} WHERE ${owned} RETURNING place, epoch`),
  };
}

function turnStatements({ now }: Dialect) {
  const store = say(
    `INSERT INTO turn (place, message_key, message, sent_at, late, received_at, run_at)
     VALUES ($1, $2, $3, $4, CAST($5 AS INTEGER) = 1, $6, ${now}) ON CONFLICT (message_key) DO NOTHING RETURNING id`,
  );
  const retry = say(
    `UPDATE turn SET run_at = ${now} + $3, error = $4, indexed = FALSE WHERE id = $1 AND place = $2 AND settled_at IS NULL`,
  );
  // A turn that is not late any more is not postponed: somebody asked for the answer while the offer was being posted.
  const finish = say(
    `UPDATE turn SET state = $3, error = $4, settled_at = $5, indexed = FALSE
     WHERE id = $1 AND place = $2 AND settled_at IS NULL AND ($3 <> 'postponed' OR late)`,
  );

  return {
    store: (message: Message, late: boolean, at: number) =>
      store(message.place, message.key, JSON.stringify(message), message.sentAt, late ? 1 : 0, at),
    settle: (place: Place, settled: Settled, at: number) =>
      settled.kind === "retry"
        ? retry(settled.turn, place, settled.delayMs, settled.error)
        : finish(settled.turn, place, settled.kind, settled.error ?? null, at),
    head: say(
      `SELECT id, place, message, tries, state, late, stop_asked, generation, input, text, incomplete, run_at,
         CASE WHEN run_at <= ${now} THEN 1 ELSE 0 END AS ready
       FROM turn WHERE place = $1 AND settled_at IS NULL ORDER BY (tries = 0), sent_at, id LIMIT 1`,
    ),
    reopen: say(
      `UPDATE turn SET state = 'received', late = FALSE, stop_asked = FALSE, tries = 0, run_at = ${now}, error = NULL, settled_at = NULL, indexed = FALSE
       WHERE id = $1 AND place = $2 AND late AND forgotten_at IS NULL AND (state = 'postponed' OR settled_at IS NULL) RETURNING id`,
    ),
    askStop: say(
      `UPDATE turn SET stop_asked = TRUE WHERE id = $1 AND place = $2 AND settled_at IS NULL RETURNING id`,
    ),
    askStopHere: say(
      `UPDATE turn SET stop_asked = TRUE WHERE id =
         (SELECT id FROM turn WHERE place = $1 AND settled_at IS NULL AND tries > 0 ORDER BY sent_at, id LIMIT 1) RETURNING id`,
    ),
    handOut: say(`UPDATE turn SET tries = tries + 1 WHERE id = $1`),
  };
}
