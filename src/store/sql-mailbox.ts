import type { Message } from "../chat/message.ts";
import type { Place } from "../chat/place.ts";
import type { Clock } from "../clock.ts";
import type { Dialect, Row, Statement, Steps } from "./dialect.ts";
import { statementsOf, type Statements } from "./mailbox-sql.ts";
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
export function createMailbox(dialect: Dialect, deps: MailboxDeps): Mailbox {
  const { owner } = deps;
  const sql = statementsOf(dialect, LEASE_MS);
  const { add, next, sweep, renew } = transactions(sql, deps);
  const { reopen, askStop, askStopHere } = wishes(sql);
  return {
    add: (message, room, late = false) => dialect.tx(() => add(message, room, late)),
    next: (claim, settled) => dialect.tx(() => next(claim, settled)),
    sweep: async (room) => (room > 0 ? dialect.tx(() => sweep(room)) : []),
    reopen: (place, turn) => dialect.tx(() => reopen(place, turn)),
    askStop: (place, turn) => dialect.tx(() => askStop(place, turn)),
    askStopHere: (place) => dialect.tx(() => askStopHere(place)),
    renew: () => dialect.tx(() => renew()),
    handOver: () => dialect.tx(() => run(sql.letGoAll(owner))),
  };
}

function* run(statement: Statement): Steps<void> {
  yield statement;
}

function transactions(sql: Statements, { owner, clock }: MailboxDeps) {
  function* add(message: Message, room: boolean, late: boolean): Steps<Added> {
    yield sql.open(message.place, message.sentAt);
    const [stored] = yield sql.store(message, late, clock.now());
    if (!stored) return { kind: "seen" };
    const turn = Number(stored["id"]);
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
    yield sql.letGo(place, head ? Number(head["run_at"]) : null);
    return undefined;
  }

  function* sweep(room: number): Steps<readonly Claim[]> {
    const due = yield sql.takeDue(owner, room);
    const lapsed = yield sql.takeLapsed(owner, room - due.length);
    return [...due, ...lapsed].map(toClaim);
  }

  function* renew(): Steps<readonly Claim[]> {
    return (yield sql.renew(owner)).map(toClaim);
  }

  return { add, next, sweep, renew };
}

/** What people ask of a turn by its buttons. */
function wishes(sql: Statements) {
  function* reopen(place: Place, turn: number): Steps<boolean> {
    yield sql.lock(place);
    const [reopened] = yield sql.reopen(turn, place);
    if (reopened) yield sql.wake(place);
    return reopened !== undefined;
  }

  function* askStop(place: Place, turn: number): Steps<boolean> {
    const [asked] = yield sql.askStop(turn, place);
    return asked !== undefined;
  }

  function* askStopHere(place: Place): Steps<number | undefined> {
    const [asked] = yield sql.askStopHere(place);
    return asked && Number(asked["id"]);
  }

  return { reopen, askStop, askStopHere };
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
    late: Boolean(row["late"]),
    stopAsked: Boolean(row["stop_asked"]),
    ...(row["generation"] !== null && { generation: Number(row["generation"]) }),
    ...(row["input"] !== null && { input: String(row["input"]) }),
    ...(row["text"] !== null && { text: String(row["text"]) }),
    ...(row["incomplete"] !== null && { incomplete: String(row["incomplete"]) }),
  };
}
