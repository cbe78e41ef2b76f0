import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type App, startApp } from "../../src/app.ts";
import { systemClock } from "../../src/clock.ts";
import { parseConfig } from "../../src/config.ts";
import { createLog } from "../../src/log.ts";
import { openBrowser } from "./browser.ts";
import { openStage, type Stage } from "./stage.ts";

let browser: Browser;
let stage: Stage;
let app: App;
let page: Page;
const complaints: string[] = [];
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  complaints.length = 0;
  stage = await openStage(browser);
  const { environment, behaviour } = stage.sandbox;
  const config = parseConfig(environment, { path: "sandbox", text: behaviour });
  const log = createLog("warn", [], { write: (line) => void complaints.push(line) });
  app = await startApp(config, { clock: systemClock, log });
  page = await stage.open();
});
afterEach(async () => {
  await app.stop();
  await stage.close();
  // A press that nobody takes is told to the page as a conflict.
  const told = stage.complaints.filter((line) => !line.includes("409"));
  expect([...told, ...complaints]).toEqual([]);
});

const replies = (side: string, part = "room") => page.locator(`#${side} .${part} .message.is-bot`);
const stops = (side: string) => page.locator(`#${side}`).getByRole("button", { name: "Stop", exact: true });
const say = async (side: string, text: string, part = "room") => {
  await page.locator(`#${side}-${part}-input`).fill(text);
  await page.locator(`#${side}-${part}-input`).press("Enter");
};
const STOPPED = "The answer stops here: I was stopped.";

describe("the Stop button", () => {
  it.each([
    ["slack", "thread"],
    ["discord", "room"],
  ])("ends a long reply on %s, by mouse", async (side, part) => {
    await say(side, "@Patch write 3000 words about telephones");
    await stops(side).click();
    await replies(side, part).last().getByText(STOPPED).waitFor();
    await stops(side).waitFor({ state: "detached" });
    const text = (await replies(side, part).last().locator(".body").textContent()) ?? "";
    expect(text.length).toBeGreaterThan(STOPPED.length + 5);
    expect(text).not.toContain("…");
    // The place goes on.
    await say(side, "@Patch a table with 2 rows", part);
    await replies(side, part).last().getByText("Venus").waitFor();
  });

  it("is pressed by the keyboard while the reply grows, and leaves the focus at the messages", async () => {
    await say("discord", "@Patch write 3000 words about telephones");
    const button = stops("discord");
    await button.waitFor();
    await button.focus();
    const before = (await replies("discord").last().textContent())?.length ?? 0;
    await expect
      .poll(async () => ((await replies("discord").last().textContent())?.length ?? 0) > before + 40)
      .toBe(true);
    // The reply was painted anew, and the button kept its focus.
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Stop");
    await page.keyboard.press("Enter");
    await replies("discord").last().getByText(STOPPED).waitFor();
    await button.waitFor({ state: "detached" });
    expect(await page.evaluate("document.activeElement.className")).toBe("scroller");
  });

  it("says so where the bot does not take the press", async () => {
    await app.stop();
    const { rooms } = (await stage.state()).sides.slack;
    const channel = rooms.find(({ name }) => name === "support")!.id;
    const label = { type: "plain_text", text: "Stop" };
    const elements = [{ type: "button", action_id: "patchcord_stop", text: label, value: "1 slack:T1:C1" }];
    const blocks = [
      { type: "markdown", text: "Telephones …" },
      { type: "actions", elements },
    ];
    await stage.slackBot("chat.postMessage", { channel, text: "Telephones …", blocks });
    await stops("slack").click();
    await page.locator("#slack").getByText("The bot did not take it in time.").waitFor();
    expect(await stops("slack").getAttribute("aria-busy")).toBeNull();
  });
});

describe("a private answer", () => {
  it("is shown to the one whom it is for, in the thread, until the page is loaded anew", async () => {
    await say("slack", "@Patch hello");
    await replies("slack", "thread").first().waitFor();
    const { room, root } = (await stage.state()).sides.slack.messages.findLast(
      (one) => one.root !== undefined,
    )!;
    const { SLACK_API_URL, SLACK_BOT_TOKEN } = stage.sandbox.environment;
    const headers = { authorization: `Bearer ${SLACK_BOT_TOKEN}` };
    const body = new URLSearchParams({ channel: room, ts: root! });
    const history = await fetch(`${SLACK_API_URL}conversations.replies`, { method: "POST", headers, body });
    const [{ user } = { user: "" }] = ((await history.json()) as { messages: { user: string }[] }).messages;
    const psst = { channel: room, thread_ts: root, user, text: "There is nothing to stop any more." };
    await stage.slackBot("chat.postEphemeral", psst);
    const whisper = page.locator("#slack .thread .is-private");
    await whisper.getByText("Only visible to you").waitFor();
    expect(await whisper.locator(".body").textContent()).toBe("There is nothing to stop any more.");
    expect(await whisper.getByRole("button").count()).toBe(0);
    await page.locator("#speaker").selectOption("ada");
    await whisper.waitFor({ state: "detached" });
    await page.locator("#speaker").selectOption("robin");
    await whisper.waitFor();
    await page.reload();
    await page.locator("body.is-ready").waitFor();
    await page.locator("#slack .thread-link").last().click();
    await replies("slack", "thread").first().waitFor();
    expect(await whisper.count()).toBe(0);
  });
});
