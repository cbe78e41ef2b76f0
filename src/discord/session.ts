import type { Interaction, Message as DiscordMessage } from "discord.js";
import type { Listener, Platform } from "../chat/platform.ts";
import { type BotDeps, startBot } from "./bot.ts";
import { type Commands, createCommands } from "./commands.ts";
import { createDelivery, type Delivery } from "./deliver.ts";
import { readHistory } from "./history.ts";
import { findMessage } from "./lookup.ts";
import { readMissed } from "./missed.ts";
import { messageId } from "./place.ts";
import { createPosts } from "./posts.ts";
import { createPresses, type Presses } from "./presses.ts";
import { createReader } from "./reader.ts";
import type { Shards } from "./shards.ts";
import { createTyping } from "./typing.ts";
import { createUnsettled } from "./unsettled.ts";

/** The platform's abilities, once it is known who the bot is. */
export interface Session extends Required<
  Pick<Platform, "post" | "edit" | "history" | "missed" | "find" | "indicate">
> {
  readonly shards: Shards;
  readonly delivery: Delivery;
  readonly presses: Presses;
  readonly commands: Commands;
}

export type SessionDeps = Omit<BotDeps, "hear" | "press" | "tell">;

export interface Signals {
  /** Nothing more is taken in. */
  readonly stopping: AbortSignal;
  /** Everything ends. */
  readonly closing: AbortSignal;
}

/** Finds out who the bot is, and begins to tell `listener` what the gateway tells. Throws `PatchcordError`. */
export async function openSession(deps: SessionDeps, listener: Listener, signals: Signals): Promise<Session> {
  const { clock, config, log } = deps;
  const unsettled = createUnsettled();
  const delivery = createDelivery({
    clock,
    log,
    signal: signals.stopping,
    onLost: () => bot.shards.deaf(delivery.drained()),
  });
  const hear = (message: DiscordMessage) => {
    if (message.author.id === bot.userId) {
      const { id, nonce, content } = message;
      if (nonce !== null) unsettled.hear(String(nonce), { id: messageId(id), content });
    } else if (!signals.stopping.aborted) {
      delivery.take(message.channelId, async () => {
        const said = await reader.read(message);
        if (said) await listener.receive(said);
      });
    }
  };
  const tell: Listener["changed"] = (condition) => listener.changed(condition);
  const press = (interaction: Interaction) => {
    if (signals.stopping.aborted) return;
    presses.take(interaction);
    commands.take(interaction);
  };
  const bot = await startBot({ ...deps, hear, press, tell }, signals.closing);
  const presses = createPresses({ calls: bot.calls, listener, log });
  const commands = createCommands({ calls: bot.calls, listener, clock, log });
  void commands.register(bot.applicationId);
  const reader = createReader(bot, config);
  const posts = createPosts(bot, reader, unsettled);
  const typing = createTyping(bot, { clock, log });
  return {
    shards: bot.shards,
    delivery,
    presses,
    commands,
    post(place, page, key) {
      typing.end(place);
      return posts.post(place, page, key);
    },
    edit: (place, id, page) => posts.edit(place, id, page),
    history: (place, query) => readHistory(reader, place, query),
    missed: (query) => readMissed({ bot, reader, clock, log }, query),
    find: (link) => findMessage({ ...bot, reader }, link),
    indicate: (place, signal) => typing.start(place, signal),
  };
}
