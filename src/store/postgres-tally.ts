import type { Row, Statement, Steps, Value } from "./dialect.ts";
import { DATABASE_NOW, type PostgresPool } from "./postgres.ts";
import type { Account, Tally } from "./replicas.ts";

const say = (sql: string, ...values: Value[]): Statement => ({ sql, values });

/**
 * Counts draws in windows that slide, exactly: each scope's row holds the times of its draws that still count for anybody who draws on
 * it, and is locked while they are counted. Rows are locked in the order of their names, so that no two draws wait for each other.
 */
export function postgresTally(pool: PostgresPool, now = DATABASE_NOW): Tally {
  function* draw(accounts: readonly Account[]): Steps<number> {
    const scopes = [...new Set(accounts.map(({ scope }) => scope))].sort();
    const drawn = new Map<string, readonly number[]>();
    for (const scope of scopes) drawn.set(scope, timesIn(yield* locked(scope)));
    // A statement of its own after the locks, which may have been waited for.
    const [clock] = yield say(`SELECT ${now} AS now`);
    const at = Number(clock?.["now"]);

    const waits = accounts.map((account) => waitFor(account, drawn.get(account.scope) ?? [], at));
    const wait = Math.max(0, ...waits);
    if (wait > 0) return wait;
    for (const scope of scopes) {
      const longest = Math.max(...accounts.filter((one) => one.scope === scope).map((one) => one.windowMs));
      const counting = (drawn.get(scope) ?? []).filter((time) => time > at - longest);
      yield say("UPDATE tally SET draws = $2 WHERE scope = $1", scope, JSON.stringify([...counting, at]));
    }
    return 0;
  }
  return { draw: (accounts) => pool.tx(() => draw(accounts)) };
}

function* locked(scope: string): Steps<Row | undefined> {
  const lock = say("SELECT draws FROM tally WHERE scope = $1 FOR UPDATE", scope);
  const [row] = yield lock;
  if (row) return row;
  yield say("INSERT INTO tally (scope, draws) VALUES ($1, '[]') ON CONFLICT (scope) DO NOTHING", scope);
  const [made] = yield lock;
  return made;
}

/** Nothing else writes this column. */
function timesIn(row: Row | undefined): readonly number[] {
  return JSON.parse(String(row?.["draws"] ?? "[]")) as number[];
}

/** Milliseconds until the account has room: until the draw that leaves as many as may be falls out of the window. 0: it has. */
function waitFor({ most, windowMs }: Account, times: readonly number[], now: number): number {
  // A database's clock may be set back: what it drew then counts from now.
  const counting = times.map((time) => Math.min(time, now)).filter((time) => time > now - windowMs);
  const leaving = counting[counting.length - most];
  return leaving === undefined ? 0 : leaving + windowMs - now;
}
