import type { Message } from "../chat/message.ts";
import type { MissedQuery } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { asError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { channelsOf, type Source } from "./channels.ts";
import type { SlackConfig } from "./config.ts";
import { toMessages } from "./history.ts";
import { type Json, list, text } from "./json.ts";
import type { Directory } from "./names.ts";
import { type Identity, isSelf } from "./parse.ts";
import { createPatientWeb, endsAll } from "./patience.ts";
import { compareTs, decodePlace, encodePlace, tsBefore } from "./place.ts";
import { readPost, type SlackPost } from "./post.ts";
import { isInThread, readShown } from "./reading.ts";
import type { SlackWeb } from "./web.ts";

/** Of one thread or channel: two calls. Of a channel the newest count, because Slack begins with them. */
const MOST_EACH = 400;
/** Calls that are under way at once. Answers come in order all the same. */
const AT_ONCE = 4;
const DAY_MS = 24 * 60 * 60_000;

export interface MissedDeps {
  readonly web: SlackWeb;
  readonly self: Identity;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: Pick<SlackConfig, "dm" | "answers">;
}

interface Reading {
  readonly posts: readonly SlackPost[];
  /** In a channel: its threads in which something was said since. */
  readonly threads: readonly Thread[];
  readonly full: boolean;
  /** What ended the reading before its time. */
  readonly failure?: unknown;
}

interface Thread extends Source {
  /** The bot was called where it begins, or has said something in it. */
  readonly involvesBot: boolean;
}

/**
 * See `Platform.missed`. In this order: the places that are known, direct messages, channels, and the threads of those two in which
 * something new was said. A mention in a thread that began before `since`, and in which the bot never took part, is not found: Slack
 * lets no app ask for it.
 */
export function createMissed(deps: MissedDeps): (query: MissedQuery) => AsyncGenerator<Message> {
  const told = new Set<string>();
  return async function* (query) {
    const { places, signal } = query;
    const web = createPatientWeb({ ...deps, signal });
    const run = createRun({ ...deps, web }, query);
    try {
      const known = places.map(decodePlace);
      yield* run.read(known);
      yield* run.read(await channelsOf({ ...deps, web, told }, known));
      yield* run.read(run.threads());
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      run.report();
    }
  };
}

interface Run {
  /** Reads what was not read yet. Throws `PlatformRefusal` when nothing more can be read at all. */
  read(sources: readonly Source[]): AsyncGenerator<Message>;
  /** Those that were met on the way and not read, the bot's own first. */
  threads(): readonly Thread[];
  /** Tells the operator what stays unread. */
  report(): void;
}

function createRun(deps: MissedDeps, { since, signal }: MissedQuery): Run {
  const { config, log } = deps;
  const seen = new Set<string>();
  const met = new Map<string, Thread>();
  const visited = new Set<string>();
  const isNew = (source: Source) => {
    const name = encodePlace(source);
    return !visited.has(name) && visited.add(name);
  };
  const left: { full: number; unreadable: Map<string, number> } = { full: 0, unreadable: new Map() };

  const note = ({ failure, full, threads }: Reading) => {
    for (const thread of threads) met.set(encodePlace(thread), thread);
    if (full) left.full += 1;
    if (failure === undefined) return;
    if (!(failure instanceof PlatformRefusal) || endsAll(failure)) throw asError(failure);
    left.unreadable.set(failure.code, (left.unreadable.get(failure.code) ?? 0) + 1);
  };

  return {
    read: async function* (sources) {
      const readings = inOrder(sources.filter(isNew), (source) => readSource(deps, source, since));
      for await (const reading of readings) {
        const posts = reading.posts.filter(({ channel, ts }) => !seen.has(`${channel} ${ts}`));
        for (const message of await toMessages(deps, posts, config.dm)) {
          if (signal.aborted) return;
          yield message;
        }
        for (const { channel, ts } of posts) seen.add(`${channel} ${ts}`);
        note(reading);
        if (signal.aborted) return;
      }
    },
    threads: () => {
      const all = [...met.values()];
      return [...all.filter((one) => one.involvesBot), ...all.filter((one) => !one.involvesBot)];
    },
    report: () => {
      if (left.full > 0)
        log.warn(
          { places: left.full, messages: MOST_EACH },
          "more was missed in a place than is read of one",
        );
      if (left.unreadable.size > 0)
        log.info(Object.fromEntries(left.unreadable), "some places could not be read for what was missed");
    },
  };
}

/** Never rejects: what was read before a failure counts. */
async function readSource({ web, self, clock }: MissedDeps, source: Source, since: number): Promise<Reading> {
  const after = tsBefore(since);
  // Without an upper bound Slack begins with what is nearest to the lower one (slackhq/slack-api-docs#4).
  const before = source.threadTs === undefined ? { before: tsBefore(clock.now() + DAY_MS) } : {};
  const posts: SlackPost[] = [];
  const threads: Thread[] = [];
  let read = 0;
  const end = (failure?: unknown): Reading => ({
    posts: posts.sort((a, b) => compareTs(a.ts, b.ts)),
    threads,
    full: read >= MOST_EACH,
    ...(failure === undefined ? {} : { failure }),
  });
  try {
    for await (const raw of readShown(web, source, { after, ...before, atMost: MOST_EACH })) {
      read += 1;
      const thread = source.threadTs === undefined ? threadIn(raw, source, { self, after }) : undefined;
      if (thread) threads.push(thread);
      // What is said in a thread and shown outside of it is read where it was said.
      if (source.threadTs === undefined && isInThread(raw)) continue;
      const post = readPost({ ...raw, channel_type: source.channelType }, source);
      if (post && !isSelf(post, self)) posts.push(post);
    }
    return end();
  } catch (failure) {
    return end(failure);
  }
}

/** The thread that a message of a channel tells of, if something was said in it since (docs.slack.dev, conversations.history). */
function threadIn(
  raw: Json,
  { team, channel, channelType }: Source,
  { self, after }: { self: Identity; after: string },
): Thread | undefined {
  const latest = isInThread(raw) ? text(raw["ts"]) : text(raw["latest_reply"]);
  const threadTs = text(raw["thread_ts"]);
  if (threadTs === undefined || latest === undefined || compareTs(latest, after) <= 0) return undefined;
  const involvesBot =
    list(raw["reply_users"]).includes(self.botUserId) ||
    (text(raw["text"]) ?? "").includes(`<@${self.botUserId}`);
  return { team, channel, threadTs, involvesBot, ...(channelType === undefined ? {} : { channelType }) };
}

/** Reads some ahead, and yields in the sources' order. `read` must not reject: nobody may ask for what was read ahead. */
async function* inOrder<T>(
  sources: readonly Source[],
  read: (source: Source) => Promise<T>,
): AsyncGenerator<T> {
  const underway: Promise<T>[] = [];
  for (const source of sources) {
    underway.push(read(source));
    if (underway.length < AT_ONCE) continue;
    const next = underway.shift();
    if (next) yield await next;
  }
  for (const reading of underway) yield await reading;
}
