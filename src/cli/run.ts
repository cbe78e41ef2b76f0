import { type App, startApp } from "../app.ts";
import { systemClock } from "../clock.ts";
import { type Config, parseConfig } from "../config.ts";
import { presentOnly, secretsOf } from "../config/environment.ts";
import { asError } from "../errors.ts";
import { createLog, type Log } from "../log.ts";
import { startSandbox } from "../sandbox/sandbox.ts";
import { loadConfig, type Variables } from "./load.ts";

/** Runs the bot until SIGINT or SIGTERM. */
export async function runBot(config: Config): Promise<void> {
  // The database holds what people wrote: the files that are made are for this user alone.
  process.umask(0o077);
  const log = createLog(config.env.LOG_LEVEL, secretsOf(config.env));
  exitOnTheUnforeseen(log);
  // Before the start, so that a signal in the middle of it, or right after it, stops what has been started, in order.
  const unwanted = new AbortController();
  const starting = Promise.withResolvers<App | undefined>();
  onStopSignal(log, async () => {
    unwanted.abort(new Error("patchcord was told to stop while it started"));
    await (await starting.promise)?.stop();
  });
  const app = await startApp(config, { clock: systemClock, log, unwanted: unwanted.signal }).catch(
    (error) => {
      starting.resolve(undefined);
      if (unwanted.signal.aborted) return undefined;
      throw error;
    },
  );
  starting.resolve(app);
  void app?.failed.then((why) => {
    log.error({ err: why }, "it cannot go on: stopping, to be started again");
    end(log, () => app.stop(), 1);
  });
}

/**
 * Runs the bridge against the loopback platforms, and the page to try it on. With `TELNYX_API_KEY` set, the model is Telnyx's
 * real one; with `PATCHCORD_CONFIG` set, the bot behaves as that file says. Nothing else of the environment is used.
 */
export async function runSandbox(environment: Variables, port: number): Promise<void> {
  const { TELNYX_API_KEY, TELNYX_BASE_URL, LOG_LEVEL = "warn", PATCHCORD_CONFIG } = presentOnly(environment);
  const real =
    TELNYX_API_KEY === undefined
      ? undefined
      : { TELNYX_API_KEY, ...(TELNYX_BASE_URL !== undefined && { TELNYX_BASE_URL }) };
  const sandbox = await startSandbox({ port, real });
  let app: App | undefined;
  const stop = async () => {
    await app?.stop();
    await sandbox.close();
  };
  try {
    const variables = { ...sandbox.environment, LOG_LEVEL };
    const config =
      PATCHCORD_CONFIG === undefined
        ? parseConfig(variables, { path: "the sandbox's own configuration", text: sandbox.behaviour })
        : loadConfig({ ...variables, PATCHCORD_CONFIG });
    const log = createLog(LOG_LEVEL, secretsOf(config.env));
    exitOnTheUnforeseen(log);
    app = await startApp(config, { clock: systemClock, log });
    // Nothing is kept, so nothing is waited for: a long reply would hold up the stop.
    onStopSignal(log, () => Promise.resolve());
    console.log(welcome(sandbox.url, real !== undefined));
  } catch (error) {
    await stop();
    throw error;
  }
}

function welcome(url: string, isReal: boolean): string {
  return [
    "",
    `  The patchcord sandbox is open at ${url}`,
    "",
    "  A Slack and a Discord of your own to type in, with the real bot between them and the model.",
    isReal
      ? "  TELNYX_API_KEY is set: what you write to the bot goes to the real model at Telnyx. All else stays here."
      : "  Nothing leaves this machine: the model is a scripted one. Set TELNYX_API_KEY to talk to a real one.",
    "  Ctrl+C stops it; nothing is kept.",
    "",
  ].join("\n");
}

/** An error that nobody caught leaves unknown state behind: say it and go, so that the supervisor starts us afresh. */
function exitOnTheUnforeseen(log: Log): void {
  process.on("uncaughtException", (error) => {
    log.error({ err: error }, "an error that nobody caught: exiting, to be started again");
    process.exit(1);
  });
  process.on("unhandledRejection", (reason) => {
    log.error({ err: asError(reason) }, "a rejection that nobody caught: exiting, to be started again");
    process.exit(1);
  });
}

/** The first signal stops in order; a second one exits at once. */
function onStopSignal(log: Log, stop: () => Promise<void>): void {
  let stopping = false;
  const handle = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, "stopping: live replies may finish");
    end(log, stop, 0);
  };
  process.on("SIGINT", handle);
  process.on("SIGTERM", handle);
}

/** Stops, and ends the process with this exit code, or with 1 if the stop fails. */
function end(log: Log, stop: () => Promise<void>, code: 0 | 1): void {
  stop().then(
    () => {
      log.info("stopped");
      process.exit(code);
    },
    (error: unknown) => {
      log.error({ err: asError(error) }, "the stop failed");
      process.exit(1);
    },
  );
}
