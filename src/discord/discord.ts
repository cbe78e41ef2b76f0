import type { Message as DiscordMessage } from "discord.js";
import type { Limits, Platform } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { PatchcordError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { connect, type Connection } from "./client.ts";
import type { DiscordConfig } from "./config.ts";
import { createDelivery } from "./deliver.ts";
import { CONTENT_LIMIT } from "./format.ts";
import { readHistory } from "./history.ts";
import { messageId } from "./place.ts";
import { createPosts } from "./posts.ts";
import { createReader } from "./reader.ts";
import { createTyping } from "./typing.ts";
import { createUnsettled, type Unsettled } from "./unsettled.ts";

export interface DiscordDeps {
  readonly config: DiscordConfig;
  readonly clock: Clock;
  readonly log: Log;
}

const limits: Limits = {
  pageLength: CONTENT_LIMIT,
  /**
   * Not documented, since Discord's headers tell it (docs.discord.com, Rate Limits), but observed for years: five in five
   * seconds for each channel, a thread being one, posts and edits together (discord-api-docs#2761, discord-api-docs#1442).
   */
  budgets: [{ covers: ["post", "edit"], per: "place", paints: 5, windowMs: 5_000 }],
};

const WITHOUT_CONTENT =
  "Discord's message content intent is off: the bot reads only messages that mention it and direct messages, so people must mention it in every message, also in its threads, and what others said before is not known to it. Switch the intent on, on the application's Bot page in the developer portal, and restart.";

/** The Discord adapter: one bot on the gateway. The members' duties are told in `Platform`. */
export function createDiscord(deps: DiscordDeps): Platform {
  const { clock, log } = deps;
  const stopping = new AbortController();
  const unsettled = createUnsettled();
  const delivery = createDelivery({ clock, log, signal: stopping.signal });
  let starting: Promise<Connection> | undefined;
  let session: Session | undefined;

  const started = (): Session => {
    if (session) return session;
    throw new PlatformRefusal("unavailable", "discord_not_started", "The Discord adapter is not started");
  };

  return {
    name: "discord",
    limits,
    get warnings() {
      return session && !session.connection.readsContent ? [WITHOUT_CONTENT] : [];
    },
    async start(listener) {
      const hear = (message: DiscordMessage, connection: Connection) => {
        if (message.author.id === connection.client.user.id) {
          const { id, nonce, content } = message;
          if (nonce !== null) unsettled.hear(String(nonce), { id: messageId(id), content });
        } else if (!stopping.signal.aborted) {
          delivery.take(message.channelId, async () => {
            const said = await createReader(connection, deps.config).read(message);
            if (said) await listener.receive(said);
          });
        }
      };
      starting = connect({ ...deps, hear }, stopping.signal);
      session = openSession(await starting, deps, unsettled);
    },
    post: async (place, page, key) => started().post(place, page, key),
    edit: async (place, id, page) => started().edit(place, id, page),
    history: async (place, query) => started().history(place, query),
    indicate: (place, signal) => session?.indicate(place, signal),
    async stop() {
      stopping.abort(new PatchcordError("discord_stopped", "The Discord adapter was stopped"));
      await delivery.settle();
      const connection = await starting?.catch(() => undefined);
      await connection?.close();
    },
  };
}

/** What there is once the gateway is ready. */
interface Session extends Required<Pick<Platform, "post" | "edit" | "history" | "indicate">> {
  readonly connection: Connection;
}

function openSession(
  connection: Connection,
  { config, clock, log }: DiscordDeps,
  unsettled: Unsettled,
): Session {
  const reader = createReader(connection, config);
  const posts = createPosts(connection, reader, unsettled);
  const typing = createTyping(connection, { clock, log });
  return {
    connection,
    post(place, page, key) {
      typing.end(place);
      return posts.post(place, page, key);
    },
    edit: (place, id, page) => posts.edit(place, id, page),
    history: (place, query) => readHistory(reader, place, query),
    indicate: (place, signal) => typing.start(place, signal),
  };
}
