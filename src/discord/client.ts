import {
  Client,
  type ClientOptions,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayCloseCodes,
  GatewayIntentBits,
  type Interaction,
  type Message as DiscordMessage,
  Options,
  Partials,
} from "discord.js";
import type { Clock } from "../clock.ts";
import { asError, PatchcordError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { type Calls, within } from "./calls.ts";
import type { DiscordConfig } from "./config.ts";
import { createGate } from "./gate.ts";
import type { Turn } from "./gateway.ts";
import { type Fare, listen } from "./listen.ts";
import { REFUSED } from "./token.ts";
import { watch } from "./watchdog.ts";

/** One shard's client, ready, with its one session. */
export interface Link {
  readonly client: Client<true>;
  /** Resolves with the reason once the client has to be replaced. */
  readonly ended: Promise<PatchcordError>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

export interface LinkDeps {
  readonly config: DiscordConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly calls: Calls;
  readonly shard: { readonly index: number; readonly count: number };
  /** The bot's. */
  readonly userId: string;
  readonly readsContent: boolean;
  readonly fare: Fare;
  /** Gets every message that the gateway tells of, the bot's own among them. Must not throw. */
  readonly hear: (message: DiscordMessage) => void;
  /** Gets whatever people do with what the bot posted. Must not throw. */
  readonly press: (interaction: Interaction) => void;
}

/** Connecting takes a moment, and discord.js waits up to 15 s for guilds that are not available. */
const READY_MS = 60_000;

/** Connects one shard to the gateway. Throws `PatchcordError`. */
export async function openLink(deps: LinkDeps, turn: Turn, signal: AbortSignal): Promise<Link> {
  const { clock, config, calls, shard } = deps;
  const gate = createGate(clock, turn);
  const client = createClient(calls, {
    ...optionsOf(deps),
    shards: [shard.index],
    shardCount: shard.count,
    ws: gate.ws,
  });
  const heard = listen(client, gate, deps);
  client.on(Events.MessageCreate, deps.hear);
  client.on(Events.InteractionCreate, deps.press);
  const outlived = gate.outlived.then(
    () =>
      new PatchcordError("discord_session_lost", "Discord does not take the gateway's session (any more)"),
  );
  const done = new AbortController();
  const close = () => {
    done.abort();
    return gate.close(client);
  };
  try {
    // Discord refuses a session that begins within 5 s of another, as after a quick restart.
    await within({ clock, ms: READY_MS, signal }, async () => {
      const isReady = Promise.all([client.login(config.token), heard.ready]);
      const error = await Promise.race([isReady.then(() => undefined), outlived]);
      if (error) throw error;
    });
  } catch (error) {
    await close();
    throw linkError(error, heard.closeCode());
  }
  const ended = Promise.race([
    heard.closed.then((code) => linkError(undefined, code)),
    outlived,
    watch({ client, gate, clock }, done.signal).then((why) => new PatchcordError("discord_silent", why)),
  ]);
  return { client, ended, close };
}

/** A client that calls Discord by `calls`, and leaves them as they are when it is destroyed. */
export function createClient(calls: Calls, options: ClientOptions): Client<true> {
  const client = new Client<true>({ ...options, rest: { hashSweepInterval: 0, handlerSweepInterval: 0 } });
  const { rest } = client;
  const destroy = client.destroy.bind(client);
  client.rest = calls.rest;
  client.destroy = () => {
    client.rest = rest;
    return destroy();
  };
  return client;
}

export function optionsOf({
  userId,
  readsContent,
}: Pick<LinkDeps, "userId" | "readsContent">): ClientOptions {
  return {
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
      ...(readsContent ? [GatewayIntentBits.MessageContent] : []),
    ],
    // Without these discord.js drops DMs, and messages of threads, that it has not seen before.
    partials: [Partials.Channel, Partials.Message],
    allowedMentions: { parse: [], repliedUser: false },
    failIfNotExists: false,
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 20,
      ReactionManager: 0,
      GuildMemberManager: { maxSize: 200, keepOverLimit: ({ id }) => id === userId },
      UserManager: { maxSize: 1_000, keepOverLimit: ({ id }) => id === userId },
    }),
  };
}

/** Why there is no connection, in a sentence for the operator. */
export function linkError(caught: unknown, closeCode?: number): PatchcordError {
  if (caught instanceof PatchcordError && caught.code === "discord_session_lost") return caught;
  const error = asError(caught);
  if (isUnauthorized(error) || closeCode === GatewayCloseCodes.AuthenticationFailed)
    return new PatchcordError("discord_unauthorized", REFUSED);
  switch (closeCode) {
    case GatewayCloseCodes.DisallowedIntents:
      return new PatchcordError(
        "discord_intent_refused",
        "Discord refuses the message content intent: switch it on, on the application's Bot page in the developer portal",
      );
    case GatewayCloseCodes.InvalidShard:
    case GatewayCloseCodes.ShardingRequired:
      return new PatchcordError(
        "discord_shards_changed",
        "Discord asks for another number of shards: restart",
      );
    case GatewayCloseCodes.InvalidAPIVersion:
    case GatewayCloseCodes.InvalidIntents:
      return new PatchcordError(
        "discord_outdated",
        `Discord does not take what this version of patchcord asks for (${closeCode}): update it`,
      );
    default:
      return new PatchcordError("discord_unreachable", `Discord cannot be reached: ${error.message}`, {
        cause: error,
      });
  }
}

function isUnauthorized(error: Error): boolean {
  if (error instanceof PlatformRefusal) return error.kind === "unauthorized";
  return error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid;
}
