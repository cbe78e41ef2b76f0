import type { Statement, Steps, Value } from "../dialect.ts";
import { DATABASE_NOW, type PostgresPool } from "./postgres.ts";
import type { Account, Tally } from "../replicas.ts";

const say = (sql: string, ...values: Value[]): Statement => ({ sql, values });

/** What is known of a scope. */
interface Drawn {
  readonly times: readonly number[];
  /** The longest window that it is counted by. */
  readonly longest: number;
}

const LOCK = "SELECT draws, longest FROM tally WHERE scope = $1 FOR UPDATE";
const MAKE = "INSERT INTO tally (scope, draws, longest) VALUES ($1, '[]', 0) ON CONFLICT (scope) DO NOTHING";

/**
 * Counts draws in windows that slide, exactly: each scope's row holds the times of its draws that still count, and is locked while they
 * are counted. Rows are locked in the order of their names, so that no two draws wait for each other.
 */
export function postgresTally(pool: PostgresPool, now = DATABASE_NOW): Tally {
  function* draw(accounts: readonly Account[]): Steps<number> {
    const scopes = [...new Set(accounts.map(({ scope }) => scope))].sort();
    const known = new Map<string, Drawn>();
    for (const scope of scopes) known.set(scope, yield* locked(scope));
    // A statement of its own after the locks, which may have been waited for.
    const [clock] = yield say(`SELECT ${now} AS now`);
    const at = Number(clock?.["now"]);

    const waits = accounts.map((account) => waitFor(account, known.get(account.scope)?.times ?? [], at));
    const wait = Math.max(0, ...waits);
    if (wait > 0) return wait;
    for (const [scope, { times, longest }] of known) {
      const windows = accounts.filter((one) => one.scope === scope).map((one) => one.windowMs);
      const reach = Math.max(longest, ...windows);
      const draws = JSON.stringify([...times.filter((time) => time > at - reach), at]);
      yield say("UPDATE tally SET draws = $2, longest = $3 WHERE scope = $1", scope, draws, reach);
    }
    return 0;
  }
  return { draw: (accounts) => pool.tx(() => draw(accounts)) };
}

function* locked(scope: string): Steps<Drawn> {
  let [row] = yield say(LOCK, scope);
  if (!row) {
    yield say(MAKE, scope);
    [row] = yield say(LOCK, scope);
  }
  // Nothing else writes this column.
  return { times: JSON.parse(String(row?.["draws"])) as number[], longest: Number(row?.["longest"]) };
}

/** Milliseconds until the account has room: until the draw that leaves as many as may be falls out of the window. 0: it has. */
function waitFor({ most, windowMs }: Account, times: readonly number[], now: number): number {
  // A database's clock may be set back: what it drew then counts from now.
  const counting = times.map((time) => Math.min(time, now)).filter((time) => time > now - windowMs);
  const leaving = counting[counting.length - most];
  return leaving === undefined ? 0 : leaving + windowMs - now;
}
