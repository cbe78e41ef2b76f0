import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type App, startApp } from "../../src/app.ts";
import { systemClock } from "../../src/clock.ts";
import { parseConfig } from "../../src/config.ts";
import { createLog } from "../../src/log.ts";
import { createFiles } from "../../src/slack/files.ts";
import { encodePlace } from "../../src/slack/place.ts";
import { createWeb } from "../../src/slack/web.ts";
import { postKey } from "../contracts/platform-bench.ts";
import { openBrowser } from "./browser.ts";
import { openStage, type Stage } from "./stage.ts";

let browser: Browser;
let stage: Stage;
let page: Page;
const complaints: string[] = [];
const log = createLog("warn", [], { write: (line) => void complaints.push(line) });
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  complaints.length = 0;
  stage = await openStage(browser);
  page = await stage.open();
});
afterEach(async () => {
  await stage.close();
  expect([...stage.complaints, ...complaints]).toEqual([]);
});

describe("the agent's direct message", () => {
  let app: App;
  beforeEach(async () => {
    const { environment, behaviour } = stage.sandbox;
    const config = parseConfig(environment, { path: "sandbox", text: behaviour });
    app = await startApp(config, { clock: systemClock, log });
  });
  afterEach(() => app.stop());

  it("suggests, shows what the bot does and its tools, has a title, and is stopped by Slack's button", async () => {
    const slack = page.locator("#slack");
    const thread = slack.locator(".thread");
    const stop = thread.getByRole("button", { name: "Stop", exact: true });
    await slack.locator(".entry-dm").click();
    const suggested = slack.getByRole("group", { name: "What Patch suggests" }).getByRole("button");
    await suggested.first().click();
    await thread.locator(".message.is-bot").waitFor();
    expect(await thread.getByRole("heading", { level: 3 }).textContent()).toBe(
      await thread.locator(".message .body").first().textContent(),
    );

    const input = page.locator("#slack-thread-input");
    await input.fill("use your tools");
    await input.press("Enter");
    await thread.locator(".sign").getByText("Patch is thinking…").waitFor();
    await thread.getByText("Using search_the_handbook, at work").waitFor();
    await thread.getByText("Using search_the_handbook, done").waitFor();
    expect(await page.evaluate("weakTexts()")).toEqual([]);
    await thread.getByText("I searched the handbook").waitFor();
    await stop.waitFor({ state: "detached" });

    await input.fill("write 3000 words about telephones");
    await input.press("Enter");
    await thread.locator(".message.is-bot").nth(2).waitFor();
    await stop.focus();
    await page.keyboard.press("Enter");
    await thread.getByText("The answer stops here: I was stopped.").waitFor();
    await stop.waitFor({ state: "detached" });
    expect(await page.evaluate("focused()")).toBe("slack-thread-input");
  });
});

it("a file's link brings the file", async () => {
  const { SLACK_BOT_TOKEN: botToken, SLACK_API_URL: apiUrl } = stage.sandbox.environment;
  const web = createWeb({ botToken, apiUrl, log });
  const { user_id: botUserId, bot_id: botId, team_id: team } = await web.call("auth.test");
  const self = {
    botUserId: String(botUserId),
    botId: String(botId),
    botName: "Patch",
    team: String(team),
  };
  const channel = (await stage.state()).sides.slack.rooms.find(({ name }) => name === "support")!.id;
  const text = 'export const depth = "10,935 m";\n'.repeat(400);
  const file = { name: "code-1.ts", text };
  const place = encodePlace({ team: self.team, channel });
  await createFiles({ web, self, clock: systemClock }).post(
    place,
    { text: "code-1.ts", final: true, file },
    postKey(0),
  );
  const arrived = page.waitForEvent("download");
  await page.locator("#slack").getByRole("link", { name: "code-1.ts, 13 kB" }).click();
  const download = await arrived;
  expect(download.suggestedFilename()).toBe("code-1.ts");
  expect(await readFile(await download.path(), "utf8")).toBe(text);
});
