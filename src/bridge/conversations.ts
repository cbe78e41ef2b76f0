import type { Clock } from "../clock.ts";
import { metadataOf } from "../reply/input.ts";
import type { Claim, Turn } from "../store/mailbox.ts";
import type { Conversation, ConversationDraft, Store } from "../store/store.ts";
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
  const { turn, claim } = work;
  const newest = await store.conversation(turn.place);
  const row =
    newest && goesOn(newest, work)
      ? newest
      : await store.openConversation(claim, draftOf(turn, newest, deps.newKey(), clock.now()));
  if (row.telnyxId !== undefined) return { ...row, telnyxId: row.telnyxId };
  const created = await telnyx.createConversation(
    JSON.parse(row.createBody) as NewConversation,
    row.createKey,
    signal,
  );
  await store.linkConversation(claim, row.generation, created.id);
  return { ...row, telnyxId: created.id };
}

/** In one that was ended a turn goes on that had begun there. */
function goesOn(
  { generation, endedAt }: Conversation,
  { turn, after }: { readonly turn: Turn; readonly after?: Conversation },
): boolean {
  if (after && generation <= after.generation) return false;
  return endedAt === undefined || turn.generation === generation;
}

function draftOf(
  { message }: Turn,
  newest: Conversation | undefined,
  createKey: string,
  at: number,
): ConversationDraft {
  const { where } = message;
  const generation = (newest?.generation ?? 0) + 1;
  const metadata = metadataOf(message, generation);
  const name = [where.channelName, where.threadName].filter(Boolean).join(" / ");
  const body: NewConversation = { ...(name && { name }), metadata };
  const draft = { generation, createKey, createBody: JSON.stringify(body), metadata, at };
  if (newest?.endedAt === undefined) return draft;
  // Nothing that was sent in the millisecond of its end, either.
  return { ...draft, seen: { id: newest.seen?.id ?? message.id, at: newest.endedAt + 1 } };
}
