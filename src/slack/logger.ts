import { type Logger, LogLevel } from "@slack/bolt";
import type { Log } from "../log.ts";

/**
 * What Slack's libraries say, for whoever looks into them. All of it at `debug`: the adapter tells every failure itself, once and
 * with its consequence, and the libraries' lines carry the text of messages.
 */
export function slackLogger(log: Log): Logger {
  const say = (...parts: unknown[]) => log.debug({ library: "slack" }, parts.map(String).join(" "));
  return {
    debug: say,
    info: say,
    warn: say,
    error: say,
    // Spares the libraries some work for their lines; which are kept is for our own log to decide.
    getLevel: () => LogLevel.ERROR,
    setLevel: () => {},
    setName: () => {},
  };
}
