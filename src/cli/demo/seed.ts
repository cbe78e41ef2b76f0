import { createHash, randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { metadataOf, modelInput } from "../../reply/input.ts";
import type { Claim, Turn } from "../../store/mailbox.ts";
import { openSqlite, type Opened } from "../../store/open.ts";
import type { Conversation } from "../../store/store.ts";
import type { Telnyx } from "../../telnyx/telnyx.ts";
import { type Asked, monthOf } from "./month.ts";

export interface SeedDeps {
  /** The file. */
  readonly path: string;
  /** Where the conversations are made as well. Absent: they are in the database alone. */
  readonly telnyx?: Pick<Telnyx, "createConversation" | "addMessage">;
  readonly clock: Clock;
  readonly log: Log;
  readonly instructions: string;
}

/** How long a message is under way before the model is asked. */
const SOON_MS = 40;

/** Puts a month of conversations into a new database, as the bot would have at the time. Returns how many turns. */
export async function seedDemo(deps: SeedDeps): Promise<number> {
  const { path, log, clock, instructions } = deps;
  const month = monthOf(clock.now());
  const past = pastClock(month[0]?.message.sentAt ?? clock.now());
  const database = openSqlite({ path, log, clock: past.clock, hasty: true });
  const digest = createHash("sha256").update(instructions).digest("hex");
  const telling = { ...deps, telling: new Map<string, Promise<void>>(), digest };
  try {
    for (const asked of month) await live({ ...database, past, ...telling }, asked);
    await Promise.all(telling.telling.values());
    await database.archive.refresh();
  } finally {
    await database.close();
  }
  return month.length;
}

interface Past {
  readonly clock: Clock;
  /** Never back. */
  readonly goTo: (ms: number) => void;
}

/** A clock that is set, and on which nobody has to wait. */
function pastClock(start: number): Past {
  let now = start;
  return {
    clock: { now: () => now, monotonic: () => now, sleep: async () => {} },
    goTo: (ms) => (now = Math.max(now, ms)),
  };
}

interface Living extends Opened, Pick<SeedDeps, "telnyx"> {
  readonly past: Past;
  readonly digest: string;
  /** What Telnyx is still being told of a conversation, by its id. */
  readonly telling: Map<string, Promise<void>>;
}

/** From the message's coming to its turn's end. */
async function live(world: Living, asked: Asked): Promise<void> {
  const { mailbox, store, past } = world;
  const { message, ends, error } = asked;
  past.goTo(message.sentAt);
  const at = past.clock.now();
  const added = await mailbox.add(message, true, ends === "postponed");
  if (added.kind === "seen" || !added.claim) throw new Error(`the demo asks ${message.key} twice`);
  const { claim } = added;
  await store.noteWhereabouts(message.place, message.where, at);
  const turn = await mailbox.next(claim);
  if (!turn) throw new Error(`the demo's turn ${added.turn} is not there`);
  if (ends !== "postponed") await answer(world, { asked, claim, turn, at });
  for (const [index, id] of asked.pages.entries()) {
    await store.markPageIntended(claim, turn.id, index);
    await store.markPagePosted(claim, turn.id, index, id);
  }
  past.goTo(at + asked.endMs);
  await mailbox.next(claim, { turn: turn.id, kind: ends, ...(error !== undefined && { error }) });
}

interface Running {
  readonly asked: Asked;
  readonly claim: Claim;
  readonly turn: Turn;
  readonly at: number;
}

async function answer(world: Living, { asked, claim, turn, at }: Running): Promise<void> {
  const { store, past, digest } = world;
  const { message, ends, model, price, usage, answer: text } = asked;
  const conversation = (await store.conversation(message.place)) ?? (await begin(world, asked, claim));
  const { generation, instructed, telnyxId } = conversation;
  for (const heard of asked.heard) await store.markHeard(claim, generation, heard);
  past.goTo(at + SOON_MS);
  await store.markCalling(claim, turn.id, {
    generation,
    input: modelInput(message),
    at: past.clock.now(),
    asked: { model, price, settings: { instructions: digest, instructed: instructed ? "before" : "now" } },
  });
  if (text !== "") {
    past.goTo(at + asked.firstTextMs);
    await store.markStreaming(claim, turn.id, { text, at: past.clock.now() });
  }
  if (ends === "done") {
    past.goTo(at + asked.endMs);
    await store.markAnswered(claim, turn.id, { text, usage, at: past.clock.now() });
    await store.markInstructed(claim, generation);
  }
  if (telnyxId !== undefined) tell(world, telnyxId, asked);
}

async function begin(
  { store, telnyx, past }: Living,
  { message }: Asked,
  claim: Claim,
): Promise<Conversation> {
  const metadata = metadataOf(message, 1);
  const createKey = randomUUID();
  const { channelName, threadName } = message.where;
  const name = [channelName, threadName].filter(Boolean).join(" / ");
  const body = { ...(name && { name }), metadata };
  const draft = {
    generation: 1,
    createKey,
    createBody: JSON.stringify(body),
    metadata,
    at: past.clock.now(),
  };
  const opened = await store.openConversation(claim, draft);
  if (!telnyx) return opened;
  const { id: telnyxId } = await telnyx.createConversation(body, createKey);
  await store.linkConversation(claim, 1, telnyxId);
  return { ...opened, telnyxId };
}

/** Adds what was said to the conversation at Telnyx, behind what is being added to it already. */
function tell({ telnyx, telling }: Living, id: string, { message, heard, answer, endMs }: Asked): void {
  if (!telnyx) return;
  const add = async () => {
    for (const said of [...heard, message]) {
      const sentAt = new Date(said.sentAt).toISOString();
      await telnyx.addMessage(id, { role: "user", content: modelInput(said), sentAt }, randomUUID());
    }
    if (answer === "") return;
    const answeredAt = new Date(message.sentAt + endMs).toISOString();
    await telnyx.addMessage(id, { role: "assistant", content: answer, sentAt: answeredAt }, randomUUID());
  };
  const told = (telling.get(id) ?? Promise.resolve()).then(add);
  // Whoever waits for all of it hears of a failure; until then it is nobody's.
  told.catch(() => undefined);
  telling.set(id, told);
}
