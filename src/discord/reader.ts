import type { Collection, FetchMessagesOptions, Message as DiscordMessage } from "discord.js";
import type { Message } from "../chat/message.ts";
import { PlatformRefusal } from "../errors.ts";
import type { Bot } from "./bot.ts";
import type { DiscordConfig } from "./config.ts";
import { parse } from "./parse.ts";
import type { Where } from "./place.ts";
import { seenOf } from "./seen.ts";

/** Reads messages through discord.js, which knows what their ids are called. Throws `PlatformRefusal`. */
export interface Reader {
  /** Discord's message → ours, or undefined if nobody said it. `withoutText`: as if Discord had kept the text back. */
  read(message: DiscordMessage, withoutText?: boolean): Promise<Message | undefined>;
  /** Undefined if the message, or its channel, is not there or not for the bot to see. */
  find(where: Where, message: string): Promise<Message | undefined>;
  /** One page of what was said in a channel, newest first. If it has the message that opens a thread, discord.js keeps what that hangs on among the thread's messages. */
  list(
    where: Where,
    query: Pick<FetchMessagesOptions, "before" | "after" | "limit">,
  ): Promise<readonly DiscordMessage[]>;
}

export function createReader(bot: Pick<Bot, "calls" | "open" | "userId">, config: DiscordConfig): Reader {
  const { calls, open, userId } = bot;

  const read: Reader["read"] = async (message, withoutText = false) => {
    const { channel, guild } = message;
    // All that the gateway says of a thread that was archived until now is its id.
    if (channel.isThread() && !channel.parent) await calls.guard(async () => channel.fetch());
    const role = guild?.roles.botRoleFor(userId)?.id;
    const seen = seenOf(message);
    return parse(
      withoutText ? { ...seen, content: "", forwarded: [] } : seen,
      { id: userId, ...(role === undefined ? {} : { role }) },
      config.reply,
    );
  };

  return {
    read,
    async find(where, id) {
      try {
        const channel = await open(where);
        const message = await calls.guard(async () => channel?.messages.fetch(id));
        return message && (await read(message));
      } catch (error) {
        if (error instanceof PlatformRefusal && (error.kind === "gone" || error.kind === "unreachable"))
          return undefined;
        throw error;
      }
    },
    async list(where, query) {
      const channel = await open(where);
      // What a thread hangs on has its id. As discord.js kept it, it may have been edited or deleted since.
      channel?.messages.cache.delete(where.channel);
      const found: Collection<string, DiscordMessage> | undefined = await calls.guard(async () =>
        channel?.messages.fetch({ ...query, cache: false }),
      );
      return found ? [...found.values()] : [];
    },
  };
}
