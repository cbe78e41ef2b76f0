import { createRequire } from "node:module";
import { eventsFrom } from "../bare.ts";

/** What is used of the packages `chat`, `@chat-adapter/*` and `@discordjs/rest`, which are installed beside this file alone. */
interface Thread {
  post(stream: AsyncIterable<string>): Promise<unknown>;
}
interface Adapter {
  startGatewayListener?(
    options: { waitUntil: (task: Promise<unknown>) => void },
    durationMs: number,
  ): Promise<unknown>;
}
interface Bot {
  onNewMention(handler: (thread: Thread, message: { readonly text: string }) => Promise<void>): void;
  initialize(): Promise<void>;
}
interface Packages {
  readonly Chat: new (config: object) => Bot;
  readonly ConsoleLogger: new (level: string) => object;
  readonly createSlackAdapter: (config: object) => Adapter;
  readonly createDiscordAdapter: (config: object) => Adapter;
  readonly createMemoryState: () => object;
}

const HOUR = 3_600_000;
const CONNECT_MS = 1_500;

async function load(): Promise<Packages> {
  const names = ["chat", "@chat-adapter/slack", "@chat-adapter/discord", "@chat-adapter/state-memory"];
  const modules = await Promise.all(names.map((name) => import(name) as Promise<object>));
  return Object.assign({}, ...modules) as Packages;
}

/** Texts as the model says them: read with the same client as the bare loop, so that reading is no handicap. */
async function* textsOf(env: NodeJS.ProcessEnv, question: string): AsyncGenerator<string> {
  for await (const event of eventsFrom(env["TELNYX_BASE_URL"] ?? "", env["TELNYX_API_KEY"] ?? "", question)) {
    const { type, delta } = event as { type: string; delta?: string };
    if (type === "response.output_text.delta" && delta !== undefined) yield delta;
  }
}

/** Its gateway client and its REST calls have Discord's own address built in, and its REST calls name no bot as Discord wants. */
function bendToLoopback(apiUrl: string): void {
  const require = createRequire(import.meta.url);
  const rest = createRequire(require.resolve("discord.js"))("@discordjs/rest") as {
    readonly DefaultRestOptions: { api: string };
  };
  rest.DefaultRestOptions.api = apiUrl;
  const plain = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("user-agent", "DiscordBot (https://chat-sdk.dev, 4.41.0)");
    return plain(input, { ...init, headers });
  };
}

/** A bot of the Chat SDK that answers in this process. Its settings are those of its documentation; what was bent for loopback says so. */
export async function startChatSdk(env: NodeJS.ProcessEnv): Promise<void> {
  const { Chat, ConsoleLogger, createSlackAdapter, createDiscordAdapter, createMemoryState } = await load();
  const logger = new ConsoleLogger(env["BENCH_LOG"] ?? "silent");
  const slack = { mode: "socket", appToken: env["SLACK_APP_TOKEN"], botToken: env["SLACK_BOT_TOKEN"] };
  const discordUrl = env["DISCORD_API_URL"];
  if (discordUrl !== undefined) bendToLoopback(discordUrl);
  const adapter: Adapter =
    discordUrl === undefined
      ? createSlackAdapter({ ...slack, apiUrl: env["SLACK_API_URL"], logger })
      : createDiscordAdapter({
          botToken: env["DISCORD_TOKEN"],
          applicationId: env["DISCORD_APPLICATION_ID"],
          publicKey: "0".repeat(64),
          apiUrl: `${discordUrl}/v10`,
          logger,
        });
  const adapters = discordUrl === undefined ? { slack: adapter } : { discord: adapter };
  const bot = new Chat({ userName: "patchcord", adapters, state: createMemoryState(), logger });
  bot.onNewMention(async (thread, message) => {
    await thread.post(textsOf(env, message.text));
  });
  await bot.initialize();
  if (!adapter.startGatewayListener) return;
  await adapter.startGatewayListener({ waitUntil: (task) => void task }, HOUR);
  // It does not tell when it listens.
  await new Promise((resolve) => setTimeout(resolve, CONNECT_MS));
}
