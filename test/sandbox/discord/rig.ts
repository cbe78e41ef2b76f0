/* discord.js, as it is, logged in to a twin. */
import {
  Client,
  GatewayIntentBits,
  Partials,
  type ClientOptions,
  type Message,
  type SendableChannels,
} from "discord.js";
import type { DiscordTwin } from "../../../src/sandbox/discord/driver.ts";
import type { DiscordTwinOptions } from "../../../src/sandbox/discord/options.ts";
import { startDiscordTwin } from "../../../src/sandbox/discord/twin.ts";
import { eventually } from "../../eventually.ts";

const { Guilds, GuildMessages, MessageContent, DirectMessages, GuildMessageTyping, GuildMessageReactions } =
  GatewayIntentBits;

export interface Rig {
  readonly twin: DiscordTwin;
  readonly client: Client<true>;
  readonly channel: string;
  readonly ann: string;
  /** The messages that `messageCreate` told of. */
  readonly heard: readonly Message[];
  /** Waits for people's messages, and compares them all. Resolves to them. */
  hears(count: number): Promise<string[]>;
  /** The channel, to write in. */
  place(): Promise<SendableChannels>;
  stop(): Promise<void>;
}

/**
 * A bot that is ready, in a guild with one channel and one person. discord.js waits five seconds between two
 * identifies: its throttle is switched off, and the twin's with it.
 */
export async function startRig(options: DiscordTwinOptions = {}): Promise<Rig> {
  const identify = { count: 10, windowMs: 1 };
  const twin = await startDiscordTwin({ ...options, rates: { identify, ...options.rates } });
  const channel = twin.addChannel({ name: "general" });
  const ann = twin.addUser({ name: "ann" }).id;
  const heard: Message[] = [];
  const client = await loggedIn(twin, heard);
  const texts = () => heard.filter(({ author }) => !author.bot).map(({ content }) => content);
  return {
    twin,
    client,
    channel,
    ann,
    heard,
    hears: async (count) => {
      await eventually(`${count} messages; heard ${texts().join(", ")}`, () => texts().length >= count);
      return texts();
    },
    place: async () => {
      const found = await client.channels.fetch(channel);
      if (!found?.isSendable()) throw new Error("The channel is not there to write in.");
      return found;
    },
    stop: async () => {
      await client.destroy();
      await twin.close();
    },
  };
}

async function loggedIn(twin: DiscordTwin, heard: Message[]): Promise<Client<true>> {
  const options: ClientOptions = {
    intents: [
      Guilds,
      GuildMessages,
      MessageContent,
      DirectMessages,
      GuildMessageTyping,
      GuildMessageReactions,
    ],
    partials: [Partials.Channel, Partials.Message],
    enforceNonce: true,
    rest: { api: twin.apiUrl },
    ws: { buildIdentifyThrottler: async () => ({ waitForIdentify: async () => {} }) },
  };
  const client = new Client(options);
  client.on("messageCreate", (message) => heard.push(message));
  const ready = new Promise<Client<true>>((resolve) => {
    client.once("clientReady", resolve);
  });
  await client.login(twin.token);
  return ready;
}
