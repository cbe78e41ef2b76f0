import {
  ApplicationFlags,
  Client,
  type ClientOptions,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayCloseCodes,
  GatewayIntentBits,
  type Message as DiscordMessage,
  Options,
  Partials,
  REST,
  RequestMethod,
  Routes,
} from "discord.js";
import type { Clock } from "../clock.ts";
import { asError, PatchcordError, PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { type Calls, createCalls, restOptions, within } from "./calls.ts";
import type { DiscordConfig } from "./config.ts";
import { createGate, type Gate } from "./gate.ts";
import { listen } from "./listen.ts";

export interface Connection {
  readonly client: Client<true>;
  readonly calls: Calls;
  /** Whether Discord gives the text of messages that do not mention the bot. */
  readonly readsContent: boolean;
  /** Safe to call twice. */
  close(): Promise<void>;
}

export interface ConnectDeps {
  readonly config: DiscordConfig;
  readonly clock: Clock;
  readonly log: Log;
  /** Gets every message that the gateway tells of, the bot's own among them. Must not throw. */
  readonly hear: (message: DiscordMessage, connection: Connection) => void;
}

/** Identifying may have to wait for 5 s, and discord.js waits up to 15 s for guilds that are not available. */
const READY_MS = 60_000;

/** Between two tries to connect. */
const PAUSES_MS = [1_000, 5_000];

/** Connects to the gateway. Throws `PatchcordError`. A network that is not there for a moment is tried again. */
export async function connect(deps: ConnectDeps, signal: AbortSignal): Promise<Connection> {
  for (const pause of PAUSES_MS) {
    try {
      return await tryToConnect(deps, signal);
    } catch (error) {
      const mayPass = error instanceof PatchcordError && error.code === "discord_unreachable";
      if (!mayPass || signal.aborted) throw error;
      deps.log.warn({ err: error, pause }, "Discord cannot be reached; trying again");
      await deps.clock.sleep(pause, signal);
    }
  }
  return tryToConnect(deps, signal);
}

async function tryToConnect(deps: ConnectDeps, signal: AbortSignal): Promise<Connection> {
  const { messageContent } = deps.config;
  const isGranted = await fetchGrant(deps, signal);
  const readsContent = messageContent === "auto" ? isGranted : messageContent;
  try {
    return await open(deps, readsContent, signal);
  } catch (error) {
    // The application's flags can be wrong for a while after somebody threw the switch.
    const isRefused = error instanceof PatchcordError && error.code === "discord_intent_refused";
    if (messageContent !== "auto" || !isRefused) throw error;
    return open(deps, false, signal);
  }
}

/** Whether the application may ask for the message content intent. Also the first proof that the token is valid. */
async function fetchGrant(deps: ConnectDeps, signal: AbortSignal): Promise<boolean> {
  const rest = new REST({ ...restOptions(deps.config), hashSweepInterval: 0, handlerSweepInterval: 0 });
  const calls = createCalls(rest.setToken(deps.config.token), deps);
  const request = { method: RequestMethod.Get, fullRoute: Routes.currentApplication() };
  try {
    const application = (await calls.request(request, signal)) as { flags?: number };
    const granted = ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited;
    return ((application.flags ?? 0) & granted) !== 0;
  } catch (error) {
    throw startError(error, undefined);
  }
}

async function open(deps: ConnectDeps, readsContent: boolean, signal: AbortSignal): Promise<Connection> {
  const gate = createGate(deps.clock);
  const client = new Client<true>(optionsOf(deps.config, readsContent, gate));
  const calls = createCalls(client.rest, deps);
  const connection = { client, calls, readsContent, close: () => gate.close(client) };
  const heard = listen(client, deps.log, gate);
  client.on(Events.MessageCreate, (message) => deps.hear(message, connection));
  try {
    await within({ clock: deps.clock, ms: READY_MS, signal }, () =>
      Promise.all([client.login(deps.config.token), heard.ready]),
    );
    return connection;
  } catch (error) {
    await connection.close();
    throw startError(error, heard.closeCode());
  }
}

function optionsOf(config: DiscordConfig, readsContent: boolean, gate: Gate): ClientOptions {
  return {
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
      ...(readsContent ? [GatewayIntentBits.MessageContent] : []),
    ],
    // Without these discord.js drops DMs, and messages of threads, that it has not seen before.
    partials: [Partials.Channel, Partials.Message],
    shards: "auto",
    allowedMentions: { parse: [], repliedUser: false },
    failIfNotExists: false,
    rest: restOptions(config),
    ws: gate.ws,
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 20,
      ReactionManager: 0,
      GuildMemberManager: { maxSize: 200, keepOverLimit: (member) => member.id === member.client.user.id },
      UserManager: { maxSize: 1_000, keepOverLimit: (user) => user.id === user.client.user.id },
    }),
  };
}

/** Why the start failed, in a sentence for the operator. */
function startError(caught: unknown, closeCode: number | undefined): PatchcordError {
  const error = asError(caught);
  if (isUnauthorized(error) || closeCode === GatewayCloseCodes.AuthenticationFailed) {
    return new PatchcordError(
      "discord_unauthorized",
      "Discord refuses DISCORD_TOKEN: reset the token on the application's Bot page in the developer portal, and set the new one",
    );
  }
  if (closeCode === GatewayCloseCodes.DisallowedIntents) {
    return new PatchcordError(
      "discord_intent_refused",
      "Discord refuses the message content intent: switch it on, on the application's Bot page in the developer portal",
    );
  }
  return new PatchcordError("discord_unreachable", `Discord cannot be reached: ${error.message}`, {
    cause: error,
  });
}

function isUnauthorized(error: Error): boolean {
  if (error instanceof PlatformRefusal) return error.kind === "unauthorized";
  return error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid;
}
