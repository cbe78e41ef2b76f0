import type { Message } from "../chat/message.ts";
import type { Place } from "../chat/place.ts";
import type { Clock } from "../clock.ts";
import type { Dialect, Row, Statement, Steps, Value } from "./dialect.ts";
import type { Added, Claim, Mailbox, Settled, Turn, TurnState } from "./mailbox.ts";

/**
 * How long a claim lasts without `renew`. Renew each third of it; an owner that could not renew for half of it
 * has to stop its turns itself.
 */
export const LEASE_MS = 30_000;

export interface MailboxDeps {
  /** Names this process among all that share the database. */
  readonly owner: string;
  /** Only for the times that are stored to be shown: leases and delays go by the dialect's `now`. */
  readonly clock: Clock;
}

/** The mailbox over either dialect. `add` and `next` lock the place's row first: that lock is what puts its turns in order. */
export function createMailbox(dialect: Dialect, { owner, clock }: MailboxDeps): Mailbox {
  const sql = statementsOf(dialect);

  function* add(message: Message, room: boolean): Steps<Added> {
    yield sql.open(message.place, message.sentAt);
    yield sql.lock(message.place);
    const [known] = yield sql.find(message.key);
    if (known) return { kind: "seen" };
    const [stored] = yield sql.store(message, clock.now());
    const turn = Number(stored?.["id"]);
    const [taken] = room ? yield sql.takeIdle(owner, message.place) : [];
    if (taken) return { kind: "new", turn, claim: toClaim(taken) };
    yield sql.wake(message.place);
    return { kind: "new", turn };
  }

  function* next({ place, epoch }: Claim, settled?: Settled): Steps<Turn | undefined> {
    const [box] = yield sql.lock(place);
    if (!box || Number(box["epoch"]) !== epoch) return undefined;
    if (settled) yield sql.settle(place, settled, clock.now());
    // A statement of its own after the lock: PostgreSQL then sees every turn that was committed before it.
    const [head] = yield sql.head(place);
    if (head?.["ready"] === 1) {
      yield sql.handOut(Number(head["id"]));
      return toTurn(head);
    }
    yield sql.letGo(place, head?.["run_at"] ?? null);
    return undefined;
  }

  function* sweep(room: number): Steps<readonly Claim[]> {
    const due = yield sql.takeDue(owner, room);
    const lapsed = yield sql.takeLapsed(owner, room - due.length);
    return [...due, ...lapsed].map(toClaim);
  }

  function* run(statement: Statement): Steps<void> {
    yield statement;
  }

  return {
    add: (message, room) => dialect.tx(() => add(message, room)),
    next: (claim, settled) => dialect.tx(() => next(claim, settled)),
    sweep: async (room) => (room > 0 ? dialect.tx(() => sweep(room)) : []),
    renew: () => dialect.tx(() => run(sql.renew(owner))),
    handOver: () => dialect.tx(() => run(sql.letGoAll(owner))),
  };
}

const say =
  (sql: string) =>
  (...values: Value[]): Statement => ({ sql, values });

/** Every statement of the mailbox, for one dialect. */
function statementsOf({ now, lock, skip }: Dialect) {
  const take = `UPDATE mailbox SET owner = $1, lease = ${now} + ${LEASE_MS}, epoch = epoch + 1, due = ${now}`;
  const free = `owner = NULL, lease = 0, epoch = epoch + 1`;
  const takeWhere = (which: string) =>
    say(
      `${take} WHERE place IN (SELECT place FROM mailbox WHERE ${which} LIMIT $2 ${skip}) RETURNING place, epoch`,
    );

  const store = say(
    `INSERT INTO turn (place, message_key, message, received_at, run_at) VALUES ($1, $2, $3, $4, ${now})
     RETURNING id`,
  );
  const retry = say(
    `UPDATE turn SET run_at = ${now} + $3, error = $4 WHERE id = $1 AND place = $2 AND settled_at IS NULL`,
  );
  const finish = say(
    `UPDATE turn SET state = $3, error = $4, settled_at = $5 WHERE id = $1 AND place = $2 AND settled_at IS NULL`,
  );

  return {
    // Messages may come in another order than they were sent in: the earliest counts.
    open: say(
      `INSERT INTO mailbox (place, since) VALUES ($1, $2) ON CONFLICT (place) DO UPDATE SET since = excluded.since WHERE excluded.since < mailbox.since`,
    ),
    lock: say(`SELECT epoch FROM mailbox WHERE place = $1 ${lock}`),
    find: say(`SELECT id FROM turn WHERE message_key = $1`),
    store: (message: Message, at: number) => store(message.place, message.key, JSON.stringify(message), at),
    takeIdle: say(
      `${take} WHERE place = $2 AND owner IS NULL AND (due IS NULL OR due <= ${now}) RETURNING place, epoch`,
    ),
    // Where somebody owns it, there is nothing to do: the owner reads on before it lets go.
    wake: say(`UPDATE mailbox SET due = ${now} WHERE place = $1 AND owner IS NULL AND due IS NULL`),
    settle: (place: Place, settled: Settled, at: number) =>
      settled.kind === "retry"
        ? retry(settled.turn, place, settled.delayMs, settled.error)
        : finish(settled.turn, place, settled.kind, settled.error ?? null, at),
    head: say(
      `SELECT id, place, message, tries, state, generation, input, text, incomplete, run_at,
         CASE WHEN run_at <= ${now} THEN 1 ELSE 0 END AS ready
       FROM turn WHERE place = $1 AND settled_at IS NULL ORDER BY id LIMIT 1`,
    ),
    handOut: say(`UPDATE turn SET tries = tries + 1 WHERE id = $1`),
    letGo: say(`UPDATE mailbox SET ${free}, due = $2 WHERE place = $1`),
    letGoAll: say(`UPDATE mailbox SET ${free}, due = ${now} WHERE owner = $1`),
    takeDue: takeWhere(`owner IS NULL AND due <= ${now} ORDER BY due`),
    takeLapsed: takeWhere(`owner IS NOT NULL AND lease < ${now} ORDER BY lease`),
    renew: say(`UPDATE mailbox SET lease = ${now} + ${LEASE_MS} WHERE owner = $1`),
  };
}

function toClaim(row: Row): Claim {
  return { place: row["place"] as Place, epoch: Number(row["epoch"]) };
}

/** The casts hold for what `add` and the store wrote; nothing else writes these columns. */
function toTurn(row: Row): Turn {
  return {
    id: Number(row["id"]),
    place: row["place"] as Place,
    message: JSON.parse(String(row["message"])) as Message,
    tries: Number(row["tries"]),
    state: row["state"] as TurnState,
    ...(row["generation"] !== null && { generation: Number(row["generation"]) }),
    ...(row["input"] !== null && { input: String(row["input"]) }),
    ...(row["text"] !== null && { text: String(row["text"]) }),
    ...(row["incomplete"] !== null && { incomplete: String(row["incomplete"]) }),
  };
}
