import fc from "fast-check";
import type { ChannelKind, MessageId, Place, Whereabouts } from "../../src/chat/place.ts";
import type { Usage } from "../../src/reply/event.ts";
import { fold } from "../../src/store/words.ts";
import type { Claim } from "../../src/store/mailbox.ts";
import { draft, messageIn, type StoreBench } from "./store-bench.ts";

/** Something that happens to the archive's database. */
export interface Step {
  readonly place: number;
  readonly user: number;
  /** Which of the names people and places have now. */
  readonly called: number;
  readonly named: number;
  readonly kind: ChannelKind;
  readonly says: number;
  readonly ends: "done" | "failed" | "stopped" | "postponed" | "open" | "unpriced";
  /** Whose message the conversation is given besides, without being asked by it. */
  readonly hears?: number | undefined;
  readonly anew: boolean;
  readonly refresh: boolean;
}

export const USERS = ["Alice", "alicia", "Zoë 🦊", "ALICE B", "x_%"];
export const CHANNELS = ["support", "Support two", "rändom", "random%", "日本"];
const SAYINGS = [
  "A refund, please",
  "please refund the refund",
  "What's ÜBER-new? x1",
  "日本語の質問",
  "'\"*; DROP TABLE turn --",
  "",
];
export const WORDS = ["refund", "please", "a", "uber", "x1", "x", "本", "日", "drop", "the"];
const MODELS = ["glm", "kimi"];

export const step: fc.Arbitrary<Step> = fc.record({
  place: fc.nat(4),
  user: fc.nat(3),
  called: fc.nat(USERS.length - 1),
  named: fc.nat(CHANNELS.length - 1),
  kind: fc.constantFrom<ChannelKind>("public", "public", "private"),
  says: fc.nat(SAYINGS.length - 1),
  ends: fc.constantFrom<Step["ends"]>(
    "done",
    "done",
    "done",
    "failed",
    "stopped",
    "postponed",
    "open",
    "unpriced",
  ),
  hears: fc.option(fc.nat(4), { nil: undefined }),
  anew: fc.boolean(),
  refresh: fc.boolean(),
});

export interface KnownTurn {
  readonly id: number;
  readonly place: Place;
  readonly generation: number;
  readonly messageId: string;
  readonly where: Whereabouts;
  readonly userId: string;
  readonly userName: string;
  readonly status: string;
  readonly model?: string;
  readonly error?: string;
  readonly usage?: Usage;
  readonly cost?: number;
  readonly at: number;
  readonly firstText?: number;
  readonly complete?: number;
  readonly question: string;
  readonly answer: string;
}

/** All that the test knows of what it did, from nothing that the archive says. */
export interface Known {
  readonly turns: KnownTurn[];
  /** By generation and place, of whom a message was heard. */
  readonly heard: Map<string, Set<string>>;
  /** By place, every generation's start. */
  readonly generations: Map<Place, number[]>;
  readonly whereabouts: Map<Place, { since: number; where: Whereabouts }[]>;
}

export const PRICE = { prompt: 0.5, cachedPrompt: 0.1, completion: 2 };

/** Does what the steps say, as the bridge would, and notes it. `pace`: how many times longer it takes. */
export async function play(bench: StoreBench, steps: readonly Step[], pace = 1): Promise<Known> {
  const known: Known = { turns: [], heard: new Map(), generations: new Map(), whereabouts: new Map() };
  const stuck = new Set<Place>();
  for (const [index, one] of steps.entries()) {
    await bench.pass(1 + index * pace * 1_000_000);
    await ask(bench, known, { ...one, index, stuck });
    if (one.refresh) await bench.archive.refresh();
  }
  await bench.archive.refresh();
  return known;
}

type Asked = Step & { readonly index: number; readonly stuck: Set<Place> };

async function ask(bench: StoreBench, known: Known, one: Asked): Promise<void> {
  const { index, stuck } = one;
  const place = `chat:P${one.place}` as Place;
  const where = whereOf(one);
  const question = SAYINGS[one.says] ?? "";
  const author = { id: `U${one.user}`, name: USERS[one.called] ?? "", kind: "person" } as const;
  const mailbox = bench.mailbox("a");
  const message = { ...messageIn(place, `m${index}`), text: question, author, where, platform: "chat" };
  const at = bench.now();
  const added = await mailbox.add(message, !stuck.has(place), one.ends === "postponed");
  if (added.kind === "seen") throw new Error("seen");
  await bench.store.noteWhereabouts(place, where, at);
  note(known, place, where, at);
  const said = { messageId: message.id, userId: author.id, userName: author.name, question };
  const base = { id: added.turn, place, where, at, ...said };
  const starts = known.generations.get(place) ?? [];
  if (!added.claim) {
    known.turns.push({ ...base, generation: Math.max(1, starts.length), status: "open", answer: "" });
    return;
  }
  const turn = await mailbox.next(added.claim);
  if (!turn) throw new Error("no turn");
  if (starts.length === 0 || one.anew) {
    starts.push(at);
    known.generations.set(place, starts);
    const { metadata, ...drafted } = draft(starts.length);
    const platform = { ...metadata, platform: "chat" };
    await bench.store.openConversation(added.claim, { ...drafted, metadata: platform, at });
    await bench.store.linkConversation(added.claim, starts.length, `T${one.place}-${starts.length}`);
  }
  if (one.hears !== undefined)
    await hear(bench, known, {
      index,
      hears: one.hears,
      claim: added.claim,
      generation: starts.length,
    });
  if (one.ends === "open") stuck.add(place);
  const facts = await end(bench, { ...one, turn: turn.id, claim: added.claim, generation: starts.length });
  known.turns.push({ ...base, generation: starts.length, answer: "", ...facts });
}

interface Heard {
  readonly hears: number;
  readonly claim: Claim;
  readonly generation: number;
}

async function hear(
  bench: StoreBench,
  known: Known,
  { hears, index, claim, generation }: Pick<Asked, "index"> & Heard,
): Promise<void> {
  const { place } = claim;
  const author = { id: `U${hears}`, name: `Heard ${hears}`, kind: "person" } as const;
  await bench.store.markHeard(claim, generation, { ...messageIn(place, `heard${index}`), author });
  const key = heardKey({ place, generation });
  known.heard.set(key, (known.heard.get(key) ?? new Set()).add(author.id));
}

export const heardKey = ({ place, generation }: { place: Place; generation: number }) =>
  `${generation} ${place}`;

type Ending = Asked & { turn: number; claim: { place: Place; epoch: number }; generation: number };

async function end(bench: StoreBench, one: Ending): Promise<Partial<KnownTurn> & { status: string }> {
  const { store } = bench;
  const { claim, turn, index } = one;
  const mailbox = bench.mailbox("a");
  if (one.ends === "postponed") {
    await mailbox.next(claim, { turn, kind: "postponed" });
    return { status: "postponed", complete: 0 };
  }
  const model = MODELS[index % 2] ?? "";
  const priced = one.ends !== "unpriced";
  await store.markCalling(claim, turn, {
    generation: one.generation,
    input: "in",
    at: bench.now(),
    asked: { model, ...(priced && { price: PRICE }), settings: { instructions: "0", instructed: "now" } },
  });
  if (one.ends === "open") return { status: "open", model };
  await bench.pass(5);
  const answer = SAYINGS[(one.says + index) % SAYINGS.length] ?? "";
  await store.markStreaming(claim, turn, { text: answer, at: bench.now() });
  await store.markPageIntended(claim, turn, 0);
  await store.markPagePosted(claim, turn, 0, `page${index}` as MessageId);
  const times = { firstText: 5, complete: 5 + index };
  const usage = { inputTokens: index * 10, outputTokens: 7, cachedTokens: index };
  const done = one.ends === "done" || one.ends === "unpriced";
  if (done) await store.markAnswered(claim, turn, { text: answer, usage, at: bench.now() });
  await bench.pass(index);
  const error = one.ends === "failed" ? { error: index % 2 ? "timeout: no headers" : "Broke: off" } : {};
  await mailbox.next(claim, { turn, kind: done ? "done" : one.ends, ...error });
  const cost = Math.round((usage.inputTokens - index) * 0.5 + index * 0.1 + 7 * 2);
  return {
    status: done ? "done" : one.ends,
    model,
    answer,
    ...times,
    ...(done && { usage }),
    ...(done && priced && { cost }),
    ...(one.ends === "failed" && { error: index % 2 ? "timeout" : "Broke" }),
  };
}

function whereOf({ place, named, kind }: Step): Whereabouts {
  return {
    workspaceId: `W${place % 2}`,
    workspaceName: "Acme",
    ...(place > 0 && { workspaceUrl: `https://w${place % 2}.example.com/` }),
    channelId: `C${place % 3}`,
    channelKind: kind,
    ...(named > 0 && { channelName: CHANNELS[named] }),
    ...(named % 2 === 0 && { channelTopic: `on ${CHANNELS[named]}`, threadId: `t${place}` }),
  };
}

function note(known: Known, place: Place, where: Whereabouts, at: number): void {
  const history = known.whereabouts.get(place) ?? [];
  const last = history.at(-1)?.where;
  const merged = { ...last, ...where };
  const same = last && Object.entries(merged).every(([key, value]) => Reflect.get(last, key) === value);
  if (!same) history.push({ since: at, where: merged });
  known.whereabouts.set(place, history);
}

export const folded = (name: string | undefined) => (name === undefined ? [] : [fold(name)]);
