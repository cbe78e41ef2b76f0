import type Database from "better-sqlite3";
import {
  type BenchConversation,
  channels,
  conversations,
  ERRORS,
  MODELS,
  often,
  prose,
  type Random,
  random,
  vocabulary,
  WORKSPACES,
} from "./archive-world.ts";

/** Rows a transaction. */
const BATCH = 20_000;

/** Writes the store's own rows as the bot would have left them: all settled, none in the index. Returns how many conversations there are. */
export function fill(db: Database.Database, turns: number): number {
  const next = random(7);
  const all = [...conversations(next, channels(next), turns)];
  inBatches(db, all, placeWriter(db));
  const order = all
    .flatMap((conversation) => conversation.times.map((at) => ({ at, conversation })))
    .sort((a, b) => a.at - b.at);
  inBatches(db, order, turnWriter(db, next));
  return all.length;
}

function inBatches<Item>(
  db: Database.Database,
  items: readonly Item[],
  write: (item: Item, index: number) => void,
) {
  for (let from = 0; from < items.length; from += BATCH)
    db.transaction(() => items.slice(from, from + BATCH).forEach((item, at) => write(item, from + at)))();
}

function whereIn({ channel, thread }: BenchConversation, at: number) {
  const { workspace, workspaceId, id, kind, name, oldName, renamedAt } = channel;
  return {
    workspaceId,
    workspaceName: WORKSPACES[workspace],
    channelId: id,
    channelKind: kind,
    ...(kind !== "dm" && { channelName: at < renamedAt && oldName !== undefined ? oldName : name }),
    ...(kind === "public" && { channelTopic: `All about ${name}` }),
    threadId: thread,
    ...(channel.platform === "slack" && { workspaceUrl: `https://${WORKSPACES[workspace]}.slack.com/` }),
  };
}

function placeWriter(db: Database.Database) {
  const mailbox = db.prepare("INSERT INTO mailbox (place, since) VALUES (?, ?)");
  const whereabouts = db.prepare("INSERT INTO whereabouts (place, since, facts) VALUES (?, ?, ?)");
  const conversation = db.prepare(
    `INSERT INTO conversation (place, generation, telnyx_id, create_key, create_body, metadata, created_at, linked_at)
     VALUES (?, 1, ?, ?, '{}', ?, ?, ?)`,
  );
  return (one: BenchConversation, index: number) => {
    const { place, startedAt, channel, times } = one;
    const { oldName, renamedAt } = channel;
    const where = whereIn(one, startedAt);
    mailbox.run(place, startedAt);
    whereabouts.run(place, startedAt, JSON.stringify(where));
    if (oldName !== undefined && startedAt < renamedAt && (times.at(-1) ?? 0) >= renamedAt)
      whereabouts.run(place, Math.floor(renamedAt), JSON.stringify(whereIn(one, renamedAt)));
    const metadata = { app: "patchcord", platform: channel.platform, place, channel_id: channel.id };
    conversation.run(place, `conv-${index}`, `key-${index}`, JSON.stringify(metadata), startedAt, startedAt);
  };
}

function turnWriter(db: Database.Database, next: Random) {
  const words = vocabulary();
  const turn = db.prepare(
    `INSERT INTO turn (place, message_key, message, sent_at, run_at, tries, state, generation, input, model, price, text, usage, error,
       received_at, calling_at, first_text_at, answered_at, settled_at)
     VALUES (:place, :key, :message, :at, :at, 1, :state, 1, '', :model, :price, :text, :usage, :error, :at, :at, :first, :settled, :settled)`,
  );
  const page = db.prepare(
    'INSERT INTO page (turn, "index", id, intended_at, posted_at) VALUES (?, 0, ?, ?, ?)',
  );
  return (
    { at, conversation }: { readonly at: number; readonly conversation: BenchConversation },
    index: number,
  ) => {
    const { place, channel, people } = conversation;
    const ended = outcome(next);
    const first = at + 300 + Math.floor(next() * 2_000);
    const settled = first + 1_000 + Math.floor(next() * 15_000);
    const person = people[Math.floor(next() * people.length)] ?? 0;
    const message = {
      key: `m${index}`,
      platform: channel.platform,
      place,
      id: `17${String(index).padStart(8, "0")}.000100`,
      sentAt: at,
      author: { id: `U${person}`, name: `person ${words[person]}`, kind: "person" },
      text: prose(next, words, 14),
      call: {
        mentionsBot: true,
        repliesToBot: false,
        mentionsOthers: false,
        inThread: true,
        startsPlace: false,
      },
      where: whereIn(conversation, at),
    };
    turn.run({
      place,
      key: message.key,
      message: JSON.stringify(message),
      at,
      first,
      settled,
      text: ended.state === "done" ? prose(next, words, 60) : null,
      ...ended,
    });
    page.run(index + 1, `17${String(index).padStart(8, "0")}.000200`, first, first);
  };
}

/** How a turn ended: six in a hundred did not well. */
function outcome(next: Random) {
  const share = next();
  const state = share < 0.94 ? "done" : share < 0.97 ? "failed" : share < 0.99 ? "stopped" : "postponed";
  const model = often(next, MODELS.length);
  const usage = { inputTokens: Math.floor(200 * 40 ** next()), outputTokens: Math.floor(50 * 30 ** next()) };
  return {
    state,
    model: MODELS[model],
    price: JSON.stringify({ prompt: 0.3 + model, completion: 1 + 2 * model }),
    usage: state === "done" ? JSON.stringify(usage) : null,
    error: state === "failed" ? `${ERRORS[often(next, ERRORS.length)]}: as the server said` : null,
  };
}
