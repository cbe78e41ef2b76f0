import { sql } from "./drizzle.ts";
import { given, type QueryKit } from "./query-kit.ts";
import type { Store } from "./store.ts";

/**
 * Two statements, because SQLite has no insert within another: a place that has a mailbox and nothing else says nothing, so that a failure
 * between the two leaves nothing wrong behind.
 */
export function adoption({ db, tables, prepare }: QueryKit): Pick<Store, "adoptConversation"> {
  const { conversation, mailbox } = tables;
  const open = prepare(
    db
      .insert(mailbox)
      .values({ place: given("place"), since: given("since") })
      .onConflictDoNothing(),
  );
  const adopt = prepare(
    db
      .insert(conversation)
      .values({
        place: given("place"),
        generation: given("generation"),
        telnyxId: given("telnyxId"),
        // It was created long ago: the key that it was created with is not needed any more.
        createKey: sql`''`,
        createBody: sql`''`,
        metadata: given("metadata"),
        instructed: true,
        createdAt: given("since"),
        linkedAt: given("at"),
      })
      .onConflictDoNothing()
      .returning({ place: conversation.place }),
  );
  return {
    adoptConversation: async (place, { metadata, ...adopted }) => {
      const values = { ...adopted, place, metadata: JSON.stringify(metadata) };
      await open(values);
      return (await adopt(values)).length > 0;
    },
  };
}
