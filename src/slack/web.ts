import { WebClient, type WebClientOptions } from "@slack/web-api";
import { PlatformRefusal } from "../errors.ts";
import type { Log } from "../log.ts";
import { slackFetch } from "./fetch.ts";
import { type Json, record } from "./json.ts";
import { slackLogger } from "./logger.ts";
import { asRefusal } from "./refusal.ts";

/** Longer than Slack takes on a bad day, shorter than a reader waits for a sign of life. */
const TIMEOUT_MS = 10_000;

/**
 * How every client of Slack's libraries here is set up. No retries: the library repeats posts that may have been made. No
 * waiting for rate limits: it would hold up every call to the workspace, and the bridge keeps budgets of its own. Never
 * `headers`: the library writes the token into the object it is given.
 */
export function webOptions(apiUrl: string | undefined, log: Log): WebClientOptions {
  return {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    allowAbsoluteUrls: false,
    fetch: slackFetch,
    logger: slackLogger(log),
  };
}

/** The Web API with the bot's token. */
export interface SlackWeb {
  /** Calls a method once. Throws `PlatformRefusal`. */
  call(method: string, args?: Readonly<Record<string, unknown>>): Promise<Json>;
}

export function createWeb(options: {
  botToken: string | undefined;
  apiUrl: string | undefined;
  log: Log;
}): SlackWeb {
  const client = new WebClient(options.botToken, webOptions(options.apiUrl, options.log));
  return {
    call: async (method, args = {}) => {
      try {
        return record(await client.apiCall(method, { ...args }));
      } catch (caught) {
        throw asRefusal(caught, method);
      }
    },
  };
}

/** Puts a file's bytes at the address that Slack gave for it. No token goes there. Throws `PlatformRefusal`. */
export async function putFile(
  url: string,
  bytes: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<void> {
  const headers = { "content-type": "application/octet-stream" };
  const sent = fetch(url, { method: "POST", body: bytes, headers, redirect: "error", signal });
  const response = await sent.catch((error: unknown) => Promise.reject(asRefusal(error, "upload")));
  await response.body?.cancel();
  if (response.ok) return;
  const why = `upload: answered ${response.status}`;
  throw new PlatformRefusal("unavailable", `slack_http_${response.status}`, why);
}
