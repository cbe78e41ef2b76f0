import { and, desc, eq, getTableColumns, inArray, isNull, lt, or, sql } from "./drizzle.ts";
import { storableJson, storableText } from "./json.ts";
import { fenced, given, type QueryKit } from "./query-kit.ts";
import type { Conversation, ConversationDraft, Store } from "./store.ts";

type Reading = Pick<Store, "takesPart" | "conversation" | "heard">;
type Opening = Pick<Store, "openConversation" | "linkConversation">;
type Marking = Pick<Store, "markSeen" | "markInstructed">;
type Hearing = Pick<Store, "markHeard">;
type Gaps = Pick<Store, "markGap" | "markDeaf">;
type Noting = Pick<Store, "noteWhereabouts">;
type Table = QueryKit["tables"]["conversation"];
type Row = Table["$inferSelect"] & { readonly gapAt: number | null };

const place = given("place");
const generation = given("generation");
const at = given("at");
const nothing = sql`null`;

export function conversationQueries(kit: QueryKit): Reading & Opening & Marking & Hearing & Gaps & Noting {
  return { ...reading(kit), ...opening(kit), ...marking(kit), ...hearing(kit), ...gaps(kit), ...noting(kit) };
}

function reading({ db, tables, prepare, attempt }: QueryKit): Reading {
  const { conversation, heard, mailbox, turn } = tables;
  const addressed = prepare(
    db
      .select({ place: mailbox.place })
      .from(mailbox)
      .where(and(eq(mailbox.place, place), lt(mailbox.since, at))),
  );
  const newest = prepare(
    db
      .select(fieldsOf(conversation))
      .from(conversation)
      .where(eq(conversation.place, place))
      .orderBy(desc(conversation.generation))
      .limit(1),
  );

  return {
    takesPart: async (place, at) => (await addressed({ place, at })).length > 0,
    conversation: async (place) => {
      const [row] = await newest({ place });
      return row && toConversation(row);
    },
    heard: async (place, generation, keys) => {
      if (keys.length === 0) return new Set();
      const added = db
        .select({ key: heard.messageKey })
        .from(heard)
        .where(
          and(eq(heard.place, place), eq(heard.generation, generation), inArray(heard.messageKey, [...keys])),
        );
      const sent = db
        .select({ key: turn.messageKey })
        .from(turn)
        .where(
          and(
            eq(turn.place, place),
            inArray(turn.messageKey, [...keys]),
            // A settled turn of another generation, or one that failed before it was sent, is not in this conversation.
            or(eq(turn.generation, generation), isNull(turn.settledAt)),
          ),
        );
      const rows = await attempt(() => added.union(sent));
      return new Set(rows.map((row) => row.key));
    },
  };
}

function opening({ db, tables, clock, holds, prepare, prepareFenced }: QueryKit): Opening {
  const { conversation, mailbox } = tables;
  const open = prepare(
    db
      .insert(conversation)
      .select((query) =>
        query
          .select({
            place: mailbox.place,
            generation: generation.as("generation"),
            telnyxId: nothing.as("telnyx_id"),
            createKey: given("createKey").as("create_key"),
            createBody: given("createBody").as("create_body"),
            metadata: given("metadata").as("metadata"),
            instructed: sql`false`.as("instructed"),
            seenId: given("seenId").as("seen_id"),
            seenAt: given("seenAt").as("seen_at"),
            createdAt: at.as("created_at"),
            linkedAt: nothing.as("linked_at"),
            goneAt: nothing.as("gone_at"),
            indexed: sql`false`.as("indexed"),
          })
          .from(mailbox)
          .where(and(eq(mailbox.place, place), holds)),
      )
      // An update that changes nothing: it returns the row that was there first.
      .onConflictDoUpdate({
        target: [conversation.place, conversation.generation],
        set: { place: sql`excluded.place` },
      })
      .returning(fieldsOf(conversation)),
  );
  const link = prepareFenced(
    db
      .update(conversation)
      .set({ telnyxId: given("telnyxId"), linkedAt: at, indexed: false })
      .where(and(eq(conversation.place, place), eq(conversation.generation, generation), holds))
      .returning({ place: conversation.place }),
  );

  return {
    openConversation: async (claim, draft) => {
      const [row] = await open({ ...valuesOf(draft), ...claim });
      if (!row) throw fenced(claim);
      return toConversation(row);
    },
    linkConversation: (claim, generation, telnyxId) => link(claim, { generation, telnyxId, at: clock.now() }),
  };
}

function valuesOf({ seen, metadata, ...facts }: ConversationDraft) {
  const { id: seenId = null, at: seenAt = null } = seen ?? {};
  return { ...facts, seenId, seenAt, metadata: JSON.stringify(metadata) };
}

function marking({ db, tables, holds, prepareFenced }: QueryKit): Marking {
  const { conversation } = tables;
  const theOne = and(eq(conversation.place, place), eq(conversation.generation, generation), holds);
  const returned = { place: conversation.place };

  const see = prepareFenced(
    db
      .update(conversation)
      .set({ seenId: given("id"), seenAt: at })
      .where(and(theOne, or(isNull(conversation.seenAt), lt(conversation.seenAt, at))))
      .returning(returned),
  );
  const instruct = prepareFenced(
    db.update(conversation).set({ instructed: true }).where(theOne).returning(returned),
  );
  return {
    markSeen: (claim, generation, { id, at }) => see(claim, { generation, id, at }),
    markInstructed: (claim, generation) => instruct(claim, { generation }),
  };
}

function hearing({ db, tables, clock, holds, prepareFenced }: QueryKit): Hearing {
  const { heard, mailbox } = tables;
  const hear = prepareFenced(
    db
      .insert(heard)
      .select((query) =>
        query
          .select({
            place: mailbox.place,
            generation: generation.as("generation"),
            messageKey: given("key").as("message_key"),
            at: at.as("at"),
            messageId: given("id").as("message_id"),
            sentAt: given("sentAt").as("sent_at"),
            author: given("author").as("author"),
            authorName: given("authorName").as("author_name"),
          })
          .from(mailbox)
          .where(and(eq(mailbox.place, place), holds)),
      )
      .onConflictDoNothing()
      .returning({ place: heard.place }),
  );

  return {
    markHeard: (claim, generation, { key, id, sentAt, author }) =>
      hear(claim, {
        generation,
        key,
        id,
        sentAt,
        at: clock.now(),
        author: author.id,
        authorName: storableText(author.name),
      }),
  };
}

function gaps({ db, tables, prepare }: QueryKit): Gaps {
  const { deaf, mailbox } = tables;
  const later = or(isNull(mailbox.gapAt), lt(mailbox.gapAt, at));
  const gapHere = prepare(
    db
      .update(mailbox)
      .set({ gapAt: at })
      .where(and(eq(mailbox.place, place), later)),
  );
  const gapEverywhere = prepare(
    db
      .insert(deaf)
      .values({ platform: given("platform"), at })
      .onConflictDoUpdate({ target: deaf.platform, set: { at }, setWhere: lt(deaf.at, at) }),
  );

  return {
    markGap: async (place, at) => void (await gapHere({ place, at })),
    markDeaf: async (platform, at) => void (await gapEverywhere({ platform, at })),
  };
}

function noting({ db, tables, mergeJson, prepare }: QueryKit): Noting {
  const { whereabouts } = tables;
  const facts = given("facts");
  const last = sql`(select ${whereabouts.facts} from ${whereabouts} where ${whereabouts.place} = ${place}
    and ${whereabouts.since} <= ${at} order by ${whereabouts.since} desc limit 1)`;
  // A name that could not be found out this time is not a change: what is known stays.
  const merged = mergeJson(last, facts);
  const note = prepare(
    db
      .insert(whereabouts)
      .select(sql`select ${place}, ${at}, ${merged}, false where ${merged} is distinct from ${last}`)
      .onConflictDoUpdate({
        target: [whereabouts.place, whereabouts.since],
        set: { facts: sql`excluded.facts`, indexed: false },
      }),
  );
  return {
    noteWhereabouts: async (place, where, at) => void (await note({ place, at, facts: storableJson(where) })),
  };
}

/** The place's own gap or its platform's. Written out, because drizzle leaves out the tables' names here, and both have a `place`. */
const gapAt = sql<number | null>`(select max(gap.at) from (
  select mailbox.gap_at as at from mailbox where mailbox.place = conversation.place
  union all select deaf.at from deaf where conversation.place like deaf.platform || ':%') gap)`;

function fieldsOf(table: Table) {
  return { ...getTableColumns(table), gapAt };
}

function toConversation(row: Row): Conversation {
  return {
    place: row.place,
    generation: row.generation,
    ...(row.telnyxId !== null && { telnyxId: row.telnyxId }),
    createKey: row.createKey,
    createBody: row.createBody,
    instructed: row.instructed,
    ...(row.seenId !== null && row.seenAt !== null && { seen: { id: row.seenId, at: row.seenAt } }),
    ...(row.gapAt !== null && { gapAt: row.gapAt }),
    ...(row.goneAt !== null && { endedAt: row.goneAt }),
  };
}
