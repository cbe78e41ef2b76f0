import type { Place } from "../../chat/place.ts";
import { sqliteCore } from "../drizzle.ts";
import type { WishStep } from "../erasure.ts";

const { integer, primaryKey, sqliteTable, text, unique } = sqliteCore;

/* SQLite's tables of what is to be forgotten, and of what must not be. */

/** One conversation, or a part of it, that is to be forgotten. The row goes with its last step. */
export const forgetting = sqliteTable(
  "forgetting",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    place: text().$type<Place>().notNull(),
    generation: integer().notNull(),
    /** The id of the person whose turns are meant. Empty: everybody's. */
    person: text().notNull(),
    /** The names that the person had. JSON. */
    names: text().notNull(),
    /** Turns that were received before this time are meant. */
    before: integer().notNull(),
    askedAt: integer("asked_at").notNull(),
    step: text().$type<WishStep>().notNull().default("here"),
    /** From when it may be tried (again), and how often that failed. */
    runAt: integer("run_at").notNull(),
    tries: integer().notNull().default(0),
  },
  (t) => [unique("forgetting_what").on(t.place, t.generation, t.person)],
);

/** A conversation of which nothing may be forgotten. */
export const legalHold = sqliteTable(
  "legal_hold",
  {
    place: text().$type<Place>().notNull(),
    generation: integer().notNull(),
    at: integer().notNull(),
    by: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.place, t.generation] })],
);
