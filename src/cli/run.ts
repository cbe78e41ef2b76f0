import { type App, startApp } from "../app.ts";
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { secretsOf } from "../config/environment.ts";
import { asError } from "../errors.ts";
import { createLog, type Log } from "../log.ts";

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

/** An error that nobody caught leaves unknown state behind: say it and go, so that the supervisor starts us afresh. */
export function exitOnTheUnforeseen(log: Log): void {
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
export function onStopSignal(log: Log, stop: () => Promise<void>): void {
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
