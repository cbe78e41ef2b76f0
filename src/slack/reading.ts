import { type Json, list, record, text } from "./json.ts";
import { compareTs, type SlackPlace } from "./place.ts";
import type { SlackWeb } from "./web.ts";

/** Messages a call. docs.slack.dev, conversations.replies and conversations.history: no more than 200 are recommended. */
const PER_CALL = 200;

export interface ReadingBounds {
  /** Left out, like everything up to it. */
  readonly after?: string;
  /** Left out, like everything from it on. */
  readonly before?: string;
  /** No more messages than this are read, whatever there is. */
  readonly atMost: number;
}

/**
 * The messages of a place as Slack gives them: a thread's oldest first, those of a direct message as a whole newest first,
 * without what was said in its threads. Throws `PlatformRefusal`.
 */
export async function* readRaw(
  web: SlackWeb,
  place: SlackPlace,
  bounds: ReadingBounds,
): AsyncGenerator<Json> {
  for await (const raw of readShown(web, place, bounds))
    if (place.threadTs !== undefined || !isInThread(raw)) yield raw;
}

/** As `readRaw`, with what was said in a channel's threads and is shown in the channel too. */
export async function* readShown(
  web: SlackWeb,
  place: SlackPlace,
  bounds: ReadingBounds,
): AsyncGenerator<Json> {
  let cursor: string | undefined;
  let left = bounds.atMost;
  do {
    const page = await readPage(web, place, { ...bounds, cursor, limit: Math.min(PER_CALL, left) });
    for (const raw of page.messages) if (isWithin(raw, bounds)) yield raw;
    left -= page.messages.length;
    // A page without a message would let a broken server turn us in circles.
    cursor = page.messages.length > 0 && left > 0 ? page.next : undefined;
  } while (cursor !== undefined);
}

/** A thread's first message comes whatever the bounds are. */
function isWithin(raw: Json, { after, before }: ReadingBounds): boolean {
  const ts = text(raw["ts"]);
  if (ts === undefined) return false;
  return (
    !(after !== undefined && compareTs(ts, after) <= 0) &&
    !(before !== undefined && compareTs(ts, before) >= 0)
  );
}

/** It is not the message that a thread hangs on, but one of those in it. */
export function isInThread(raw: Json): boolean {
  return (text(raw["thread_ts"]) ?? raw["ts"]) !== raw["ts"];
}

async function readPage(
  web: SlackWeb,
  { channel, threadTs }: SlackPlace,
  query: { after?: string; before?: string; cursor: string | undefined; limit: number },
): Promise<{ messages: readonly Json[]; next: string | undefined }> {
  const options = {
    channel,
    limit: query.limit,
    include_all_metadata: true,
    ...(query.after === undefined ? {} : { oldest: query.after }),
    ...(query.before === undefined ? {} : { latest: query.before }),
    ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
  };
  const answer =
    threadTs === undefined
      ? await web.call("conversations.history", options)
      : await web.call("conversations.replies", { ...options, ts: threadTs });
  return {
    messages: list(answer["messages"]).map(record),
    next: text(record(answer["response_metadata"])["next_cursor"]),
  };
}
