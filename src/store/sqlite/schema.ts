import type { MessageId, Place } from "../../chat/place.ts";
import { sqliteCore, sql } from "../drizzle.ts";
import type { TurnState } from "../mailbox.ts";

const { foreignKey, index, integer, primaryKey, sqliteTable, text } = sqliteCore;

/*
 * SQLite's tables. Times are milliseconds since the epoch; JSON is text. `drizzle-kit generate` turns a change
 * here into a migration. The indexes that claiming goes by hold runnable rows only, so that its cost does not
 * grow with the number of places and turns that are at rest.
 */

/** One row for each place that was ever addressed. It is the place's, not the conversation's: order holds across generations. */
export const mailbox = sqliteTable(
  "mailbox",
  {
    place: text().$type<Place>().primaryKey(),
    /** From when its head may run. Null: nothing waits. While somebody owns it: since when it is taken. */
    due: integer(),
    /** The process that runs it. */
    owner: text(),
    /** Until when the owner may run it without renewing. */
    lease: integer().notNull().default(0),
    /** The fence: grows each time it is taken or let go. */
    epoch: integer().notNull().default(0),
    /** When the first addressed message was sent: from then on the bot takes part here. */
    since: integer().notNull(),
    /** When the newest message that is no turn was sent. Here, since one may come before the place's conversation is opened. */
    gapAt: integer("gap_at"),
  },
  (t) => [
    index("mailbox_due")
      .on(t.due)
      .where(sql`due is not null and owner is null`),
    index("mailbox_lease")
      .on(t.lease)
      .where(sql`owner is not null`),
  ],
);

/** The tie between a place and a Telnyx conversation, one row a generation. */
export const conversation = sqliteTable(
  "conversation",
  {
    place: text()
      .$type<Place>()
      .notNull()
      .references(() => mailbox.place),
    generation: integer().notNull(),
    telnyxId: text("telnyx_id"),
    createKey: text("create_key").notNull(),
    createBody: text("create_body").notNull(),
    /** What was written at Telnyx as the conversation's metadata. JSON. */
    metadata: text().notNull(),
    instructed: integer({ mode: "boolean" }).notNull().default(false),
    seenId: text("seen_id").$type<MessageId>(),
    seenAt: integer("seen_at"),
    createdAt: integer("created_at").notNull(),
    linkedAt: integer("linked_at"),
    /** It is gone, or to be: the place's next message opens its next generation. */
    goneAt: integer("gone_at"),
    /** The index has it as it is. */
    indexed: integer({ mode: "boolean" }).notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.place, t.generation] }),
    index("conversation_unindexed")
      .on(t.place, t.generation)
      .where(sql`indexed = false`),
  ],
);

/** One addressed message and the reply to it. Open as long as `settledAt` is null. */
export const turn = sqliteTable(
  "turn",
  {
    /** Never used again: the keys of posts are made from it. */
    id: integer().primaryKey({ autoIncrement: true }),
    place: text()
      .$type<Place>()
      .notNull()
      .references(() => mailbox.place),
    messageKey: text("message_key").notNull().unique("turn_message_key"),
    /** The `Message`. JSON. */
    message: text().notNull(),
    /** When the message was sent, by its platform's clock. */
    sentAt: integer("sent_at").notNull().default(0),
    runAt: integer("run_at").notNull(),
    /** How often it was handed out. */
    tries: integer().notNull().default(0),
    state: text().$type<TurnState>().notNull().default("received"),
    /** It came too late to be answered unasked. */
    late: integer({ mode: "boolean" }).notNull().default(false),
    /** Somebody asked for it to end. */
    stopAsked: integer("stop_asked", { mode: "boolean" }).notNull().default(false),
    generation: integer(),
    input: text(),
    /** What was asked for, its `Price` and the `Settings` that held when it was sent to the model. The latter two are JSON. */
    model: text(),
    price: text(),
    settings: text(),
    text: text(),
    /** `Usage`. JSON. */
    usage: text(),
    incomplete: text(),
    error: text(),
    receivedAt: integer("received_at").notNull(),
    callingAt: integer("calling_at"),
    firstTextAt: integer("first_text_at"),
    answeredAt: integer("answered_at"),
    settledAt: integer("settled_at"),
    /** When what was said was erased. */
    forgottenAt: integer("forgotten_at"),
    /** The index has it as it is. */
    indexed: integer({ mode: "boolean" }).notNull().default(false),
  },
  (t) => [
    foreignKey({
      columns: [t.place, t.generation],
      foreignColumns: [conversation.place, conversation.generation],
    }),
    // The mailbox's order: what was begun first, then by when it was sent.
    index("turn_open")
      .on(t.place, sql`(tries = 0)`, t.sentAt, t.id)
      .where(sql`settled_at is null`),
    index("turn_generation")
      .on(t.place, t.generation)
      .where(sql`generation is not null`),
    index("turn_unindexed")
      .on(t.id)
      .where(sql`indexed = false`),
  ],
);

/** One platform message of a turn's reply, counted from 0; -1: its nudge, behind the others. No id: it was about to be posted. */
export const page = sqliteTable(
  "page",
  {
    turn: integer()
      .notNull()
      .references(() => turn.id),
    index: integer().notNull(),
    id: text().$type<MessageId>(),
    intendedAt: integer("intended_at").notNull(),
    postedAt: integer("posted_at"),
  },
  (t) => [primaryKey({ columns: [t.turn, t.index] })],
);

/** Messages that were added to a conversation without being a turn of their own. */
export const heard = sqliteTable(
  "heard",
  {
    place: text().$type<Place>().notNull(),
    generation: integer().notNull(),
    messageKey: text("message_key").notNull(),
    at: integer().notNull(),
    /** Absent, as what follows: it was added before that was noted. It alone is absent as well once it is forgotten whose it is. */
    messageId: text("message_id").$type<MessageId>(),
    sentAt: integer("sent_at"),
    /** By whom it is; `FORGOTTEN` once that is forgotten. What it says is at Telnyx alone. */
    author: text(),
    authorName: text("author_name"),
  },
  (t) => [
    primaryKey({ columns: [t.place, t.generation, t.messageKey] }),
    index("heard_author").on(t.author),
    foreignKey({
      columns: [t.place, t.generation],
      foreignColumns: [conversation.place, conversation.generation],
    }),
  ],
);

/** What a place was called, and since when. */
export const whereabouts = sqliteTable(
  "whereabouts",
  {
    place: text().$type<Place>().notNull(),
    since: integer().notNull(),
    /** `Whereabouts`. JSON. */
    facts: text().notNull(),
    indexed: integer({ mode: "boolean" }).notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.place, t.since] }),
    index("whereabouts_unindexed")
      .on(t.place)
      .where(sql`indexed = false`),
  ],
);

/** Until when each part of a platform was heard without a gap. */
export const listened = sqliteTable(
  "listened",
  {
    platform: text().notNull(),
    part: text().notNull(),
    at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.platform, t.part] })],
);

/** Until when nobody listened to a platform: every place of it may have a gap. One row a platform, so that it costs the same for any number of places. */
export const deaf = sqliteTable("deaf", {
  platform: text().primaryKey(),
  at: integer().notNull(),
});
