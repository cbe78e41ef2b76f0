import type { ChannelKind, MessageId, Place } from "../../chat/place.ts";
import type { NameField, TurnStatus } from "../archive.ts";
import { postgresCore, sql } from "../drizzle.ts";
import type { TurnState } from "../mailbox.ts";

const { bigint, customType, index, integer, pgTable, primaryKey, text, unique } = postgresCore;

/*
 * PostgreSQL's tables of the index. They are those of schema-index.sqlite.ts, column by column, where the comments are; and one more, for
 * which SQLite has a virtual table. What is compared by its beginning is collated by its bytes, as SQLite does it.
 */

const number = (name: string) => bigint(name, { mode: "number" });
const numbered = () => number("id").primaryKey().generatedAlwaysAsIdentity();
const bytewise = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });
const tsvector = customType<{ data: string }>({ dataType: () => "tsvector" });

export const nameFacts = pgTable(
  "name_facts",
  {
    id: numbered(),
    field: text().$type<NameField>().notNull(),
    name: text().notNull(),
    folded: bytewise().notNull(),
    usedAt: number("used_at").notNull(),
  },
  (t) => [
    unique("name_facts_name").on(t.field, t.name),
    index("name_facts_folded").on(t.field, t.folded),
    index("name_facts_used").on(t.field, t.usedAt),
  ],
);

export const personFacts = pgTable(
  "person_facts",
  {
    id: numbered(),
    platform: text().notNull(),
    workspaceId: text("workspace_id").notNull(),
    userId: text("user_id").notNull(),
    name: number("name").notNull(),
    namedAt: number("named_at").notNull(),
  },
  (t) => [
    unique("person_facts_user").on(t.platform, t.workspaceId, t.userId),
    index("person_facts_id").on(t.userId),
    index("person_facts_name").on(t.name),
  ],
);

export const personName = pgTable(
  "person_name",
  {
    person: number("person").notNull(),
    name: number("name").notNull(),
    at: number("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.person, t.name] }), index("person_name_name").on(t.name)],
);

export const conversationFacts = pgTable(
  "conversation_facts",
  {
    id: numbered(),
    place: text().$type<Place>().notNull(),
    generation: integer().notNull(),
    platform: text().notNull(),
    workspaceId: text("workspace_id").notNull(),
    channelId: text("channel_id").notNull(),
    kind: text().$type<ChannelKind>().notNull(),
    threadId: text("thread_id"),
    telnyxId: text("telnyx_id"),
    workspace: number("workspace"),
    channel: number("channel"),
    topic: number("topic"),
    parent: number("parent"),
    thread: number("thread"),
    startedBy: text("started_by").notNull(),
    startedByName: text("started_by_name").notNull(),
    startedAt: number("started_at").notNull(),
    activeAt: number("active_at").notNull(),
    turns: number("turns").notNull().default(0),
    open: number("open").notNull().default(0),
    failed: number("failed").notNull().default(0),
    tokens: number("tokens").notNull().default(0),
    cost: number("cost").notNull().default(0),
    priced: number("priced").notNull().default(0),
    complete: number("complete").notNull().default(0),
  },
  (t) => [
    unique("conversation_facts_key").on(t.place, t.generation),
    index("conversation_facts_channel").on(t.channelId, t.activeAt),
    index("conversation_facts_workspace").on(t.workspaceId, t.activeAt),
    index("conversation_facts_thread").on(t.threadId),
    index("conversation_facts_telnyx").on(t.telnyxId),
    index("conversation_facts_active").on(t.activeAt, t.id, t.startedAt, t.turns),
    index("conversation_facts_started").on(t.startedAt, t.id, t.activeAt, t.turns),
    index("conversation_facts_turns").on(t.turns, t.id),
    index("conversation_facts_tokens").on(t.tokens, t.id),
    index("conversation_facts_cost").on(sql`(case when priced = 0 then -1 else cost end)`, t.id),
    index("conversation_facts_complete").on(t.complete, t.id),
  ],
);

export const conversationName = pgTable(
  "conversation_name",
  {
    conversation: number("conversation").notNull(),
    name: number("name").notNull(),
    until: number("until"),
  },
  (t) => [
    primaryKey({ columns: [t.conversation, t.name] }),
    index("conversation_name_name").on(t.name, t.conversation),
  ],
);

export const turnFacts = pgTable(
  "turn_facts",
  {
    id: number("id").primaryKey(),
    conversation: number("conversation").notNull(),
    messageId: text("message_id").$type<MessageId>().notNull(),
    person: number("person").notNull(),
    user: number("user_name").notNull(),
    workspace: number("workspace"),
    channel: number("channel"),
    topic: number("topic"),
    parent: number("parent"),
    thread: number("thread"),
    state: text().$type<TurnState>().notNull(),
    status: text().$type<TurnStatus>().notNull(),
    model: text(),
    error: text(),
    detail: text(),
    inputTokens: number("input_tokens"),
    outputTokens: number("output_tokens"),
    reasoningTokens: number("reasoning_tokens"),
    cachedTokens: number("cached_tokens"),
    tokens: number("tokens"),
    cost: number("cost"),
    at: number("at").notNull(),
    settledAt: number("settled_at"),
    firstText: number("first_text"),
    complete: number("complete"),
    tries: integer().notNull(),
    scope: number("scope"),
  },
  (t) => [
    index("turn_facts_uncounted")
      .on(t.id)
      .where(sql`scope is null`),
    index("turn_facts_conversation").on(t.conversation, t.at),
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
    // With the column itself: else an index of an expression is not read without the turns' rows (postgresql.org, Index-Only Scans).
    index("turn_facts_tokens").on(
      sql`(case when tokens is null then -1 else tokens end)`,
      t.id,
      t.conversation,
      t.tokens,
    ),
    index("turn_facts_cost").on(
      sql`(case when cost is null then -1 else cost end)`,
      t.id,
      t.conversation,
      t.cost,
    ),
    index("turn_facts_complete").on(
      sql`(case when complete is null then -1 else complete end)`,
      t.id,
      t.conversation,
      t.complete,
    ),
  ],
);

/** The words of settled turns: which there are, and, for words in a row, all of them in their order, each between blanks. */
export const turnWords = pgTable(
  "turn_words",
  {
    turn: number("turn").primaryKey(),
    words: tsvector().notNull(),
    question: text().notNull(),
    answer: text().notNull(),
  },
  (t) => [index("turn_words_words").using("gin", t.words)],
);
