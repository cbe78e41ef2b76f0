import { sqliteCore } from "../drizzle.ts";

const { index, integer, sqliteTable, text } = sqliteCore;

/*
 * SQLite's table of the audit. Triggers, which are written in its migration, let nothing but the next entry in, nothing out, and nothing be
 * changed but for salt and content, which can be erased together.
 */
export const audit = sqliteTable(
  "audit",
  {
    seq: integer().primaryKey(),
    at: integer().notNull(),
    who: text().notNull(),
    via: text().notNull(),
    what: text().notNull(),
    about: integer(),
    rows: integer(),
    /** HMAC-SHA-256 of the content, with the salt as its key. */
    commitment: text().notNull(),
    previous: text().notNull(),
    hash: text().notNull(),
    salt: text(),
    content: text(),
  },
  (t) => [index("audit_who").on(t.who, t.seq), index("audit_what").on(t.what, t.seq)],
);
