import fc from "fast-check";
import type { Message } from "../../../src/chat/message.ts";
import type { ChannelKind, MessageId, Place, Whereabouts } from "../../../src/chat/place.ts";
import { encodePlace as discordPlace } from "../../../src/discord/place.ts";
import { encodePlace as slackPlace } from "../../../src/slack/place.ts";
import { metadataOf } from "../../../src/reply/input.ts";
import { draft, type StoreBench } from "../../contracts/store-bench.ts";

/** Somewhere things are said: some share a channel, a name, a thread's id or a message's id with another. */
interface Spot {
  readonly place: Place;
  readonly platform: string;
  readonly where: Omit<Whereabouts, "channelKind">;
  readonly kind: ChannelKind;
}

const slack = (team: string, channel: string, kind: ChannelKind, threadTs?: string): Spot => ({
  place: slackPlace({ team, channel, ...(threadTs !== undefined && { threadTs }) }),
  platform: "slack",
  kind,
  where: {
    workspaceId: team,
    workspaceName: team === "T1" ? "Acme" : "Globex",
    workspaceUrl: `https://${team.toLowerCase()}.slack.com/`,
    channelId: channel,
    ...(threadTs !== undefined && { threadId: threadTs }),
  },
});
const discord = (guild: string, parent: string, thread?: string): Spot => ({
  place: discordPlace(
    thread === undefined
      ? { kind: "channel", guild, channel: parent }
      : { kind: "thread", guild, parent, thread },
  ),
  platform: "discord",
  kind: "public",
  where: {
    workspaceId: guild,
    workspaceName: "Guild",
    channelId: thread ?? parent,
    ...(thread !== undefined && { threadId: thread, threadName: "Order 17" }),
  },
});
const [ONE, TWO] = ["1700000000.000100", "1700000000.000200"];

const SPOTS: readonly [Spot, ...Spot[]] = [
  slack("T1", "C1", "public", ONE),
  slack("T1", "C1", "public", TWO),
  slack("T1", "C2", "private", ONE),
  slack("T1", "D1", "dm"),
  slack("T2", "C1", "public", ONE),
  slack("T2", "C3", "private", TWO),
  discord("91", "10000000000000001"),
  discord("91", "10000000000000001", "10000000000000002"),
  discord("92", "10000000000000003"),
];

export const NAMES = ["support", "Support", "board", "old board", "random"];
const TOPICS = ["refunds only", "all about order 17"];
const PEOPLE = ["Ada King", "alice", "Grace", "Zoë"];
const SAYINGS = ["A refund, please", "Where is order 17?", "the secret plan", "refund the secret", "Hello!"];
const MODELS = ["glm/one", "kimi/two", "secret/three"];

/** Something that is asked, and what becomes of it. */
interface Step {
  readonly spot: number;
  readonly named: number;
  readonly topic: number;
  readonly user: number;
  readonly says: number;
  readonly model: number;
  /** Where it is private only from then on. */
  readonly closes: boolean;
  readonly anew: boolean;
  readonly ends: "done" | "failed" | "stopped" | "open" | "forgotten" | "held" | "unheard";
}

export const script = fc.array(
  fc.record<Step>({
    spot: fc.nat(SPOTS.length - 1),
    named: fc.nat(NAMES.length - 1),
    topic: fc.nat(TOPICS.length),
    user: fc.nat(PEOPLE.length - 1),
    says: fc.nat(SAYINGS.length - 1),
    model: fc.nat(MODELS.length - 1),
    closes: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.constant(true)),
    anew: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
    ends: fc.constantFrom<Step["ends"]>(
      "done",
      "done",
      "done",
      "failed",
      "stopped",
      "open",
      "forgotten",
      "held",
      "unheard",
    ),
  }),
  { minLength: 10, maxLength: 22 },
);

/** Every message that was posted, also those that the bot ignored. */
export type Posted = readonly Message[];

/** Does what the steps say, as the bot would. Nothing is in the index yet. */
export async function play(bench: StoreBench, steps: readonly Step[]): Promise<Posted> {
  const posted: Message[] = [];
  const world = {
    bench,
    open: new Set<Place>(),
    generations: new Map<Place, number>(),
    gone: new Set<Place>(),
  };
  for (const [index, step] of steps.entries()) {
    await bench.pass(3_600_000 + index);
    const message = messageOf(step, index, bench.now());
    posted.push(message);
    if (step.ends !== "unheard") await hear(world, step, message);
  }
  return posted;
}

function messageOf(
  { spot, named, topic, user, says, closes, ends }: Step,
  index: number,
  at: number,
): Message {
  const { place, platform, where, kind } = SPOTS[spot] ?? SPOTS[0];
  const ts = platform === "slack" ? `1700000001.${numbered(index)}` : `20000000000${numbered(index)}`;
  const begins = place.endsWith(ONE) && index % 5 === 0;
  const id = (begins ? ONE : ts) as MessageId;
  const who = platform === "slack" ? `U${user}00${where.workspaceId}` : `9000000000000000${user}`;
  const name = `${PEOPLE[user]}${where.workspaceId === "92" ? " elsewhere" : ""}`;
  return {
    key: `${place}:${id}:${index}`,
    platform,
    place,
    id,
    sentAt: at,
    author: { id: who, name, kind: "person" },
    text: `${SAYINGS[says]} ${index}`,
    call: {
      mentionsBot: ends !== "unheard",
      repliesToBot: false,
      mentionsOthers: false,
      inThread: false,
      startsPlace: false,
    },
    where: {
      ...where,
      channelKind: closes && kind === "public" ? "private" : kind,
      ...(kind !== "dm" && { channelName: NAMES[named] }),
      ...(topic > 0 && { channelTopic: TOPICS[topic - 1] }),
    },
  };
}

interface Playing {
  readonly bench: StoreBench;
  /** Where something is being answered. */
  readonly open: Set<Place>;
  readonly generations: Map<Place, number>;
  /** Whose newest conversation is forgotten. */
  readonly gone: Set<Place>;
}

async function hear(
  { bench, open, generations, gone }: Playing,
  step: Step,
  message: Message,
): Promise<void> {
  const { place, where } = message;
  const mailbox = bench.mailbox("a");
  const added = await mailbox.add(message, !open.has(place));
  await bench.store.noteWhereabouts(place, where, bench.now());
  if (added.kind === "seen" || !added.claim) return;
  const turn = await mailbox.next(added.claim);
  if (!turn) throw new Error("no turn");
  const before = generations.get(place) ?? 0;
  const generation = before === 0 || step.anew || gone.delete(place) ? before + 1 : before;
  if (generation > before) {
    const metadata = metadataOf(message, generation);
    await bench.store.openConversation(added.claim, { ...draft(generation), metadata, at: bench.now() });
    await bench.store.linkConversation(added.claim, generation, `there-${place}-${generation}`);
    generations.set(place, generation);
  }
  await answer(bench, step, { claim: added.claim, turn: turn.id, generation });
  if (step.ends === "open") open.add(place);
  if (step.ends === "held") await bench.erasure.hold([{ place, generation }], "cli:root", true);
  if (step.ends !== "forgotten") return;
  const wish = await bench.erasure.wish({ conversation: { place, generation } });
  if (wish === "held") return;
  await bench.erasure.erase(wish);
  await bench.erasure.done(wish);
  gone.add(place);
}

interface Answering {
  readonly claim: { readonly place: Place; readonly epoch: number };
  readonly turn: number;
  readonly generation: number;
}

async function answer(bench: StoreBench, step: Step, { claim, turn, generation }: Answering): Promise<void> {
  const { store } = bench;
  const model = MODELS[step.model] ?? "";
  const price = { prompt: 0.5, cachedPrompt: 0.1, completion: 2 };
  const settings = { instructions: "0", instructed: "now" } as const;
  const asked = { model, price, settings };
  await store.markCalling(claim, turn, { generation, input: `given ${turn}`, at: bench.now(), asked });
  if (step.ends === "open") return;
  await bench.pass(20 + turn);
  const text = `${SAYINGS[(step.says + turn) % SAYINGS.length]} answered ${turn}`;
  await store.markStreaming(claim, turn, { text, at: bench.now() });
  await store.markPageIntended(claim, turn, 0);
  await store.markPagePosted(claim, turn, 0, pageOf(step, turn));
  const usage = { inputTokens: 100 + turn * 7, outputTokens: turn * 3 };
  const ended = step.ends === "failed" || step.ends === "stopped" ? step.ends : "done";
  if (ended === "done") await store.markAnswered(claim, turn, { text, usage, at: bench.now() });
  const error = ended === "failed" ? { error: step.model === 0 ? "timeout: 60 s" : "broken: off" } : {};
  await bench.mailbox("a").next(claim, { turn, kind: ended, ...error });
}

const pageOf = ({ spot }: Step, turn: number) =>
  (SPOTS[spot]?.platform === "slack"
    ? `1700000002.${numbered(turn)}`
    : `30000000000${numbered(turn)}`) as MessageId;

const numbered = (count: number) => String(count).padStart(6, "0");
