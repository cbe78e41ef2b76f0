import { type Message as DiscordMessage, RequestMethod, Routes, type TextBasedChannel } from "discord.js";
import type { Exclusive, Listener } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { type Application, fetchApplication } from "./application.ts";
import { type Calls, createCalls, isRefusal } from "./calls.ts";
import { type LinkDeps, linkError } from "./client.ts";
import type { DiscordConfig } from "./config.ts";
import { createDesk } from "./desk.ts";
import { createGateway } from "./gateway.ts";
import type { Where } from "./place.ts";
import { CODE } from "./refusal.ts";
import type { Room } from "./room.ts";
import { runShards, type Shards } from "./shards.ts";

/** The bot, as the adapter's rooms use it: by REST alone, or with what the shards that this process listens to know. */
export interface Bot {
  readonly calls: Calls;
  readonly applicationId: string;
  /** Its user. */
  readonly userId: string;
  readonly shards: Shards;
  /** Undefined if it holds no messages. Throws `PlatformRefusal`. */
  open(where: Where): Promise<TextBasedChannel | undefined>;
  /** Whether a thread is there. Throws `PlatformRefusal`. */
  hasThread(guild: string, thread: string): Promise<boolean>;
}

export interface BotDeps {
  readonly config: DiscordConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly room: Room;
  readonly exclusive: Exclusive;
  readonly tell: Listener["changed"];
  /** As in `ShardsDeps`. Not called before the bot was returned. */
  readonly hear: (message: DiscordMessage) => void;
  readonly press: LinkDeps["press"];
}

/** Between two tries to reach Discord at the start. */
const PAUSES_MS = [1_000, 5_000];
/** How many threads are remembered to be there. */
const KNOWN_THREADS = 1_000;

/** Finds out who the bot is, and lets it listen until the signal aborts. Throws `PatchcordError`. */
export async function startBot(deps: BotDeps, signal: AbortSignal): Promise<Bot> {
  const calls = createCalls({ ...deps, signal });
  signal.addEventListener("abort", () => calls.close(), { once: true });
  const gateway = createGateway({ ...deps, calls });
  const { application, count } = await persist(deps, signal, async () => ({
    application: await fetchApplication(calls, signal),
    count: await gateway.countShards(signal),
  }));
  const shards = runShards({ ...deps, calls, gateway, application }, count, signal);
  return createBot(calls, shards, { clock: deps.clock, application });
}

/** A network that is not there for a moment is tried again. */
async function persist<T>(
  { clock, log }: Pick<BotDeps, "clock" | "log">,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  for (const pause of [...PAUSES_MS, undefined]) {
    try {
      return await work();
    } catch (caught) {
      signal.throwIfAborted();
      const error = linkError(caught);
      if (error.code !== "discord_unreachable" || pause === undefined) throw error;
      log.warn({ err: error, pause }, "Discord cannot be reached; trying again");
      await clock.sleep(pause, signal);
    }
  }
  throw new Error("unreachable");
}

function createBot(
  calls: Calls,
  shards: Shards,
  { clock, application }: { clock: Clock; application: Application },
): Bot {
  const { id: applicationId, userId } = application;
  const desk = createDesk({ calls, clock, userId });
  const threads = new Set<string>();

  const remember = (thread: string) => {
    const [oldest] = threads;
    if (threads.size >= KNOWN_THREADS && oldest !== undefined) threads.delete(oldest);
    threads.add(thread);
  };
  const fetch = ({ guild, channel }: Where) =>
    calls.guard(async () => (shards.clientOf(guild) ?? (await desk.learn(guild))).channels.fetch(channel));

  return {
    calls,
    applicationId,
    userId,
    shards,
    async open(where) {
      const channel = await fetch(where);
      return channel?.isTextBased() ? channel : undefined;
    },
    async hasThread(guild, thread) {
      const client = shards.clientOf(guild);
      if (client) return client.channels.cache.has(thread);
      if (threads.has(thread)) return true;
      try {
        await calls.request({ method: RequestMethod.Get, fullRoute: Routes.channel(thread) });
      } catch (error) {
        if (isRefusal(error, CODE.unknownChannel)) return false;
        throw error;
      }
      remember(thread);
      return true;
    },
  };
}
