import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Snapshot } from "../../src/sandbox/playground/server.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";

export interface Stage {
  readonly sandbox: Sandbox;
  /** What the browser complained of: errors on the console, uncaught errors, what the policy refused. */
  readonly complaints: readonly string[];
  /** Opens the page and waits until it shows something. */
  readonly open: (options?: BrowserContextOptions) => Promise<Page>;
  readonly state: () => Promise<Snapshot>;
  /** A stand-in for the bridge: what the bot does at Slack's Web API, and at Discord's REST. */
  readonly slackBot: (method: string, args: object) => Promise<{ readonly ts: string }>;
  readonly discordBot: (method: string, path: string, body?: object) => Promise<{ readonly id: string }>;
  readonly close: () => Promise<void>;
}

/** A sandbox without a bridge, and pages that look at it. */
export async function openStage(browser: Browser): Promise<Stage> {
  const sandbox = await startSandbox({ port: 0 });
  const complaints: string[] = [];
  const pages: Page[] = [];
  const env = (name: string) => sandbox.environment[name] ?? "";

  return {
    sandbox,
    complaints,
    open: async (options = {}) => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
      pages.push(page);
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.addInitScript({ path: new URL("in-page.js", import.meta.url).pathname });
      await page.goto(sandbox.url);
      await page.locator("body.is-ready").waitFor();
      return page;
    },
    state: async () => (await (await fetch(`${sandbox.url}/api/state`)).json()) as Snapshot,
    slackBot: (method, args) =>
      call(`${env("SLACK_API_URL")}${method}`, { authorization: `Bearer ${env("SLACK_BOT_TOKEN")}` }, args),
    discordBot: (method, path, body) =>
      call(
        `${env("DISCORD_API_URL")}/v10${path}`,
        { authorization: `Bot ${env("DISCORD_TOKEN")}` },
        body,
        method,
      ),
    close: async () => {
      await Promise.all(pages.map((page) => page.context().close()));
      await sandbox.close();
    },
  };
}

async function call<T>(
  url: string,
  headers: Record<string, string>,
  body?: object,
  method = "POST",
): Promise<T> {
  const response = await fetch(url, {
    method,
    // Discord refuses requests without a bot's user agent.
    headers: {
      ...headers,
      "user-agent": "DiscordBot (https://example.com, 1.0)",
      "content-type": "application/json; charset=utf-8",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = response.status === 204 ? {} : ((await response.json()) as { ok?: boolean });
  if (!response.ok || ("ok" in answer && !answer.ok))
    throw new Error(`${url} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer as T;
}
