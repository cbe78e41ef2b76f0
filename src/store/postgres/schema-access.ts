import { postgresCore, sql } from "../drizzle.ts";

const { bigint, index, pgTable, text, uniqueIndex } = postgresCore;

const number = (name: string) => bigint(name, { mode: "number" });
const id = () => number("id").primaryKey().generatedAlwaysAsIdentity();

/* PostgreSQL's tables of who may come in: those of schema-access.sqlite.ts, where the comments are. */

export const apiToken = pgTable(
  "api_token",
  {
    id: id(),
    name: text().notNull(),
    hash: text().notNull(),
    prefix: text().notNull(),
    place: text("place_query").notNull(),
    reads: text().notNull(),
    private: number("private").notNull(),
    rights: text().notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: number("created_at").notNull(),
    expiresAt: number("expires_at"),
    usedAt: number("used_at"),
    revokedAt: number("revoked_at"),
  },
  (t) => [
    uniqueIndex("api_token_hash").on(t.hash),
    uniqueIndex("api_token_name")
      .on(t.name)
      .where(sql`revoked_at IS NULL`),
  ],
);

export const session = pgTable(
  "session",
  {
    id: id(),
    hash: text().notNull(),
    former: text(),
    person: text().notNull(),
    csrf: text().notNull(),
    openedAt: number("opened_at").notNull(),
    usedAt: number("used_at").notNull(),
    replacedAt: number("replaced_at").notNull(),
    confirmedAt: number("confirmed_at"),
  },
  (t) => [uniqueIndex("session_hash").on(t.hash), index("session_former").on(t.former)],
);

export const cookieKey = pgTable("cookie_key", {
  id: number("id").primaryKey(),
  key: text().notNull(),
});
