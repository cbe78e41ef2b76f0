import type { MessageId, Place, Whereabouts } from "../../../src/chat/place.ts";
import type { Claim } from "../../../src/store/mailbox.ts";
import { draft, messageIn, type StoreBench } from "../../contracts/store-bench.ts";

const HOUR = 3_600_000;
const PRICE = { prompt: 0.6, cachedPrompt: 0.1, completion: 2.2 };
const MODELS = ["zai-org/GLM-5.2", "moonshotai/Kimi-K2.6"];
const PEOPLE = [
  { id: "U0ADA", name: "Ada Lovelace" },
  { id: "U0GRACE", name: "Grace Hopper" },
  { id: "U0ROBIN", name: "Robin" },
  { id: "U0NOUR", name: "نور الهدى" },
  { id: "U0ZOE", name: "Zoë 🦊" },
];
const ACME = { workspaceId: "T0ACME01", workspaceName: "Acme", workspaceUrl: "https://acme.slack.com/" };
const GUILD = { workspaceId: "810000000000000001", workspaceName: "Alpine Climbers" };
const slack = (channelId: string, channelName: string): Whereabouts => ({
  ...ACME,
  channelId,
  channelName,
  channelKind: "public",
});
const PLACES: readonly Whereabouts[] = [
  { ...slack("C0SUPPORT", "support"), channelTopic: "Orders, refunds and returns" },
  slack("C0ENGINE", "engineering"),
  { ...slack("C0BOARD", "board"), channelKind: "private" },
  { ...ACME, channelId: "D0ADA", channelKind: "dm" },
  { ...GUILD, channelId: "820000000000000001", channelName: "general", channelKind: "public" },
  {
    ...GUILD,
    channelId: "820000000000000002",
    channelName: "trips",
    channelKind: "public",
    parentChannel: "Outdoors",
  },
];
const TALKS: readonly (readonly [question: string, answer: string])[] = [
  [
    "Can order 1042 still be returned? It came on the 3rd, and one sleeve is torn.",
    "Yes. Returns are taken for **30 days**, so until the 3rd of next month:\n\n1. Open *My orders*.\n2. Choose order 1042, then **Return**.\n3. Say that it is torn: then the postage is ours.\n\nSee [how returns work](https://example.com/returns).",
  ],
  [
    "How do I list the ten largest files below a directory?",
    "With `du` and `sort`:\n\n```sh\ndu -ah --max-depth=3 . | sort -rh | head -n 10\n```\n\n`-a` counts files, not only directories; `-h` and `-rh` go together.",
  ],
  [
    "Compare the three huts for Saturday, please",
    "| Hut | Height | Beds | Open |\n| --- | ---: | ---: | --- |\n| Almagell | 2,894 m | 120 | until 27 Sep |\n| Weissmies | 2,726 m | 130 | until 20 Sep |\n| Britannia | 3,030 m | 113 | all year |\n\n> Book early: Saturdays fill up.",
  ],
  [
    "Was bedeutet die Fehlermeldung `ECONNRESET`?",
    "Die Gegenseite hat die Verbindung **abgebrochen**. Versuch es noch einmal; bleibt es so, hilft ein Blick in deren Log.",
  ],
  [
    "Summarise yesterday's incident for the board",
    "- 14:02: the queue grew\n- 14:10: a second worker was started\n- 14:31: all was sent\n\nNothing was lost.",
  ],
];

/** Everything that is asked of a mailbox's place. */
interface Question {
  readonly place: Place;
  readonly where: Whereabouts;
  readonly generation: number;
  readonly index: number;
  readonly ends: "done" | "failed" | "stopped" | "open";
}

export interface Month {
  /** Where a reply is being written. */
  readonly live: Place;
  /** Ends it. */
  readonly finish: (text: string) => Promise<void>;
}

/**
 * A month in a team's life, always the same: two platforms, six channels, forty conversations, failures, a channel that is renamed, and at the
 * end a reply that is being written. The bench's clock moves on by a month.
 */
export async function playMonth(bench: StoreBench): Promise<Month> {
  for (let index = 0; index < 40; index += 1) {
    const where = PLACES[index % PLACES.length]!;
    const thread = index % 3 === 0 || where.channelKind === "dm" ? undefined : threadOf(where, index);
    const titled =
      thread === undefined ? where : { ...where, threadId: thread, threadName: `Order ${1_000 + index}` };
    const renamed =
      where.channelName === "support" && index < 20 ? { ...titled, channelName: "help-desk" } : titled;
    const place = placeIn(renamed);
    const turns = 1 + ((index * 7) % 4);
    for (let turn = 0; turn < turns; turn += 1) {
      await bench.pass(2 * HOUR + ((index * 37 + turn * 11) % 60) * 60_000);
      const ends =
        index % 9 === 4 && turn === 0 ? "failed" : index % 11 === 6 && turn === 1 ? "stopped" : "done";
      await ask(bench, { place, where: renamed, generation: 1, index: index * 4 + turn, ends });
    }
    await bench.pass(((index * 13) % 20) * HOUR);
  }
  const where = { ...PLACES[1]!, threadId: "1700009999.000100", threadName: "The last one" };
  const live = placeIn(where);
  await ask(bench, { place: live, where, generation: 1, index: 5, ends: "done" });
  await bench.pass(60_000);
  const { claim, turn } = await ask(bench, { place: live, where, generation: 1, index: 6, ends: "open" });
  await bench.pass(2_000);
  await bench.archive.refresh();
  return {
    live,
    finish: async (text) => {
      await bench.store.markAnswered(claim, turn, { text, at: bench.now() });
      await bench.mailbox("a").next(claim, { turn, kind: "done" });
    },
  };
}

const threadOf = ({ workspaceId }: Whereabouts, index: number) =>
  workspaceId.startsWith("T") ? `17000000${index + 10}.000100` : `8300000000000000${index + 10}`;

function placeIn({ workspaceId, channelId, threadId }: Whereabouts): Place {
  const platform = workspaceId.startsWith("T") ? "slack" : "discord";
  return [platform, workspaceId, channelId, ...(threadId === undefined ? [] : [threadId])].join(":") as Place;
}

const idOf = (place: Place, index: number) =>
  (place.startsWith("slack")
    ? `${1_700_000_000 + index}.000100`
    : `84000000000000${1_000 + index}`) as MessageId;

async function ask(bench: StoreBench, question: Question): Promise<{ claim: Claim; turn: number }> {
  const { place, where, index, generation } = question;
  const [text = ""] = TALKS[index % TALKS.length] ?? [];
  const { store } = bench;
  const mailbox = bench.mailbox("a");
  const author = { ...PEOPLE[(index * 3) % PEOPLE.length]!, kind: "person" as const };
  const message = {
    ...messageIn(place, `m${index}-${bench.now()}`),
    id: idOf(place, index),
    platform: place.startsWith("slack") ? "slack" : "discord",
    text,
    author,
    where,
  };
  const added = await mailbox.add(message, true);
  await store.noteWhereabouts(place, where, bench.now());
  if (added.kind === "seen" || !added.claim) throw new Error(`${place} was not taken`);
  const turn = await mailbox.next(added.claim);
  if (!turn) throw new Error("no turn");
  if (!(await store.conversation(place))) {
    const metadata = { platform: message.platform, started_by_id: author.id, started_by_name: author.name };
    await store.openConversation(added.claim, { ...draft(1), metadata, at: bench.now() });
    await store.linkConversation(added.claim, 1, `conv_${index}${"0".repeat(8)}`);
  }
  await store.markCalling(added.claim, turn.id, {
    generation,
    input: text,
    at: bench.now(),
    asked: {
      model: MODELS[index % 2] ?? "",
      price: PRICE,
      settings: { instructions: "0", instructed: "now" },
    },
  });
  await answer(bench, added.claim, { ...question, turn: turn.id });
  return { claim: added.claim, turn: turn.id };
}

async function answer(
  bench: StoreBench,
  claim: Claim,
  { turn, index, ends }: Question & { readonly turn: number },
): Promise<void> {
  const [, text = ""] = TALKS[index % TALKS.length] ?? [];
  await bench.pass(700 + (index % 9) * 260);
  if (ends !== "failed")
    await bench.store.markStreaming(claim, turn, { text: text.slice(0, 60), at: bench.now() });
  if (ends === "open") return;
  await bench.pass(1_500 + (index % 13) * 900);
  const usage = { inputTokens: 420 + index * 31, outputTokens: 90 + (index % 17) * 22, cachedTokens: 120 };
  if (ends === "done") await bench.store.markAnswered(claim, turn, { text, usage, at: bench.now() });
  await bench.mailbox("a").next(claim, {
    turn,
    kind: ends,
    ...(ends === "failed" && { error: "rate_limited: 429 Too Many Requests" }),
  });
}
