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
  const found = await readBack(reader, whereOf(target), query);
  if (target.kind === "thread" && found.length < query.limit && isWithin(target.thread, query)) {
    // In a text channel. A forum's post has its first message within.
    const starter = await reader.find({ guild: target.guild, channel: target.parent }, target.thread);
    if (starter) found.push(starter);
  }
  return found.reverse().map((message) => ({ ...message, place }));
}

const isWithin = (id: string, { after }: HistoryQuery) => after === undefined || isAfter(id, after);

/** Newest first. */
async function readBack(reader: Reader, where: Where, query: HistoryQuery): Promise<Message[]> {
  const found: Message[] = [];
  let before: string = query.before;
  for (let request = 0; request < MOST_REQUESTS && found.length < query.limit; request += 1) {
    const limit = request === 0 ? Math.min(BATCH, query.limit) : BATCH;
    const batch = await reader.list(where, { before, limit });
    for (const raw of batch) {
      if (found.length >= query.limit || !isWithin(raw.id, query)) return found;
      const message = await reader.read(raw);
      if (message) found.push(message);
      before = raw.id;
    }
    if (batch.length < limit) break;
  }
  return found;
}
