import { randomBytes } from "node:crypto";
import { ConfigError } from "../errors.ts";
import { startDiscordTwin } from "./discord/twin.ts";
import { createBehind } from "./playground/behind.ts";
import { createCast } from "./playground/cast.ts";
import { createDiscordSide } from "./playground/discord-side.ts";
import { linkedBy } from "./playground/permalinks.ts";
import { setScene } from "./playground/scene.ts";
import { type Playground, startPlayground } from "./playground/server.ts";
import { createSlackSide } from "./playground/slack-side.ts";
import type { Side, SideName } from "./playground/view.ts";
import { startSlackTwin } from "./slack/twin.ts";
import { startTelnyxTwin } from "./telnyx/twin.ts";

export interface Sandbox {
  /** The page's address. */
  readonly url: string;
  /** What the bridge is started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** How the bridge behaves when nobody says otherwise: `patchcord.yaml`'s text. */
  readonly behaviour: string;
  /** The page's address of the message that a platform's link leads to. Undefined: there is no such message in the sandbox. */
  addressOf(link: string): string | undefined;
  /** The page links to the console that the bot has at this address. */
  offerConsole(url: string): void;
  close(): Promise<void>;
}

export interface SandboxOptions {
  /** Of the page. 0: any free port. */
  readonly port: number;
  /** The real Telnyx in place of the loopback one. */
  readonly real?: { readonly TELNYX_API_KEY: string; readonly TELNYX_BASE_URL?: string } | undefined;
}

const BOT = "Patch";
/** Whoever tries the bot runs both workspaces, and is to see in the console what there is. */
const BEHAVIOUR = `name: ${BOT}
admin:
  grants:
    - { who: "slack:workspace-admins", where: "", reads: content, private: true, rights: [export, forget, hold, audit] }
    - { who: "discord:manage-server", where: "", reads: content, private: true, rights: [export, forget, hold, audit] }
`;
/** About what a hosted model of some size does. */
const SPEED = { firstTokenMs: 400, tokensPerSecond: 40 };
/** Of each kind of record in the twins: a sandbox may be left open for days. */
const KEEP = 500;

/**
 * Starts the loopback platforms with people and channels in them, and the page to try the bot on. The bridge is not started.
 * Throws a `ConfigError` that says what to do when the port is taken.
 */
export async function startSandbox({ port, real }: SandboxOptions): Promise<Sandbox> {
  const [slack, discord, telnyx] = await Promise.all([
    startSlackTwin({ bot: { name: BOT }, team: { id: "T0SANDBOX1", name: "Sandbox" }, keep: KEEP }),
    startDiscordTwin({ botName: BOT, guildName: "Sandbox" }),
    real ? undefined : startTelnyxTwin({ speed: SPEED, keep: { requests: KEEP } }),
  ]);
  const closeTwins = async () => {
    await Promise.all([slack.close(), discord.close(), telnyx?.close()]);
  };
  const cast = createCast({ slack, discord });
  setScene(cast, { slack, discord });
  let console: string | undefined;
  const parts = {
    console: () => console,
    bot: BOT,
    people: cast.players.map(({ key, name, isYou }) => ({ key, name, isYou })),
    slack: createSlackSide(slack, cast),
    discord: createDiscordSide(discord, cast),
    behind: telnyx && createBehind(telnyx),
  };
  let playground: Playground;
  try {
    playground = await startPlayground(parts, port);
  } catch (error) {
    await closeTwins();
    throw inPlainWords(error, port);
  }
  return {
    url: playground.url,
    environment: environmentOf({ slack, discord, telnyx, real }),
    behaviour: BEHAVIOUR,
    addressOf: (link) => addressOf(link, playground.url, parts),
    offerConsole: (url) => (console = url),
    close: async () => {
      await playground.close();
      await closeTwins();
    },
  };
}

function addressOf(link: string, page: string, sides: Readonly<Record<SideName, Side>>): string | undefined {
  const address = URL.canParse(link) ? new URL(link) : undefined;
  const linked = address && linkedBy(address);
  if (!linked || !sides[linked.side].has(linked.room, linked.id)) return undefined;
  return new URL(address.pathname + address.search, page).href;
}

interface Twins {
  readonly slack: Awaited<ReturnType<typeof startSlackTwin>>;
  readonly discord: Awaited<ReturnType<typeof startDiscordTwin>>;
  readonly telnyx: Awaited<ReturnType<typeof startTelnyxTwin>> | undefined;
  readonly real: SandboxOptions["real"];
}

function environmentOf({ slack, discord, telnyx, real }: Twins): Sandbox["environment"] {
  return {
    ...(telnyx ? { TELNYX_API_KEY: telnyx.apiKey, TELNYX_BASE_URL: telnyx.url } : real),
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_CLIENT_ID: slack.clientId,
    SLACK_CLIENT_SECRET: slack.clientSecret,
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    DISCORD_CLIENT_SECRET: discord.clientSecret,
    DATABASE_URL: ":memory:",
    HOST: "127.0.0.1",
    PORT: "0",
    // Every sandbox has another: its pages may still be open when the next one runs.
    ADMIN_TOKEN: randomBytes(16).toString("hex"),
  };
}

function inPlainWords(error: unknown, port: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return new ConfigError([
      `Port ${port} is taken, perhaps by another sandbox: stop that one, or choose another with "npm run sandbox -- --port ${port + 1}"`,
    ]);
  if (code === "EACCES")
    return new ConfigError([
      `Port ${port} needs more rights than this user has: choose one above 1023 with --port`,
    ]);
  return error;
}
