import { postgresCore } from "../drizzle.ts";

const { bigint, index, pgTable, text } = postgresCore;

const number = (name: string) => bigint(name, { mode: "number" });

/* PostgreSQL's table of the audit: that of schema-audit.sqlite.ts, where the comments are. */
export const audit = pgTable(
  "audit",
  {
    seq: number("seq").primaryKey(),
    at: number("at").notNull(),
    who: text().notNull(),
    via: text().notNull(),
    what: text().notNull(),
    about: number("about"),
    rows: number("rows"),
    commitment: text().notNull(),
    previous: text().notNull(),
    hash: text().notNull(),
    salt: text(),
    content: text(),
  },
  (t) => [index("audit_who").on(t.who, t.seq), index("audit_what").on(t.what, t.seq)],
);
