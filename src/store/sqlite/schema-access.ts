import { sqliteCore, sql } from "../drizzle.ts";

const { index, integer, sqliteTable, text, uniqueIndex } = sqliteCore;

/* SQLite's tables of who may come in: the API's tokens and the console's sessions (tokens.ts, sessions.ts). */

export const apiToken = sqliteTable(
  "api_token",
  {
    id: integer().primaryKey(),
    name: text().notNull(),
    hash: text().notNull(),
    prefix: text().notNull(),
    place: text("place_query").notNull(),
    reads: text().notNull(),
    /** 0 or 1. */
    private: integer().notNull(),
    /** JSON: a list. */
    rights: text().notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at"),
    usedAt: integer("used_at"),
    revokedAt: integer("revoked_at"),
  },
  (t) => [
    uniqueIndex("api_token_hash").on(t.hash),
    uniqueIndex("api_token_name")
      .on(t.name)
      .where(sql`revoked_at IS NULL`),
  ],
);

export const session = sqliteTable(
  "session",
  {
    id: integer().primaryKey(),
    hash: text().notNull(),
    former: text(),
    person: text().notNull(),
    csrf: text().notNull(),
    openedAt: integer("opened_at").notNull(),
    usedAt: integer("used_at").notNull(),
    replacedAt: integer("replaced_at").notNull(),
    confirmedAt: integer("confirmed_at"),
  },
  (t) => [uniqueIndex("session_hash").on(t.hash), index("session_former").on(t.former)],
);

/** One row. */
export const cookieKey = sqliteTable("cookie_key", {
  id: integer().primaryKey(),
  key: text().notNull(),
});
