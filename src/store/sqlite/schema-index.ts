import type { ChannelKind, MessageId, Place } from "../../chat/place.ts";
import type { NameField, TurnStatus } from "../archive.ts";
import { sqliteCore, sql } from "../drizzle.ts";
import type { TurnState } from "../mailbox.ts";

const { index, integer, primaryKey, sqliteTable, text, unique } = sqliteCore;

/*
 * SQLite's tables of the index: everything here follows from the tables of schema.sqlite.ts, and is written by the indexer alone. Names
 * are kept once and referred to by number, so that rows are short and a search that has to walk them is quick.
 */

/** A name that something has or had, and how it is compared. */
export const nameFacts = sqliteTable(
  "name_facts",
  {
    id: integer().primaryKey(),
    field: text().$type<NameField>().notNull(),
    name: text().notNull(),
    folded: text().notNull(),
    /** When a turn was last asked under it. */
    usedAt: integer("used_at").notNull(),
  },
  (t) => [
    unique("name_facts_name").on(t.field, t.name),
    index("name_facts_folded").on(t.field, t.folded),
    index("name_facts_used").on(t.field, t.usedAt),
  ],
);

/** Somebody who asked, in one workspace: platforms let people have other names in others. */
export const personFacts = sqliteTable(
  "person_facts",
  {
    id: integer().primaryKey(),
    platform: text().notNull(),
    workspaceId: text("workspace_id").notNull(),
    userId: text("user_id").notNull(),
    /** The newest name, and when it was seen. */
    name: integer().notNull(),
    namedAt: integer("named_at").notNull(),
  },
  (t) => [
    unique("person_facts_user").on(t.platform, t.workspaceId, t.userId),
    index("person_facts_id").on(t.userId),
    index("person_facts_name").on(t.name),
  ],
);

/** Every name of a person. */
export const personName = sqliteTable(
  "person_name",
  {
    person: integer().notNull(),
    name: integer().notNull(),
    at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.person, t.name] }), index("person_name_name").on(t.name)],
);

/** One place's generation, by its names as they are now, and the sums over its turns. */
export const conversationFacts = sqliteTable(
  "conversation_facts",
  {
    id: integer().primaryKey(),
    place: text().$type<Place>().notNull(),
    generation: integer().notNull(),
    platform: text().notNull(),
    workspaceId: text("workspace_id").notNull(),
    channelId: text("channel_id").notNull(),
    kind: text().$type<ChannelKind>().notNull(),
    threadId: text("thread_id"),
    telnyxId: text("telnyx_id"),
    workspace: integer(),
    channel: integer(),
    topic: integer(),
    parent: integer(),
    thread: integer(),
    startedBy: text("started_by").notNull(),
    startedByName: text("started_by_name").notNull(),
    startedAt: integer("started_at").notNull(),
    activeAt: integer("active_at").notNull(),
    turns: integer().notNull().default(0),
    open: integer().notNull().default(0),
    failed: integer().notNull().default(0),
    tokens: integer().notNull().default(0),
    cost: integer().notNull().default(0),
    /** How many turns' cost is known. */
    priced: integer().notNull().default(0),
    complete: integer().notNull().default(0),
  },
  (t) => [
    unique("conversation_facts_key").on(t.place, t.generation),
    index("conversation_facts_channel").on(t.channelId, t.activeAt),
    index("conversation_facts_workspace").on(t.workspaceId, t.activeAt),
    index("conversation_facts_thread").on(t.threadId),
    index("conversation_facts_telnyx").on(t.telnyxId),
    // With both ends of its time, so that a search for one passes over most in the index.
    index("conversation_facts_active").on(t.activeAt, t.id, t.startedAt, t.turns),
    index("conversation_facts_started").on(t.startedAt, t.id, t.activeAt, t.turns),
    index("conversation_facts_turns").on(t.turns, t.id),
    index("conversation_facts_tokens").on(t.tokens, t.id),
    index("conversation_facts_cost").on(sql`(case when priced = 0 then -1 else cost end)`, t.id),
    index("conversation_facts_complete").on(t.complete, t.id),
  ],
);

/** Every name of a conversation. `until` is null: it has it now. */
export const conversationName = sqliteTable(
  "conversation_name",
  {
    conversation: integer().notNull(),
    name: integer().notNull(),
    until: integer(),
  },
  (t) => [
    primaryKey({ columns: [t.conversation, t.name] }),
    index("conversation_name_name").on(t.name, t.conversation),
  ],
);

/** One turn, by its names as they were then. Times are what they are in `TurnFacts`. */
export const turnFacts = sqliteTable(
  "turn_facts",
  {
    id: integer().primaryKey(),
    conversation: integer().notNull(),
    messageId: text("message_id").$type<MessageId>().notNull(),
    person: integer().notNull(),
    user: integer("user_name").notNull(),
    workspace: integer(),
    channel: integer(),
    topic: integer(),
    parent: integer(),
    thread: integer(),
    state: text().$type<TurnState>().notNull(),
    status: text().$type<TurnStatus>().notNull(),
    model: text(),
    error: text(),
    detail: text(),
    inputTokens: integer("input_tokens"),
    outputTokens: integer("output_tokens"),
    reasoningTokens: integer("reasoning_tokens"),
    cachedTokens: integer("cached_tokens"),
    tokens: integer(),
    cost: integer(),
    at: integer().notNull(),
    settledAt: integer("settled_at"),
    firstText: integer("first_text"),
    complete: integer(),
    tries: integer().notNull(),
    /** The row of `place_scope` under which it is in the cells. Absent: it is in none yet. */
    scope: integer(),
  },
  (t) => [
    // All that conditions say of turns, so that those of a conversation are asked in one place.
    index("turn_facts_conversation").on(
      t.conversation,
      t.at,
      t.id,
      t.status,
      t.model,
      t.error,
      t.person,
      t.user,
      t.workspace,
      t.channel,
      t.topic,
      t.parent,
      t.thread,
      t.tokens,
      t.cost,
      t.complete,
      t.firstText,
      t.inputTokens,
      t.outputTokens,
    ),
    index("turn_facts_uncounted")
      .on(t.id)
      .where(sql`scope is null`),
    // With the conversation, so that those in which such turns are need not be looked up in the turns.
    index("turn_facts_at").on(t.at, t.id, t.conversation),
    index("turn_facts_person").on(t.person, t.at, t.id, t.conversation),
    index("turn_facts_status").on(t.status, t.at, t.id, t.conversation),
    index("turn_facts_model").on(t.model, t.at, t.id, t.conversation),
    index("turn_facts_error")
      .on(t.error, t.at, t.id, t.conversation)
      .where(sql`error is not null`),
    index("turn_facts_first_text")
      .on(t.firstText, t.id, t.conversation)
      .where(sql`first_text is not null`),
    index("turn_facts_tokens").on(
      sql`(case when tokens is null then -1 else tokens end)`,
      t.id,
      t.conversation,
    ),
    index("turn_facts_cost").on(sql`(case when cost is null then -1 else cost end)`, t.id, t.conversation),
    index("turn_facts_complete").on(
      sql`(case when complete is null then -1 else complete end)`,
      t.id,
      t.conversation,
    ),
  ],
);

/** One row: from this turn on the beginnings of words are in `turn_beginnings`. */
export const beginningsFrom = sqliteTable("beginnings_from", { turn: integer().primaryKey() });
