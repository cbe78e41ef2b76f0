import type { Clock } from "../clock.ts";
import type { Row, Statement, Steps, Value } from "./dialect.ts";
import type { ArchiveDialect } from "./archive-dialect.ts";
import { storableText } from "./json.ts";
import type { NewToken, StoredToken, Tokens } from "./tokens.ts";

type TokenDialect = Pick<ArchiveDialect, "read" | "tx">;

const COLUMNS =
  "id, name, prefix, place_query, reads, private, rights, created_by, created_at, expires_at, used_at, revoked_at";
/** Milliseconds in which a use is the same as the one before. */
const SAME_MS = 60_000;

/** The API's tokens over either dialect. */
export function createTokens({ read, tx }: TokenDialect, clock: Clock): Tokens {
  const write = (sql: string, ...values: Value[]) =>
    tx(function* (): Steps<readonly Row[]> {
      return yield { sql, values };
    });
  return {
    add: async (token) => {
      const [row] = await tx(() => insert(token, clock.now()));
      return row && tokenOf(row);
    },
    find: async (hash) => {
      const [row] = await read(say(`SELECT ${COLUMNS} FROM api_token WHERE hash = $1`, hash));
      return row && tokenOf(row);
    },
    noteUse: async (id) => {
      const now = clock.now();
      const stale = "id = $2 AND (used_at IS NULL OR used_at <= $3)";
      // Looked up first, since on SQLite a transaction that may write waits for others that do.
      const due = await read(
        say(
          `SELECT id FROM api_token WHERE id = $1 AND (used_at IS NULL OR used_at <= $2)`,
          id,
          now - SAME_MS,
        ),
      );
      if (due.length > 0)
        await write(`UPDATE api_token SET used_at = $1 WHERE ${stale} RETURNING id`, now, id, now - SAME_MS);
    },
    list: async () => (await read(say(`SELECT ${COLUMNS} FROM api_token ORDER BY id DESC`))).map(tokenOf),
    revoke: async (name) => {
      const live = "name = $2 AND revoked_at IS NULL";
      const [row] = await write(
        `UPDATE api_token SET revoked_at = $1 WHERE ${live} RETURNING ${COLUMNS}`,
        clock.now(),
        storableText(name),
      );
      return row && tokenOf(row);
    },
  };
}

const say = (sql: string, ...values: Value[]): Statement => ({ sql, values });

function* insert(token: NewToken, now: number): Steps<readonly Row[]> {
  return yield say(
    `INSERT INTO api_token (name, hash, prefix, place_query, reads, private, rights, created_by, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING RETURNING ${COLUMNS}`,
    storableText(token.name),
    token.hash,
    token.prefix,
    storableText(token.where),
    token.reads,
    Number(token.private),
    JSON.stringify(token.rights),
    storableText(token.createdBy),
    now,
    token.expiresAt ?? null,
  );
}

function tokenOf(row: Row): StoredToken {
  const time = (name: string, column: string) =>
    row[column] === null ? {} : { [name]: Number(row[column]) };
  return {
    id: Number(row["id"]),
    name: String(row["name"]),
    prefix: String(row["prefix"]),
    where: String(row["place_query"]),
    reads: row["reads"] === "content" ? "content" : "metadata",
    private: Number(row["private"]) === 1,
    rights: JSON.parse(String(row["rights"])) as string[],
    createdBy: String(row["created_by"]),
    createdAt: Number(row["created_at"]),
    ...time("expiresAt", "expires_at"),
    ...time("usedAt", "used_at"),
    ...time("revokedAt", "revoked_at"),
  };
}
