import type { Message as DiscordMessage, TextBasedChannel } from "discord.js";
import type { Message } from "../chat/message.ts";
import { PlatformRefusal } from "../errors.ts";
import type { Connection } from "./client.ts";
import type { DiscordConfig } from "./config.ts";
import { parse } from "./parse.ts";
import { seenOf } from "./seen.ts";

/** Reads messages through discord.js, which knows what their ids are called. Throws `PlatformRefusal`. */
export interface Reader {
  /** Discord's message → ours, or undefined if nobody said it. */
  read(message: DiscordMessage): Promise<Message | undefined>;
  /** Undefined if the message, or its channel, is not there or not for the bot to see. */
  find(channel: string, message: string): Promise<Message | undefined>;
  /** One page of what was said before a message, newest first. */
  before(channel: string, message: string, limit: number): Promise<readonly DiscordMessage[]>;
}

export function createReader({ client, calls }: Connection, config: DiscordConfig): Reader {
  const open = async (id: string): Promise<TextBasedChannel | undefined> => {
    const channel = await client.channels.fetch(id);
    return channel?.isTextBased() ? channel : undefined;
  };

  const read = async (message: DiscordMessage) => {
    const { channel, guild } = message;
    // All that the gateway says of a thread that was archived until now is its id.
    if (channel.isThread() && !channel.parent) await calls.guard(async () => channel.fetch());
    const role = guild?.roles.botRoleFor(client.user)?.id;
    return parse(
      seenOf(message),
      { id: client.user.id, ...(role === undefined ? {} : { role }) },
      config.reply,
    );
  };

  return {
    read,
    async find(channel, id) {
      try {
        const message = await calls.guard(async () => (await open(channel))?.messages.fetch(id));
        return message && (await read(message));
      } catch (error) {
        if (error instanceof PlatformRefusal && (error.kind === "gone" || error.kind === "unreachable"))
          return undefined;
        throw error;
      }
    },
    async before(channel, message, limit) {
      const found = await calls.guard(async () =>
        (await open(channel))?.messages.fetch({ before: message, limit, cache: false }),
      );
      return found ? [...found.values()] : [];
    },
  };
}
