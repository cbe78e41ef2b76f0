import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { ArchiveDialect } from "./archive-dialect.ts";
import type { Row, Statement, Steps, Value } from "./dialect.ts";
import { storableText } from "./json.ts";
import type { Sessions, StoredSession } from "./sessions.ts";

type SessionDialect = Pick<ArchiveDialect, "read" | "tx">;

const COLUMNS = "id, hash, former, person, csrf, opened_at, used_at, replaced_at, confirmed_at";
/** Milliseconds in which a use is the same as the one before. */
const SAME_MS = 60_000;
/** So many random bytes make a key of HMAC-SHA-256 (RFC 2104, Keys). */
const KEY_BYTES = 32;

const say = (sql: string, ...values: Value[]): Statement => ({ sql, values });

/** The console's sessions over either dialect. */
export function createSessions({ read, tx }: SessionDialect, clock: Clock): Sessions {
  const write = (sql: string, ...values: Value[]) =>
    tx(function* (): Steps<readonly Row[]> {
      return yield say(sql, ...values);
    });
  return {
    open: async ({ hash, person, csrf }) => {
      const insert = `INSERT INTO session (hash, person, csrf, opened_at, used_at, replaced_at)
        VALUES ($1, $2, $3, $4, $4, $4) RETURNING id`;
      await write(insert, hash, storableText(person), csrf, clock.now());
    },
    find: async (hash) => {
      const [row] = await read(say(`SELECT ${COLUMNS} FROM session WHERE hash = $1 OR former = $1`, hash));
      return row && sessionOf(row);
    },
    noteUse: async ({ id, hash }, confirm) => {
      const now = clock.now();
      // Looked up first, since on SQLite a transaction that may write waits for others that do.
      const due = `SELECT id FROM session WHERE id = $1 AND (used_at <= $2 OR ($3 = 1 AND confirmed_at IS NULL AND hash = $4))`;
      if ((await read(say(due, id, now - SAME_MS, Number(confirm), hash))).length === 0) return;
      const noted = `UPDATE session SET used_at = $1,
        confirmed_at = CASE WHEN $3 = 1 AND hash = $4 THEN coalesce(confirmed_at, $1) ELSE confirmed_at END
        WHERE id = $2 RETURNING id`;
      await write(noted, now, id, Number(confirm), hash);
    },
    replace: async ({ id, hash: from }, { hash, former }) => {
      const update = `UPDATE session SET hash = $1, former = $2, replaced_at = $3, confirmed_at = NULL
        WHERE id = $4 AND hash = $5 RETURNING id`;
      return (await write(update, hash, former, clock.now(), id, from)).length > 0;
    },
    close: async (id) => void (await write("DELETE FROM session WHERE id = $1 RETURNING id", id)),
    sweep: async ({ opened, used }) => {
      const over = "DELETE FROM session WHERE opened_at < $1 OR used_at < $2 RETURNING id";
      return (await write(over, opened, used)).length;
    },
    cookieKey: async () => {
      const made = randomBytes(KEY_BYTES).toString("base64url");
      await write(
        "INSERT INTO cookie_key (id, key) VALUES (1, $1) ON CONFLICT (id) DO NOTHING RETURNING id",
        made,
      );
      const [row] = await read(say("SELECT key FROM cookie_key WHERE id = 1"));
      return String(row?.["key"]);
    },
  };
}

function sessionOf(row: Row): StoredSession {
  return {
    id: Number(row["id"]),
    hash: String(row["hash"]),
    person: String(row["person"]),
    csrf: String(row["csrf"]),
    openedAt: Number(row["opened_at"]),
    usedAt: Number(row["used_at"]),
    replacedAt: Number(row["replaced_at"]),
    ...(row["former"] !== null && { former: String(row["former"]) }),
    ...(row["confirmed_at"] !== null && { confirmedAt: Number(row["confirmed_at"]) }),
  };
}
