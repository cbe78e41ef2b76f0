import type { Clock } from "../clock.ts";
import { metadataOf } from "../reply/input.ts";
import type { Claim, Turn } from "../store/mailbox.ts";
import type { Conversation, Store } from "../store/store.ts";
import type { NewConversation, Telnyx } from "../telnyx/telnyx.ts";

/** A conversation that exists at Telnyx. */
export type LinkedConversation = Conversation & { readonly telnyxId: string };

export interface ConversationDeps {
  readonly store: Store;
  readonly telnyx: Telnyx;
  readonly clock: Clock;
  /** A new UUID each time. */
  readonly newKey: () => string;
}

/**
 * The conversation of the turn's place, made if there is none; with `after`, the generation that follows it. The row with
 * the key and the exact body is stored before Telnyx is asked, so that whoever repeats the call repeats that very call.
 * Throws `TelnyxError`.
 */
export async function openConversation(
  deps: ConversationDeps,
  work: { readonly turn: Turn; readonly claim: Claim; readonly after?: Conversation },
  signal: AbortSignal,
): Promise<LinkedConversation> {
  const { store, telnyx, clock } = deps;
  const { turn, claim, after } = work;
  const newest = await store.conversation(turn.place);
  const keep = newest && (!after || newest.generation > after.generation);
  const row = keep
    ? newest
    : await store.openConversation(
        claim,
        draftOf(turn, (newest?.generation ?? 0) + 1, deps.newKey(), clock.now()),
      );
  if (row.telnyxId !== undefined) return { ...row, telnyxId: row.telnyxId };
  const created = await telnyx.createConversation(
    JSON.parse(row.createBody) as NewConversation,
    row.createKey,
    signal,
  );
  await store.linkConversation(claim, row.generation, created.id);
  return { ...row, telnyxId: created.id };
}

function draftOf({ message }: Turn, generation: number, createKey: string, at: number) {
  const { where } = message;
  const metadata = metadataOf(message, generation);
  const name = [where.channelName, where.threadName].filter(Boolean).join(" / ");
  const body: NewConversation = { ...(name && { name }), metadata };
  return { generation, createKey, createBody: JSON.stringify(body), metadata, at };
}
