import { type Message as DiscordMessage, MessageType } from "discord.js";
import type { Message } from "../chat/message.ts";
import type { Place } from "../chat/place.ts";
import type { HistoryQuery } from "../chat/platform.ts";
import { decodePlace, isAfter, type Where, whereOf } from "./place.ts";
import type { Reader } from "./reader.ts";

/** The most that one request gives (docs.discord.com, Message Resource, Get Channel Messages). */
const BATCH = 100;
/** How many requests one history may cost, where most of a channel is not said by anyone: joins, pins, boosts. */
const MOST_REQUESTS = 5;

/** What was said in a place before a message, as `Platform.history` promises it. */
export async function readHistory(
  reader: Reader,
  place: Place,
  query: HistoryQuery,
): Promise<readonly Message[]> {
  const target = decodePlace(place);
  // Nothing is before what a thread hangs on, and the thread need not exist yet.
  if (target.kind === "thread" && target.thread === query.before) return [];
  const { found, opening } = await readBack(reader, whereOf(target), query);
  if (target.kind === "thread" && opening && found.length < query.limit && isWithin(target.thread, query)) {
    const starter = await starterOf(reader, { ...target, opening });
    if (starter) found.push(starter);
  }
  return found.reverse().map((message) => ({ ...message, place }));
}

const isWithin = (id: string, { after }: HistoryQuery) => after === undefined || isAfter(id, after);

interface Opened {
  readonly guild: string;
  readonly parent: string;
  readonly thread: string;
  readonly opening: DiscordMessage;
}

/**
 * What a thread in a text channel hangs on comes with the message that opens the thread (docs.discord.com, Message Resource, Message Types, 21), and discord.js keeps
 * it among those of the thread. So it is asked for only if Discord left it out, as it may: many threads of one channel share that channel's limit.
 */
async function starterOf(
  reader: Reader,
  { guild, parent, thread, opening }: Opened,
): Promise<Message | undefined> {
  const starter = opening.channel.messages.cache.get(thread);
  return starter ? reader.read(starter) : reader.find({ guild, channel: parent }, thread);
}

/** Newest first, and the message that opens the thread, if that was reached and the thread hangs on a message. A forum's post has its first message within. */
async function readBack(reader: Reader, where: Where, query: HistoryQuery) {
  const found: Message[] = [];
  let before: string = query.before;
  for (let request = 0; request < MOST_REQUESTS && found.length < query.limit; request += 1) {
    const limit = request === 0 ? Math.min(BATCH, query.limit) : BATCH;
    const batch = await reader.list(where, { before, limit });
    for (const raw of batch) {
      if (found.length >= query.limit || !isWithin(raw.id, query)) return { found };
      if (raw.type === MessageType.ThreadStarterMessage) return { found, opening: raw };
      const message = await reader.read(raw);
      if (message) found.push(message);
      before = raw.id;
    }
    if (batch.length < limit) break;
  }
  return { found };
}
