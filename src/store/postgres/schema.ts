import type { MessageId, Place } from "../../chat/place.ts";
import { postgresCore, sql } from "../drizzle.ts";
import type { TurnState } from "../mailbox.ts";

const { bigint, boolean, foreignKey, index, integer, pgTable, primaryKey, text } = postgresCore;

/*
 * PostgreSQL's tables. The first seven are those of schema.sqlite.ts, column by column, where the comments are; a cast in
 * query-kit.ts stops compiling when they differ. JSON is text here too: `jsonb` refuses an escaped NUL, which messages may hold.
 */

const milliseconds = () => bigint({ mode: "number" });

export const mailbox = pgTable(
  "mailbox",
  {
    place: text().$type<Place>().primaryKey(),
    due: milliseconds(),
    owner: text(),
    lease: milliseconds().notNull().default(0),
    epoch: bigint({ mode: "number" }).notNull().default(0),
    since: milliseconds().notNull(),
    gapAt: bigint("gap_at", { mode: "number" }),
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

export const conversation = pgTable(
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
    metadata: text().notNull(),
    instructed: boolean().notNull().default(false),
    seenId: text("seen_id").$type<MessageId>(),
    seenAt: bigint("seen_at", { mode: "number" }),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    linkedAt: bigint("linked_at", { mode: "number" }),
    goneAt: bigint("gone_at", { mode: "number" }),
    indexed: boolean().notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.place, t.generation] }),
    index("conversation_unindexed")
      .on(t.place, t.generation)
      .where(sql`indexed = false`),
  ],
);

export const turn = pgTable(
  "turn",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    place: text()
      .$type<Place>()
      .notNull()
      .references(() => mailbox.place),
    messageKey: text("message_key").notNull().unique("turn_message_key"),
    message: text().notNull(),
    sentAt: bigint("sent_at", { mode: "number" }).notNull().default(0),
    runAt: bigint("run_at", { mode: "number" }).notNull(),
    tries: integer().notNull().default(0),
    state: text().$type<TurnState>().notNull().default("received"),
    late: boolean().notNull().default(false),
    stopAsked: boolean("stop_asked").notNull().default(false),
    generation: integer(),
    input: text(),
    model: text(),
    price: text(),
    settings: text(),
    text: text(),
    usage: text(),
    incomplete: text(),
    error: text(),
    receivedAt: bigint("received_at", { mode: "number" }).notNull(),
    callingAt: bigint("calling_at", { mode: "number" }),
    firstTextAt: bigint("first_text_at", { mode: "number" }),
    answeredAt: bigint("answered_at", { mode: "number" }),
    settledAt: bigint("settled_at", { mode: "number" }),
    forgottenAt: bigint("forgotten_at", { mode: "number" }),
    indexed: boolean().notNull().default(false),
  },
  (t) => [
    foreignKey({
      columns: [t.place, t.generation],
      foreignColumns: [conversation.place, conversation.generation],
    }),
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

export const page = pgTable(
  "page",
  {
    turn: bigint({ mode: "number" })
      .notNull()
      .references(() => turn.id),
    index: integer().notNull(),
    id: text().$type<MessageId>(),
    intendedAt: bigint("intended_at", { mode: "number" }).notNull(),
    postedAt: bigint("posted_at", { mode: "number" }),
  },
  (t) => [primaryKey({ columns: [t.turn, t.index] })],
);

export const heard = pgTable(
  "heard",
  {
    place: text().$type<Place>().notNull(),
    generation: integer().notNull(),
    messageKey: text("message_key").notNull(),
    at: milliseconds().notNull(),
    messageId: text("message_id").$type<MessageId>(),
    sentAt: bigint("sent_at", { mode: "number" }),
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

export const whereabouts = pgTable(
  "whereabouts",
  {
    place: text().$type<Place>().notNull(),
    since: milliseconds().notNull(),
    facts: text().notNull(),
    indexed: boolean().notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.place, t.since] }),
    index("whereabouts_unindexed")
      .on(t.place)
      .where(sql`indexed = false`),
  ],
);

export const listened = pgTable(
  "listened",
  {
    platform: text().notNull(),
    part: text().notNull(),
    at: milliseconds().notNull(),
  },
  (t) => [primaryKey({ columns: [t.platform, t.part] })],
);

export const deaf = pgTable("deaf", {
  platform: text().primaryKey(),
  at: milliseconds().notNull(),
});

/** A process that holds an advisory lock by the number `lock` for as long as it is connected. Lock free: it is dead. */
export const replica = pgTable("replica", {
  owner: text().primaryKey(),
  lock: integer().notNull().unique("replica_lock"),
});

/** Rights that one process at a time holds. */
export const lease = pgTable("lease", {
  name: text().primaryKey(),
  owner: text().notNull(),
  until: milliseconds().notNull(),
});

/** When a budget's scope was drawn on, as far back as the longest window reaches that it was ever drawn by. JSON, a list of times. */
export const tally = pgTable("tally", {
  scope: text().primaryKey(),
  draws: text().notNull(),
  longest: milliseconds().notNull(),
});
