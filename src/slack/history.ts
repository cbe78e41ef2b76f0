import type { Message } from "../chat/message.ts";
import type { Place } from "../chat/place.ts";
import type { HistoryQuery } from "../chat/platform.ts";
import type { Log } from "../log.ts";
import { referencesOf } from "./decode.ts";
import type { Directory } from "./names.ts";
import { type Identity, type ParseContext, toMessage } from "./parse.ts";
import { decodePlace } from "./place.ts";
import { readPost, type SlackPost } from "./post.ts";
import { readRaw } from "./reading.ts";
import type { SlackWeb } from "./web.ts";

/** A thread is read from its beginning, as Slack offers no other way: so many messages before it is given up. */
const MOST_READ = 5_000;
/** Nobody waits for an acknowledgement here; still, an answer is being prepared. */
const NAMES_WITHIN_MS = 3_000;

export interface HistoryDeps {
  readonly web: SlackWeb;
  readonly self: Identity;
  readonly directory: Directory;
  readonly log: Log;
}

/** See `Platform.history`. */
export async function readHistory(
  deps: HistoryDeps,
  place: Place,
  query: HistoryQuery,
): Promise<readonly Message[]> {
  const at = decodePlace(place);
  const bounds = { before: query.before, ...(query.after === undefined ? {} : { after: query.after }) };
  const isThread = at.threadTs !== undefined;
  const posts: SlackPost[] = [];
  let read = 0;
  for await (const raw of readRaw(deps.web, at, { ...bounds, atMost: MOST_READ })) {
    read += 1;
    const post = readPost(raw, at);
    if (!post) continue;
    posts.push(post);
    if (isThread && posts.length > query.limit) posts.shift();
    if (!isThread && posts.length === query.limit) break;
  }
  if (read >= MOST_READ) deps.log.warn({ place, read }, "a thread is too long to be read to its end");

  const oldestFirst = isThread ? posts : posts.reverse();
  // In a direct message that is one place, a thread's first message is of the thread here.
  const messages = await toMessages(deps, oldestFirst, isThread ? "threads" : "one");
  return messages.map((message) => ({ ...message, place }));
}

/** Normalises posts of one channel, with names as far as they are found out in time. */
export async function toMessages(
  { self, directory }: Pick<HistoryDeps, "self" | "directory">,
  posts: readonly SlackPost[],
  dm: ParseContext["dm"],
): Promise<readonly Message[]> {
  const references = posts.map(referencesOf);
  await directory.learn(
    {
      users: [...posts.flatMap((post) => post.user ?? []), ...references.flatMap(({ users }) => [...users])],
      channels: [
        ...posts.map((post) => post.channel),
        ...references.flatMap(({ channels }) => [...channels]),
      ],
    },
    NAMES_WITHIN_MS,
  );
  return posts.map((post) => toMessage(post, { self, dm, names: directory }));
}
