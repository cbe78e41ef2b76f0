import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, startApp } from "../app.ts";
import { REAL } from "../app/parts.ts";
import { systemClock } from "../clock.ts";
import { type Config, parseConfig } from "../config.ts";
import { presentOnly, secretsOf } from "../config/environment.ts";
import { createLog, type Log } from "../log.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { seedDemo } from "./demo/seed.ts";
import { loadConfig, type Variables } from "./load.ts";
import { linksToPage } from "./sandbox-links.ts";
import { exitOnTheUnforeseen, onStopSignal } from "./run.ts";

export interface SandboxWishes {
  /** Of the page, on 127.0.0.1. */
  readonly port: number;
  /** A month of conversations is there already. */
  readonly seedDemo: boolean;
}

/**
 * Runs the bridge against the loopback platforms, and the page to try it on. With `TELNYX_API_KEY` set, the model is Telnyx's
 * real one; with `PATCHCORD_CONFIG` set, the bot behaves as that file says. Nothing else of the environment is used.
 */
export async function runSandbox(
  environment: Variables,
  { port, seedDemo: demo }: SandboxWishes,
): Promise<void> {
  // The database holds what people wrote: the files that are made are for this user alone.
  process.umask(0o077);
  const present = presentOnly(environment);
  const { TELNYX_API_KEY, TELNYX_BASE_URL, LOG_LEVEL = "warn" } = present;
  const real =
    TELNYX_API_KEY === undefined
      ? undefined
      : { TELNYX_API_KEY, ...(TELNYX_BASE_URL !== undefined && { TELNYX_BASE_URL }) };
  const sandbox = await startSandbox({ port, real });
  const folder = await mkdtemp(join(tmpdir(), "patchcord-sandbox-"));
  let app: App | undefined;
  const stop = async () => {
    await app?.stop();
    await sandbox.close();
    await rm(folder, { recursive: true });
  };
  try {
    const config = configFor(sandbox, {
      ...present,
      LOG_LEVEL,
      DATABASE_URL: join(folder, "patchcord.db"),
    });
    const log = createLog(LOG_LEVEL, secretsOf(config.env));
    exitOnTheUnforeseen(log);
    const turns = demo ? await seed(config, log, real !== undefined) : 0;
    app = await startApp(
      config,
      { clock: systemClock, log },
      { ...REAL, links: linksToPage((link) => sandbox.addressOf(link)) },
    );
    sandbox.offerConsole(`${app.url}/admin`);
    // Nothing is kept, so nothing is waited for: a long reply would hold up the stop.
    onStopSignal(log, () => rm(folder, { recursive: true, force: true }));
    console.log(welcome(sandbox.url, { turns, isReal: real !== undefined, config, at: app.url }));
  } catch (error) {
    await stop();
    throw error;
  }
}

function configFor({ environment, behaviour }: Sandbox, variables: Record<string, string>): Config {
  const { LOG_LEVEL = "", DATABASE_URL = "", PATCHCORD_CONFIG } = variables;
  const own = { ...environment, LOG_LEVEL, DATABASE_URL };
  return PATCHCORD_CONFIG === undefined
    ? parseConfig(own, { path: "the sandbox's own configuration", text: behaviour })
    : loadConfig({ ...own, PATCHCORD_CONFIG });
}

/** The real Telnyx is told nothing of what nobody said. Returns how many turns there are. */
async function seed(config: Config, log: Log, isReal: boolean): Promise<number> {
  const deps = { clock: systemClock, log };
  const telnyx = isReal ? undefined : REAL.openTelnyx(config, deps);
  try {
    const path = config.env.DATABASE_URL;
    const { instructions } = config.file;
    return await seedDemo({ ...deps, path, instructions, ...(telnyx && { telnyx }) });
  } finally {
    await telnyx?.close();
  }
}

interface Started {
  readonly turns: number;
  readonly isReal: boolean;
  readonly config: Config;
  /** Where the bot's HTTP port listens. */
  readonly at: string;
}

function welcome(url: string, { turns, isReal, config, at }: Started): string {
  const { DATABASE_URL, TELNYX_API_KEY, TELNYX_BASE_URL, ADMIN_TOKEN } = config.env;
  const own = { DATABASE_URL, SANDBOX_URL: url };
  const variables = isReal ? own : { ...own, TELNYX_API_KEY, TELNYX_BASE_URL };
  const assignments = Object.entries(variables).map(([name, value]) => `${name}='${value}'`);
  return [
    "",
    `  The patchcord sandbox is open at ${url}`,
    "",
    "  A Slack and a Discord of your own to type in, with the real bot between them and the model.",
    isReal
      ? "  TELNYX_API_KEY is set: what you write to the bot goes to the real model at Telnyx. All else stays here."
      : "  Nothing leaves this machine: the model is a scripted one. Set TELNYX_API_KEY to talk to a real one.",
    ...(turns === 0
      ? []
      : [`  A month of conversations with ${turns} turns is there already, of people who do not exist.`]),
    "",
    `  The console is at ${at}/admin: sign in by the token ${ADMIN_TOKEN}, or with Slack or Discord as Robin,`,
    "  who runs the workspaces of this page and sees those alone.",
    "  To ask what was said where, in another terminal:",
    `    export ${assignments.join(" ")}`,
    "    npm run -s patchcord -- conversations list 'after:7d'",
    "",
    "  Ctrl+C stops it; nothing is kept.",
    "",
  ].join("\n");
}
