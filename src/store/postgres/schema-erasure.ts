import type { Place } from "../../chat/place.ts";
import { postgresCore } from "../drizzle.ts";
import type { WishStep } from "../erasure.ts";

const { bigint, integer, pgTable, primaryKey, text, unique } = postgresCore;

const number = (name: string) => bigint(name, { mode: "number" });

/* PostgreSQL's tables of what is to be forgotten: those of schema-erasure.sqlite.ts, where the comments are. */

export const forgetting = pgTable(
  "forgetting",
  {
    id: number("id").primaryKey().generatedAlwaysAsIdentity(),
    place: text().$type<Place>().notNull(),
    generation: integer().notNull(),
    person: text().notNull(),
    names: text().notNull(),
    before: number("before").notNull(),
    askedAt: number("asked_at").notNull(),
    step: text().$type<WishStep>().notNull().default("here"),
    runAt: number("run_at").notNull(),
    tries: integer().notNull().default(0),
  },
  (t) => [unique("forgetting_what").on(t.place, t.generation, t.person)],
);

export const legalHold = pgTable(
  "legal_hold",
  {
    place: text().$type<Place>().notNull(),
    generation: integer().notNull(),
    at: number("at").notNull(),
    by: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.place, t.generation] })],
);
