import type { Message } from "../../chat/message.ts";
import type { MessageId } from "../../chat/place.ts";
import type { Price, Usage } from "../../reply/event.ts";
import { type Channel, GLM, KIMI, type Person, type Workspace, WORKSPACES } from "./cast.ts";
import { type Chance, chanceOf } from "./chance.ts";
import { ASIDES, LEADS } from "./overheard.ts";
import { idAt, messageOf, type Thread } from "./places.ts";
import { type Exchange, TALKS } from "./talk.ts";

/** A question of the demo's, and what became of it. */
export interface Asked {
  readonly message: Message;
  /** What was said in its place since the question before, the oldest first: the model is given it. */
  readonly heard: readonly Message[];
  readonly answer: string;
  readonly ends: "done" | "failed" | "stopped" | "postponed";
  readonly error?: string;
  readonly model: string;
  readonly price: Price;
  readonly usage: Usage;
  /** Milliseconds from being received to the first text, and to the end. */
  readonly firstTextMs: number;
  readonly endMs: number;
  /** Our messages. */
  readonly pages: readonly MessageId[];
}

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const DAYS = 30;
const SEED = 20_261_128;
/** How often people talk among themselves before they call the bot, and between two questions. */
const [LED, ASIDE] = [0.3, 0.12];
/** Conversations that begin on an ordinary day; by weekday, Sunday first. */
const PER_DAY = 12;
const WEEK = [0.1, 1, 1.1, 1.15, 1.05, 0.85, 0.15] as const;
/** How much is asked in each hour of an office's day, from 7 to 20. */
const OFFICE = [1, 3, 7, 9, 8, 5, 4, 7, 8, 6, 4, 2, 1, 1] as const;
const PRICES: Readonly<Record<string, Price>> = {
  [KIMI]: { prompt: 0.6, cachedPrompt: 0.12, completion: 2.5 },
  [GLM]: { prompt: 0.9, cachedPrompt: 0.18, completion: 3.2 },
};
/** Conversations that begin while Telnyx cannot be reached, besides the day's. */
const AGAIN = 7;
/** The instructions and what else goes with every request. */
const BASE_TOKENS = 900;

/** A month of conversations up to `until` (milliseconds since the epoch), the oldest first: the same ones for the same time. */
export function monthOf(until: number): readonly Asked[] {
  const chance = chanceOf(SEED);
  const first = Math.floor(until / DAY) * DAY - (DAYS - 1) * DAY;
  const outage = outageIn(first);
  const asked: Asked[] = [];
  for (let day = 0; day < DAYS; day += 1) {
    const begin = first + day * DAY;
    const share = (WEEK[new Date(begin).getUTCDay()] ?? 1) * (0.8 + day / 60);
    const count = Math.round(PER_DAY * share + chance.between(-1, 2));
    for (let n = 0; n < count; n += 1) asked.push(...conversation(chance, { begin, until, outage }));
  }
  // Whoever gets no answer asks again elsewhere.
  for (let n = 0; n < AGAIN; n += 1) {
    const at = chance.between(outage.from, outage.to);
    asked.push(...conversation(chance, { begin: at, until, outage, at }));
  }
  return asked
    .filter(({ message }) => message.sentAt < until - HOUR)
    .sort((a, b) => a.message.sentAt - b.message.sentAt);
}

interface When {
  /** The day's begin. */
  readonly begin: number;
  readonly until: number;
  readonly outage: Outage;
  /** When it begins. Absent: at some time of that day's work. */
  readonly at?: number;
}

interface Outage {
  readonly from: number;
  readonly to: number;
}

/** On the month's third Tuesday or so, Telnyx could not be reached for an hour and a half. */
function outageIn(first: number): Outage {
  const day = [17, 18, 19, 20, 21, 22, 23].find((n) => new Date(first + n * DAY).getUTCDay() === 2) ?? 20;
  const from = first + day * DAY + 13 * HOUR;
  return { from, to: from + 90 * MINUTE };
}

function conversation(chance: Chance, { begin, until, outage, ...when }: When): Asked[] {
  const { workspace, channel } = somewhere(chance);
  const people = workspace.people.filter(({ id }) => channel.members?.includes(id) ?? true);
  const talk = chance.one(TALKS[channel.theme] as readonly [readonly Exchange[], ...(readonly Exchange[])[]]);
  const fills = fillsOf(chance, people);
  const opener = someone(chance, people);
  let at = when.at ?? begin + (hourOf(chance) - workspace.offset) * HOUR + chance.between(0, HOUR - 1);
  const lead = channel.kind !== "dm" && chance.happens(LED) ? chance.one(LEADS[channel.theme]) : [];
  const title = filled(lead[0] ?? talk[0]?.[0] ?? "", fills);
  const thread: Thread = { workspace, channel, startedAt: at, title };
  const say = (author: Person, text: string, mentionsBot = false) =>
    messageOf(thread, { at, author, text: filled(text, fills), mentionsBot, until });
  const overhear = (lines: readonly string[]) =>
    lines.map((line) => {
      const said = say(someone(chance, people), line);
      at += chance.between(8_000, 4 * MINUTE);
      return said;
    });
  let heard = overhear(lead);
  const turns: Asked[] = [];
  let history = heard.length * 20;
  for (const [index, [question, answer]] of talk.entries()) {
    // Some say no more, and some come back days later.
    if (index > 0 && chance.happens(0.22)) break;
    if (index > 0) {
      heard = channel.kind !== "dm" && chance.happens(ASIDE) ? overhear([chance.one(ASIDES)]) : [];
      at += chance.happens(0.2) ? chance.between(1, 8) * DAY : chance.between(1, 9) * MINUTE;
    }
    const author = index === 0 || chance.happens(0.8) ? opener : someone(chance, people);
    const message = say(author, question, index === 0);
    const turn = ending(chance, { message, heard, answer: filled(answer, fills), channel, history, outage });
    turns.push(turn);
    history += (turn.usage.outputTokens ?? 0) + question.length / 3;
    at += turn.endMs;
  }
  return turns;
}

function somewhere(chance: Chance): { readonly workspace: Workspace; readonly channel: Channel } {
  const all = WORKSPACES.flatMap((workspace) =>
    workspace.channels.map((channel) => ({ workspace, channel })),
  );
  let left = chance.next() * all.reduce((sum, { channel }) => sum + channel.weight, 0);
  const found = all.find(({ channel }) => (left -= channel.weight) < 0) ?? all[0];
  if (!found) throw new Error("the demo has channels");
  return found;
}

const someone = (chance: Chance, people: readonly Person[]) =>
  chance.one(people as readonly [Person, ...Person[]]);

function hourOf(chance: Chance): number {
  let left = chance.next() * OFFICE.reduce((sum: number, share) => sum + share, 0);
  return 7 + OFFICE.findIndex((share) => (left -= share) < 0);
}

type Fills = Readonly<Record<string, string>>;
const CUSTOMERS = [
  "Mr Okafor",
  "Ms Petrova",
  "Frau Schneider",
  "Mme Laurent",
  "Mr Tanaka",
  "Ms O'Neill",
] as const;

function fillsOf(chance: Chance, people: readonly Person[]): Fills {
  return {
    order: String(chance.between(10_200, 19_900)),
    name: chance.happens(0.7) ? chance.one(CUSTOMERS) : (people[0]?.name ?? ""),
    amount: `${chance.between(9, 240)}.${chance.one(["00", "50", "90"])} €`,
  };
}

const filled = (text: string, fills: Fills) =>
  text.replaceAll(/\{(\w+)\}/g, (all, name: string) => fills[name] ?? all);

interface Question extends Pick<Asked, "message" | "heard"> {
  readonly answer: string;
  readonly channel: Channel;
  readonly history: number;
  readonly outage: Outage;
}

/** `reason: detail`, as the bridge stores it. */
const FAILURES = [
  "timeout: no text for 60 s",
  "model_error: server_error: The model had an error while processing your request.",
  "cut: the stream ended without its end",
] as const;
const OUTAGE = "unavailable: http_503: upstream connect error or disconnect before headers";

function ending(chance: Chance, { message, heard, answer, channel, history, outage }: Question): Asked {
  const model = channel.model ?? KIMI;
  const pasted = channel.theme === "code" && chance.happens(0.3) ? chance.between(2_000, 16_000) : 0;
  const outputTokens = Math.round(answer.length / 3.4) + chance.between(0, 60);
  const inputTokens = Math.round(
    BASE_TOKENS + history * chance.between(2, 5) + message.text.length / 3.4 + pasted,
  );
  const cachedTokens = history > 0 ? Math.round((inputTokens - pasted) * 0.7) : 0;
  const firstTextMs =
    chance.between(500, 1_900) + Math.round(inputTokens / 9) + (chance.happens(0.04) ? 9_000 : 0);
  const endMs = firstTextMs + Math.round((outputTokens / (model === GLM ? 28 : 42)) * 1_000);
  const isOut = message.sentAt >= outage.from && message.sentAt < outage.to && chance.happens(0.8);
  const usual = {
    message,
    heard,
    answer,
    ends: "done" as const,
    model,
    price: PRICES[model] ?? { prompt: 0, completion: 0 },
    usage: { inputTokens, outputTokens, cachedTokens },
    firstTextMs,
    endMs,
    pages: [idAt(message.platform, message.sentAt + firstTextMs)],
  };
  if (isOut)
    return { ...usual, ends: "failed", error: OUTAGE, answer: "", endMs: chance.between(8_000, 26_000) };
  const luck = chance.next();
  if (luck < 0.018)
    return { ...usual, ends: "failed", error: chance.one(FAILURES), answer: "", endMs: 60_400 };
  if (luck < 0.04)
    return { ...usual, ends: "stopped", answer: answer.slice(0, Math.ceil(answer.length / 3)) };
  if (luck < 0.048) return { ...usual, ends: "postponed", answer: "" };
  return usual;
}
