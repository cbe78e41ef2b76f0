import type { Clock } from "../clock.ts";
import { PatchcordError } from "../errors.ts";
import type { Audit } from "../store/audit.ts";
import type { Erasure, Wish } from "../store/erasure.ts";
import { fold, wordsOf } from "../store/words.ts";
import { type Telnyx, TelnyxError } from "../telnyx/telnyx.ts";
import type { Forgotten } from "./forget.ts";

export interface FulfilDeps {
  readonly erasure: Erasure;
  readonly audit: Pick<Audit, "erase">;
  readonly telnyx: Pick<Telnyx, "deleteConversation" | "listConversations">;
  readonly clock: Clock;
  /** Ends what takes long. */
  readonly signal: AbortSignal;
}

/** What became of a wish. */
export interface Fulfilled extends Pick<Forgotten, "turns" | "heard" | "local" | "telnyx" | "why"> {
  readonly wish: Wish;
}

/** A reply that is being written ends before long. */
const OPEN_MS = 5_000;
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 3_600_000;
/** How the audit calls what was asked for before, and could be done only now. */
export const FORGOTTEN_LATER = "forget.later";
/** What tells of forgetting itself keeps what was meant: else nobody could show that it was done. */
const KEPT = ["forget", "forget.end", FORGOTTEN_LATER, "hold", "hold.end", "release", "release.end"];
/** A name this short is found in too many words. */
const SHORTEST_NAME = 3;

/**
 * Does what is left to do for these wishes, and tells of each how far it came. What cannot be done now is due again later. Rejects with the
 * database's errors alone; what was done until then is done.
 */
export async function fulfil(deps: FulfilDeps, wishes: readonly Wish[]): Promise<readonly Fulfilled[]> {
  const fulfilled: Fulfilled[] = [];
  const erased: (Pick<Fulfilled, "turns" | "heard"> & { readonly wish: Wish })[] = [];
  for (const wish of wishes) {
    const outcome = await deps.erasure.erase(wish);
    if (outcome.kind === "erased") erased.push({ wish, turns: outcome.turns, heard: outcome.heard });
    else fulfilled.push(await unerased(deps, wish, outcome.kind));
  }
  const failure = await clean(
    deps,
    erased.map(({ wish }) => wish),
  );
  for (const { wish, turns, heard } of erased) {
    const there = failure
      ? { telnyx: "later" as const, why: failure.message }
      : await deleteThere(deps, wish);
    if (there.telnyx === "later") await deps.erasure.later(wish, deps.clock.now() + delay(wish));
    else await deps.erasure.done(wish);
    fulfilled.push({ wish, turns, heard, local: "forgotten", ...there });
  }
  return fulfilled;
}

const delay = ({ tries }: Wish) => Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(tries, 20));

async function unerased(
  { erasure, clock }: FulfilDeps,
  wish: Wish,
  kind: "open" | "held" | "gone",
): Promise<Fulfilled> {
  const none = { wish, turns: 0, heard: 0 };
  if (kind === "held") return { ...none, local: "held", telnyx: "kept" };
  // Somebody else has done all of it.
  if (kind === "gone")
    return { ...none, local: "forgotten", telnyx: wish.telnyxId === undefined ? "none" : "deleted" };
  await erasure.later(wish, clock.now() + OPEN_MS);
  return { ...none, local: "open", telnyx: "later", why: "a reply is being written" };
}

/** Files and the audit let go of what was erased. Once for all of them: it takes longer than erasing. */
async function clean(
  { erasure, audit }: FulfilDeps,
  erased: readonly Wish[],
): Promise<PatchcordError | undefined> {
  const fresh = erased.filter(({ step }) => step !== "there");
  if (fresh.length === 0) return undefined;
  try {
    await audit.erase(tellsOf(fresh), KEPT);
    await erasure.clean();
    for (const wish of fresh) await erasure.cleaned(wish);
    return undefined;
  } catch (error) {
    if (error instanceof PatchcordError && error.code === "database_busy") return error;
    throw error;
  }
}

/** Whether a query tells of somebody, or of a conversation, that is forgotten. */
function tellsOf(wishes: readonly Wish[]): (content: string) => boolean {
  const ids = wishes.flatMap(({ conversation: { place, generation }, telnyxId, person, before }) => {
    if (person) return [person.id];
    if (before !== undefined) return [];
    return [
      `${place} ${generation}`,
      `${place}#${generation}`,
      ...(telnyxId === undefined ? [] : [telnyxId]),
    ];
  });
  const names = wishes
    .flatMap(({ person }) => person?.names ?? [])
    .filter(({ length }) => length >= SHORTEST_NAME);
  const folded = names.map(fold);
  const words = new Set(names.flatMap(wordsOf).filter(({ length }) => length >= SHORTEST_NAME));
  return (content) =>
    ids.some((id) => content.includes(id)) ||
    folded.some((name) => fold(content).includes(name)) ||
    wordsOf(content).some((word) => words.has(word));
}

/** Messages cannot be deleted one by one there: it is the conversation that goes, whatever of it is to be forgotten. */
async function deleteThere(deps: FulfilDeps, wish: Wish): Promise<Pick<Forgotten, "telnyx" | "why">> {
  try {
    const ids = wish.telnyxId === undefined ? await unlinked(deps, wish) : [wish.telnyxId];
    for (const id of ids) await deleteOne(deps, id);
    const others = wish.person ?? wish.before;
    if (ids.length === 0) return { telnyx: "none" };
    return {
      telnyx: "deleted",
      ...(others !== undefined && { why: "as a whole: it deletes no single messages" }),
    };
  } catch (error) {
    // A key that is missing on the command line is one, too: the bot has it.
    if (!(error instanceof PatchcordError) || deps.signal.aborted) throw error;
    return { telnyx: "later", why: error.message };
  }
}

async function deleteOne({ telnyx, signal }: FulfilDeps, id: string): Promise<void> {
  try {
    await telnyx.deleteConversation(id, signal);
  } catch (error) {
    if (!(error instanceof TelnyxError) || error.reason !== "conversation_gone") throw error;
  }
}

/** What was created there though the answer never came here. */
async function unlinked({ telnyx, signal }: FulfilDeps, { conversation, opened }: Wish): Promise<string[]> {
  if (!opened) return [];
  const { place, generation } = conversation;
  const found: string[] = [];
  const where = [{ column: "metadata->place", operator: "eq", value: place } as const];
  for await (const { id, metadata } of telnyx.listConversations({ where }, signal))
    if (metadata["place"] === place && metadata["generation"] === String(generation)) found.push(id);
  return found;
}
