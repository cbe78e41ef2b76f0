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

/** Conversations or turns that are written at once. */
const BATCH = 5_000;

export type Table = "mailbox" | "whereabouts" | "conversation" | "turn" | "page";
type Value = string | number | null;
/** Rows of the store's tables, of each at least one column. Those of a table have the same columns, and come in the order in which it numbers them. */
export type Rows = Readonly<Partial<Record<Table, readonly Readonly<Record<string, Value>>[]>>>;

/** The store's own rows as the bot would have left them, a batch at a time: all turns settled, none in the index. */
export function* rowsOf(turns: number): Generator<Rows> {
  const next = random(7);
  const all = [...conversations(next, channels(next), turns)];
  for (const batch of batches(all)) yield joined(batch.map(([one, index]) => placeRows(one, index)));
  const order = all
    .flatMap((conversation) => conversation.times.map((at) => ({ at, conversation })))
    .sort((a, b) => a.at - b.at);
  const words = vocabulary();
  for (const batch of batches(order))
    yield joined(batch.map(([one, index]) => turnRows({ ...one, index, next, words })));
}

/** The items with their numbers, some at a time. */
function* batches<Item>(items: readonly Item[]): Generator<readonly (readonly [Item, number])[]> {
  for (let from = 0; from < items.length; from += BATCH)
    yield items.slice(from, from + BATCH).map((item, at) => [item, from + at] as const);
}

function joined(parts: readonly Rows[]): Rows {
  const tables: Table[] = ["mailbox", "whereabouts", "conversation", "turn", "page"];
  return Object.fromEntries(
    tables.flatMap((table) => {
      const rows = parts.flatMap((part) => part[table] ?? []);
      return rows.length > 0 ? [[table, rows]] : [];
    }),
  );
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

function placeRows(one: BenchConversation, index: number): Rows {
  const { place, startedAt, channel, times } = one;
  const { oldName, renamedAt } = channel;
  const called = [startedAt];
  if (oldName !== undefined && startedAt < renamedAt && (times.at(-1) ?? 0) >= renamedAt)
    called.push(Math.ceil(renamedAt));
  const metadata = { app: "patchcord", platform: channel.platform, place, channel_id: channel.id };
  return {
    mailbox: [{ place, since: startedAt }],
    whereabouts: called.map((since) => ({ place, since, facts: JSON.stringify(whereIn(one, since)) })),
    conversation: [
      {
        place,
        generation: 1,
        telnyx_id: `conv-${index}`,
        create_key: `key-${index}`,
        create_body: "{}",
        metadata: JSON.stringify(metadata),
        created_at: startedAt,
        linked_at: startedAt,
      },
    ],
  };
}

interface BenchTurn {
  readonly at: number;
  readonly conversation: BenchConversation;
  readonly index: number;
  readonly next: Random;
  readonly words: readonly string[];
}

function turnRows({ at, conversation, index, next, words }: BenchTurn): Rows {
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
  const row = {
    place,
    message_key: message.key,
    message: JSON.stringify(message),
    sent_at: at,
    run_at: at,
    tries: 1,
    generation: 1,
    input: "",
    text: ended.state === "done" ? prose(next, words, 60) : null,
    ...ended,
    received_at: at,
    calling_at: at,
    first_text_at: first,
    answered_at: settled,
    settled_at: settled,
  };
  const id = `17${String(index).padStart(8, "0")}.000200`;
  return { turn: [row], page: [{ turn: index + 1, index: 0, id, intended_at: first, posted_at: first }] };
}

/** How a turn ended: six in a hundred did not well. */
function outcome(next: Random) {
  const share = next();
  const state = share < 0.94 ? "done" : share < 0.97 ? "failed" : share < 0.99 ? "stopped" : "postponed";
  const model = often(next, MODELS.length);
  const usage = { inputTokens: Math.floor(200 * 40 ** next()), outputTokens: Math.floor(50 * 30 ** next()) };
  return {
    state,
    model: MODELS[model] ?? null,
    price: JSON.stringify({ prompt: 0.3 + model, completion: 1 + 2 * model }),
    usage: state === "done" ? JSON.stringify(usage) : null,
    error: state === "failed" ? `${ERRORS[often(next, ERRORS.length)]}: as the server said` : null,
  };
}
