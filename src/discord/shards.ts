import type { Client, Message as DiscordMessage } from "discord.js";
import type { Exclusive, Listener } from "../chat/platform.ts";
import type { Clock } from "../clock.ts";
import { PatchcordError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Application } from "./application.ts";
import type { Calls } from "./calls.ts";
import { type LinkDeps, openLink } from "./client.ts";
import type { DiscordConfig } from "./config.ts";
import type { Gateway } from "./gateway.ts";
import { runShard, type ShardDeps } from "./shard.ts";
import { createVoice } from "./voice.ts";

export interface ShardsDeps {
  readonly config: DiscordConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly exclusive: Exclusive;
  readonly calls: Calls;
  readonly gateway: Gateway;
  readonly application: Application;
  readonly tell: Listener["changed"];
  /** Gets every message that is posted where this process listens, the bot's own among them. Must not throw. */
  readonly hear: (message: DiscordMessage) => void;
  readonly press: LinkDeps["press"];
}

/** All of the bot's shards: those that this process listens to, and those that it would. */
export interface Shards {
  /** Resolves as soon as each listens, here or elsewhere. Rejects with the first that does not get there. */
  readonly settled: Promise<void>;
  /** Resolves when all is closed, after the signal aborted. */
  readonly done: Promise<void>;
  /** Whether Discord gives the text of messages that do not mention the bot. */
  readonly readsContent: boolean;
  /** The client that listens to this guild, or to DMs, if it is here. */
  clientOf(guild: string | undefined): Client<true> | undefined;
  /** The part of this name, if it listens here. */
  find(part: string): Part | undefined;
  /** Messages that were heard were lost: as `Voice.deaf`. */
  deaf(until: Promise<void>): void;
}

export interface Part {
  readonly client: Client<true>;
  /** Whether the part hears this guild, or DMs. */
  covers(guild: string | undefined): boolean;
}

/** Which of `count` shards hears a guild; DMs are at the first (docs.discord.com, Gateway, Sharding). */
function shardOf(guild: string | undefined, count: number): number {
  return guild === undefined ? 0 : Number((BigInt(guild) >> 22n) % BigInt(count));
}

/** Runs `count` shards until the signal aborts. */
export function runShards(deps: ShardsDeps, count: number, signal: AbortSignal): Shards {
  const { application, calls, config } = deps;
  const asked = config.messageContent === "auto" ? application.mayReadContent : config.messageContent;
  const content = { isAsked: asked };

  const run = (index: number) => {
    const part = `shard ${index} of ${count}`;
    const common = { ...deps, token: calls.token };
    const voice = createVoice({ ...common, part, signal });
    const open = openingOf(deps, { index, count }, content);
    const right = `discord:${application.id}:${part}`;
    return { part, voice, shard: runShard({ ...common, index, right, voice, open }, signal) };
  };
  const all = Array.from({ length: count }, (_, index) => run(index));

  return {
    settled: Promise.all(all.map(({ shard }) => shard.settled)).then(() => undefined),
    done: Promise.all(all.map(({ shard }) => shard.done)).then(() => undefined),
    get readsContent() {
      return content.isAsked;
    },
    clientOf: (guild) => all[shardOf(guild, count)]?.shard.client,
    find(part) {
      const index = all.findIndex((one) => one.part === part);
      const client = all[index]?.shard.client;
      return client && { client, covers: (guild) => shardOf(guild, count) === index };
    },
    deaf(until) {
      for (const { voice } of all) voice.deaf(until);
    },
  };
}

/** How one shard is connected. All of them ask for the message content intent, until Discord refuses it to one. */
function openingOf(
  deps: ShardsDeps,
  shard: { index: number; count: number },
  content: { isAsked: boolean },
): ShardDeps["open"] {
  return async (turn, fare, over) => {
    const hear = (message: DiscordMessage) => {
      if (!over.aborted) deps.hear(message);
    };
    const { userId } = deps.application;
    const readsContent = content.isAsked;
    try {
      return await openLink({ ...deps, shard, fare, hear, userId, readsContent }, turn, over);
    } catch (error) {
      // The application's flags can be wrong for a while after somebody threw the switch.
      const isRefused = error instanceof PatchcordError && error.code === "discord_intent_refused";
      if (!isRefused || deps.config.messageContent !== "auto" || !readsContent) throw error;
      content.isAsked = false;
      throw new PatchcordError("discord_content_refused", `${error.message}. Going on without it`);
    }
  };
}
