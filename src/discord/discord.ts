import type { Limits, Listener, Platform } from "../chat/platform.ts";
import { PatchcordError, PlatformRefusal } from "../errors.ts";
import { PAGE_LENGTH, suits } from "./format.ts";
import { findByItself } from "./lookup.ts";
import { createRoom, PER_SECOND, type Room } from "./room.ts";
import { openSession, type Session, type SessionDeps } from "./session.ts";

/** `exclusive`: each shard is listened to by one process. */
export type DiscordDeps = Omit<SessionDeps, "room">;

/**
 * A file may have 10 MiB (docs.discord.com, API Reference, Uploading Files); a UTF-16 unit takes three bytes at the most.
 */
const MOST_FILE_LENGTH = 3_000_000;

/** Of a second so many requests are left to the typing and reading of other processes. */
const ELSEWHERE = 8;

function limitsFor(
  { config: { codeAsFileAfterPages: afterPages = 0 } }: DiscordDeps,
  { draws }: Room,
): Limits {
  const limits: Limits = {
    pageLength: PAGE_LENGTH,
    unit: "code points",
    suits,
    /**
     * Not documented, since Discord's headers tell it (docs.discord.com, Rate Limits), but observed for years: five in five
     * seconds for each channel, a thread being one, posts and edits together (discord-api-docs#2761, discord-api-docs#1442).
     * For the bot as a whole, together with typing and what is read: see `PER_SECOND`.
     */
    budgets: [
      { covers: ["post", "edit"], per: "place", paints: 5, windowMs: 5_000 },
      {
        covers: ["post", "edit"],
        per: "platform",
        paints: PER_SECOND,
        windowMs: 1_000,
        draws,
        elsewhere: ELSEWHERE,
      },
    ],
  };
  return afterPages > 0 ? { ...limits, files: { afterPages, maxLength: MOST_FILE_LENGTH } } : limits;
}

const WITHOUT_CONTENT =
  "Discord's message content intent is off: the bot reads only messages that mention it and direct messages, so people must mention it in every message, also in its threads, and what others said before is not known to it. Switch the intent on, on the application's Bot page in the developer portal, and restart.";

/** The Discord adapter: one bot, and as many of its shards as no other process listens to. The members' duties are told in `Platform`. */
export function createDiscord(deps: DiscordDeps): Platform {
  const room = createRoom(deps.clock);
  const stopping = new AbortController();
  const closing = new AbortController();
  const signals = { stopping: stopping.signal, closing: closing.signal };
  let session: Session | undefined;
  let starting: Promise<void> | undefined;

  const started = (): Session => demand(session);
  const start = async (listener: Listener) => {
    session = await openSession({ ...deps, room }, listener, signals);
    await session.shards.settled;
  };
  const close = async () => {
    closing.abort(new PatchcordError("discord_stopped", "The Discord adapter was stopped"));
    await session?.shards.done;
  };

  return {
    name: "discord",
    limits: limitsFor(deps, room),
    get warnings() {
      return session && !session.shards.readsContent ? [WITHOUT_CONTENT] : [];
    },
    async start(listener) {
      starting = start(listener);
      try {
        await starting;
      } catch (error) {
        await close();
        throw error;
      }
    },
    post: async (place, page, key) => started().post(place, page, key),
    edit: async (place, id, page) => started().edit(place, id, page),
    history: async (place, query) => started().history(place, query),
    missed: (query) => started().missed(query),
    find: async (link) => (session ? session.find(link) : findByItself(deps, link)),
    indicate: (place, signal) => session?.indicate(place, signal),
    async stop() {
      stopping.abort();
      await session?.delivery.settle();
      await Promise.all([session?.presses.settle(), session?.commands.settle()]);
      await close();
      await starting?.catch(() => undefined);
      await session?.shards.done;
    },
  };
}

function demand(session: Session | undefined): Session {
  if (session) return session;
  throw new PlatformRefusal("unavailable", "discord_not_started", "The Discord adapter is not started");
}
