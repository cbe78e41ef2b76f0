import type { Place } from "../chat/place.ts";
import type { Clock } from "../clock.ts";
import { metadataOf } from "../reply/input.ts";
import type { Archive, ConversationFacts, ConversationKey } from "../store/archive.ts";
import type { Store } from "../store/store.ts";
import { type Telnyx, type TelnyxConversation, TelnyxError } from "../telnyx/telnyx.ts";
import { calledInFull } from "./called.ts";
import { calledThere } from "./called-there.ts";
import { EVERYTHING } from "./viewer.ts";

export interface SyncRequest {
  /** Only tells what differs. */
  readonly dry: boolean;
}

/** One way in which Telnyx and this bridge differ, and whether it was put right; `why` it was not or cannot be. */
export type Difference = {
  readonly telnyxId: string;
  /** What the conversation is called. */
  readonly name?: string;
  readonly done: boolean;
  readonly why?: string;
} & (
  | { readonly kind: "missing_here"; readonly adopted?: ConversationKey }
  | { readonly kind: "gone_there"; readonly conversation: ConversationKey }
  | {
      readonly kind: "metadata";
      readonly conversation: ConversationKey;
      readonly changes: readonly Change[];
    }
);

/** A fact that Telnyx has other than it is now. */
export interface Change {
  readonly key: string;
  readonly there?: string;
  readonly here: string;
}

export interface SyncDeps {
  readonly archive: Archive;
  readonly store: Pick<Store, "adoptConversation">;
  readonly telnyx: Pick<Telnyx, "listConversations" | "getConversation" | "updateConversation">;
  readonly clock: Clock;
}

/** How many conversations are looked up here at once. */
const BATCH = 200;

/**
 * Compares every conversation that carries our metadata at Telnyx with those that are known here, both ways. What Telnyx cannot tell now ends
 * it with `TelnyxError`; what was told until then is done, and it may be run again at any time.
 */
export async function* sync(
  deps: SyncDeps,
  { dry }: SyncRequest,
  signal: AbortSignal,
): AsyncGenerator<Difference> {
  await deps.archive.refresh();
  const there = new Set<string>();
  const ours = deps.telnyx.listConversations(
    {
      where: [{ column: "metadata->app", operator: "eq", value: "patchcord" }],
      order: { by: "created_at", direction: "asc" },
    },
    signal,
  );
  for await (const batch of batches(ours)) {
    for (const { id } of batch) there.add(id);
    const known = await knownAmong(deps.archive, batch);
    for (const remote of batch) {
      const local = known.get(remote.id);
      const difference = local
        ? await namesPutRight(deps, { local, remote, dry }, signal)
        : await adopt(deps, remote, dry);
      if (difference) yield difference;
    }
  }
  yield* notListed(deps, { there, dry }, signal);
}

async function* batches(
  all: AsyncIterable<TelnyxConversation>,
): AsyncGenerator<readonly TelnyxConversation[]> {
  let batch: TelnyxConversation[] = [];
  for await (const one of all) {
    batch.push(one);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function knownAmong(
  archive: Archive,
  batch: readonly TelnyxConversation[],
): Promise<ReadonlyMap<string | undefined, ConversationFacts>> {
  const { rows } = await archive.conversations({
    where: { kind: "word", field: "telnyxId", values: batch.map(({ id }) => id) },
    sort: { by: "started", direction: "asc" },
    limit: BATCH,
  });
  return new Map(rows.map((row) => [row.telnyxId, row]));
}

interface Pair {
  readonly local: ConversationFacts;
  readonly remote: TelnyxConversation;
  readonly dry: boolean;
}

/** Names as they are now, where Telnyx has older ones. A name that is not known here is left as it is there. */
async function namesPutRight(
  { telnyx }: SyncDeps,
  { local, remote, dry }: Pair,
  signal: AbortSignal,
): Promise<Difference | undefined> {
  const { place, generation, platform } = local;
  const author = { id: local.startedById, name: local.startedByName };
  const now = metadataOf({ platform, place, where: local, author }, generation);
  const changes = Object.entries(now).flatMap(([key, here]): Change[] => {
    const value = remote.metadata[key];
    if (value === here) return [];
    return [{ key, here, ...(typeof value === "string" && { there: value }) }];
  });
  if (changes.length === 0) return undefined;
  const conversation = { place, generation };
  const name = calledInFull(local);
  const found = { kind: "metadata", telnyxId: remote.id, name, conversation, changes } as const;
  if (dry) return { ...found, done: false };
  const update = Object.fromEntries(changes.map(({ key, here }) => [key, here]));
  try {
    await telnyx.updateConversation(remote.id, update, signal);
    return { ...found, done: true };
  } catch (error) {
    if (!(error instanceof TelnyxError) || signal.aborted) throw error;
    return { ...found, done: false, why: error.message };
  }
}

/** A conversation that carries our metadata and is not known here: the database was lost, or is another one. */
async function adopt(
  { store, clock }: SyncDeps,
  remote: TelnyxConversation,
  dry: boolean,
): Promise<Difference> {
  const { id: telnyxId } = remote;
  const name = calledThere(remote);
  const found = { kind: "missing_here", telnyxId, ...(name !== undefined && { name }) } as const;
  const key = keyIn(remote);
  if (!key) return { ...found, done: false, why: "its metadata names no place that could be gone on in" };
  if (dry) return { ...found, done: false };
  const adopted = await store.adoptConversation(key.place, {
    generation: key.generation,
    telnyxId,
    metadata: texts(remote.metadata),
    since: timeOf(remote.createdAt) ?? clock.now(),
    at: timeOf(remote.lastMessageAt) ?? clock.now(),
  });
  if (adopted) return { ...found, done: true, adopted: key };
  return { ...found, done: false, why: "the place has another conversation of this generation" };
}

/** Places are opaque here, but begin with their platform's name. */
function keyIn({ metadata }: TelnyxConversation): ConversationKey | undefined {
  const { place, platform, generation } = metadata;
  const number = Number(generation);
  if (typeof place !== "string" || typeof platform !== "string" || !place.startsWith(`${platform}:`))
    return undefined;
  return Number.isSafeInteger(number) && number > 0
    ? { place: place as Place, generation: number }
    : undefined;
}

function texts(metadata: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
  );
}

function timeOf(iso: string | undefined): number | undefined {
  const time = Date.parse(iso ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/** What is linked here and was not listed: it is asked for by its id, because only that tells whether it is gone, or lost the metadata that it is listed by. */
async function* notListed(
  deps: SyncDeps,
  { there, dry }: { readonly there: ReadonlySet<string>; readonly dry: boolean },
  signal: AbortSignal,
): AsyncGenerator<Difference> {
  for (let after: string | undefined; ;) {
    const page = await deps.archive.conversations({
      where: EVERYTHING,
      sort: { by: "started", direction: "asc" },
      limit: BATCH,
      ...(after !== undefined && { after }),
    });
    for (const local of page.rows) {
      const { telnyxId } = local;
      if (telnyxId === undefined || there.has(telnyxId)) continue;
      const remote = await foundThere(deps.telnyx, telnyxId, signal);
      const difference = remote
        ? await namesPutRight(deps, { local, remote, dry }, signal)
        : goneThere(local, telnyxId);
      if (difference) yield difference;
    }
    if (page.next === undefined) return;
    after = page.next;
  }
}

function goneThere(local: ConversationFacts, telnyxId: string): Difference {
  const { place, generation } = local;
  return {
    kind: "gone_there",
    telnyxId,
    name: calledInFull(local),
    conversation: { place, generation },
    done: false,
    why: "the place's next message begins its next conversation",
  };
}

/** Undefined: there is no such conversation any more. */
async function foundThere(
  telnyx: SyncDeps["telnyx"],
  id: string,
  signal: AbortSignal,
): Promise<TelnyxConversation | undefined> {
  try {
    return await telnyx.getConversation(id, signal);
  } catch (error) {
    if (error instanceof TelnyxError && error.reason === "conversation_gone") return undefined;
    throw error;
  }
}
