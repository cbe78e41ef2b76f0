import { PatchcordError, PlatformRefusal } from "../errors.ts";
import { list, record, text } from "./json.ts";
import type { Identity } from "./parse.ts";
import type { SlackWeb } from "./web.ts";

/** Asks Slack who the token is. Throws `PlatformRefusal`, and `PatchcordError` for an answer that does not say so. */
export async function identify(web: SlackWeb): Promise<{ self: Identity; scopes: readonly string[] }> {
  const answer = await web.call("auth.test");
  const [team, user, botId, teamName, teamUrl] = ["team_id", "user_id", "bot_id", "team", "url"].map((key) =>
    text(answer[key]),
  );
  if (team === undefined || user === undefined)
    throw new PatchcordError(
      "slack_no_identity",
      "Slack did not say whose SLACK_BOT_TOKEN this is (auth.test)",
    );
  const self = {
    team,
    botUserId: user,
    botName: text(answer["user"]) ?? user,
    ...(botId === undefined ? {} : { botId }),
    ...(teamName === undefined ? {} : { teamName }),
    ...(teamUrl === undefined ? {} : { teamUrl }),
  };
  const scopes = list(record(answer["response_metadata"])["scopes"]).filter(
    (scope) => typeof scope === "string",
  );
  return { self, scopes };
}

/** The same, in words for the operator. Throws `PatchcordError`. */
export const identifyAtStart = (web: SlackWeb) =>
  identify(web).catch((error: unknown) => Promise.reject(startError(error, "SLACK_BOT_TOKEN")));

/** What kept the adapter from starting, and what to do about it. */
export function startError(error: unknown, variable: string): PatchcordError {
  if (error instanceof PatchcordError && !(error instanceof PlatformRefusal)) return error;
  if (!(error instanceof PlatformRefusal))
    return new PatchcordError("slack_start_failed", String(error), { cause: error });
  const advice: Partial<Record<PlatformRefusal["kind"], string>> = {
    unauthorized: `Slack refuses ${variable}: copy it anew from the app's settings at api.slack.com/apps`,
    rate_limited: `Slack asks to wait ${Math.ceil((error.retryAfterMs ?? 0) / 1000)} s before the next start`,
    unavailable: "Slack cannot be reached now: check the network and SLACK_API_URL",
    unreachable: `${variable} lacks a scope: an app-level token needs connections:write`,
  };
  const sentence = advice[error.kind] ?? `Slack refuses the start`;
  return new PatchcordError(error.code, `${sentence} (${error.message})`, { cause: error });
}
