import { alwaysMine } from "../fakes/exclusive.ts";
import { createLog } from "../../src/log.ts";
import { systemClock, type Clock } from "../../src/clock.ts";
import type { Message } from "../../src/chat/message.ts";
import type { Condition, Exclusive, Listener, Platform } from "../../src/chat/platform.ts";
import type { DiscordConfig } from "../../src/discord/config.ts";
import { createDiscord } from "../../src/discord/discord.ts";
import type { DiscordTwin } from "../../src/sandbox/discord/driver.ts";
import type { DiscordTwinOptions } from "../../src/sandbox/discord/options.ts";
import type { ShownMessage } from "../../src/sandbox/discord/shown.ts";
import { startDiscordTwin } from "../../src/sandbox/discord/twin.ts";
import type { FaultEffect, TwinRequest } from "../../src/sandbox/server.ts";
import { until } from "../eventually.ts";
import type { FakeClock } from "../fakes/clock.ts";

/** The adapter, with the real discord.js, on a twin. */
export interface Bench extends AsyncDisposable {
  readonly twin: DiscordTwin;
  readonly platform: Platform;
  readonly received: Message[];
  /** Lines of the log, as objects. */
  readonly logged: Record<string, unknown>[];
  /** What the parts of the connection were told to be. */
  readonly conditions: Condition[];
  /** A person who is a member of every guild. */
  readonly person: string;
  /** A text channel of the first guild. */
  readonly channel: string;
  /** Waits for the message that a person just posted. */
  heard(id: string): Promise<Message>;
}

export interface BenchOptions {
  readonly config?: Partial<DiscordConfig>;
  readonly twin?: DiscordTwinOptions;
  readonly clock?: Clock | FakeClock;
  /** Default: every right is ours. */
  readonly exclusive?: Exclusive;
  /** Default: an empty answer. */
  readonly command?: Listener["command"];
  /** Default: keeps the message in `received`. */
  readonly receive?: (message: Message) => Promise<void>;
}

/** How many sleep on the clock of an adapter that listens and has nothing to do: its watchdog. */
export const AT_REST = 1;

/** A twin without rate limits, unless asked for: discord.js and the twin see real time. */
export function startTwin(options: DiscordTwinOptions = {}): Promise<DiscordTwin> {
  return startDiscordTwin({ limits: "off", ...options });
}

export function adapterOn(twin: DiscordTwin, options: BenchOptions = {}) {
  const logged: Record<string, unknown>[] = [];
  const write = (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>);
  const platform = createDiscord({
    config: {
      token: twin.token,
      apiUrl: twin.apiUrl,
      reply: "channel",
      messageContent: "auto",
      ...options.config,
    },
    clock: options.clock ?? systemClock,
    exclusive: options.exclusive ?? alwaysMine,
    log: createLog("debug", [], { write }),
  });
  return { platform, logged };
}

/** With a twin given, the adapter is another process of the same bot, and the twin is not the bench's to close. */
export async function startBench(options: BenchOptions = {}, given?: DiscordTwin): Promise<Bench> {
  const twin = given ?? (await startTwin(options.twin));
  const received: Message[] = [];
  const conditions: Condition[] = [];
  const { platform, logged } = adapterOn(twin, options);
  const person = twin.addUser({ name: "ana", displayName: "Ana Lima" }).id;
  const channel = twin.addChannel({ name: "general", topic: "Anything goes" });
  const { clock } = options;
  await platform.start({
    receive: options.receive ?? (async (message) => void received.push(message)),
    press: async () => undefined,
    command: options.command ?? (async () => ""),
    changed: (condition) => void conditions.push(condition),
  });
  // Until another session may be started.
  if (clock && "advance" in clock) await clock.advance(5_000);
  return {
    twin,
    platform,
    received,
    logged,
    conditions,
    person,
    channel,
    async heard(id) {
      const find = () => received.find((message) => String(message.id) === id);
      await until(`message ${id} was received`, () => find() !== undefined);
      return find()!;
    },
    async [Symbol.asyncDispose]() {
      await platform.stop();
      if (!given) await twin.close();
    },
  };
}

/** What the bot said. A thread begins with a note of Discord (type 21) in the name of whoever opened it. */
export function own({ twin }: Pick<Bench, "twin">, channel: string): ShownMessage[] {
  return twin.messages(channel).filter(({ type, author }) => type !== 21 && author.id === twin.bot.id);
}

/** What Discord answers instead of handling a request. */
export function answer(status: number, body: object, headers: Record<string, string> = {}): FaultEffect {
  return {
    kind: "answer",
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

export const POSTS = /^POST .*\/messages$/;
export const EDITS = /^PATCH .*\/messages\/\d+$/;
export const READS = /^GET .*\/messages$/;

/** Strikes the next requests that look like this. */
export function strike(twin: DiscordTwin, line: RegExp, effect: FaultEffect, times = 1): void {
  twin.inject({ matches: (request) => line.test(lineOf(request)), times, effect });
}

/** The requests that look like this, with their bodies. */
export function sent(
  twin: DiscordTwin,
  line: RegExp,
): { body: Record<string, unknown>; query: URLSearchParams }[] {
  return twin.requests
    .filter((request) => line.test(lineOf(request)))
    .map(({ body, query }) => ({
      query,
      body: (body.length === 0 ? {} : JSON.parse(body.toString())) as Record<string, unknown>,
    }));
}

const lineOf = ({ method, path }: TwinRequest) => `${method} ${path}`;
