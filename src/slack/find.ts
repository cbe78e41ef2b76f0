import type { MessageId } from "../chat/place.ts";
import type { Page, PostKey } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { record } from "./json.ts";
import type { Identity } from "./parse.ts";
import { compareTs, messageId, type SlackPlace, tsAt, tsBefore } from "./place.ts";
import { readRaw, type ReadingBounds } from "./reading.ts";
import type { SlackWeb } from "./web.ts";

/** What a post is marked with, so that it can be found again. Named in the app's own messages only; nobody sees it. */
const EVENT_TYPE = "patchcord_page";
/** Messages that are looked through for one post: ten calls. */
const SEARCHED = 2_000;
const HOUR_MS = 60 * 60_000;
/** How far back is looked first, then, and at last, for a post of a process that has ended. Slack gives a thread from its beginning only. */
const SPANS_MS = [HOUR_MS, 24 * HOUR_MS, 30 * 24 * HOUR_MS];

/** The mark of the post with that key, as chat.postMessage takes it. */
export function markOf(key: Pick<PostKey, "text">) {
  return { event_type: EVENT_TYPE, event_payload: { key: key.text } };
}

/** A stream carries no mark before it is stopped (docs.slack.dev, chat.startStream): it is known by not having ended. */
const OPEN: ReadonlySet<unknown> = new Set(["in_progress", "errored"]);

/** The post that carries the key, if it was made, or the stream that was begun for it. Throws `PlatformRefusal`. */
export async function findPost(
  deps: { web: SlackWeb; self: Identity; clock: Clock },
  place: SlackPlace,
  wanted: { key: PostKey; page: Page },
): Promise<MessageId | undefined> {
  const { after = wanted.page.replyTo } = wanted.key;
  let left = SEARCHED;
  for (const window of windowsOf(place, wanted, deps.clock.now())) {
    for await (const raw of readRaw(deps.web, place, { ...window, atMost: left })) {
      left -= 1;
      const { user, ts, metadata, streaming_state: state } = raw;
      if (user !== deps.self.botUserId || typeof ts !== "string") continue;
      const { event_type: type, event_payload: payload } = record(metadata);
      const isIt = type === EVENT_TYPE && record(payload)["key"] === wanted.key.text;
      // A place's pages are made one after the other, so a stream without a mark that is newer than what it follows is this one.
      const isOpen =
        metadata === undefined && OPEN.has(state) && after !== undefined && compareTs(ts, after) > 0;
      if (isIt || isOpen) return messageId(ts);
    }
    if (left <= 0) return undefined;
  }
  return undefined;
}

/**
 * Where to look, the likeliest first. A page stands after the message that it answers, if it says which. What this process tried itself it
 * tried lately.
 */
function* windowsOf(
  { threadTs }: SlackPlace,
  { key, page }: { key: PostKey; page: Page },
  now: number,
): Generator<Omit<ReadingBounds, "atMost">> {
  if (page.replyTo !== undefined) {
    yield { after: page.replyTo };
    return;
  }
  let before: { before?: string } = {};
  for (const span of SPANS_MS) {
    const after = tsBefore(now - span);
    yield { after, ...before };
    if (!key.repeated || (threadTs !== undefined && compareTs(after, threadTs) < 0)) return;
    before = { before: tsAt(now - span) };
  }
  yield before;
}
