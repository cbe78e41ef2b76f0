import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openBrowser } from "./browser.ts";
import { openStage, type Stage } from "./stage.ts";

let browser: Browser;
let stage: Stage;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  stage = await openStage(browser);
});
afterEach(async () => {
  await stage.close();
  expect(stage.complaints).toEqual([]);
});

const input = (page: Page, side: string, part = "room") => page.locator(`#${side}-${part}-input`);
const messages = (page: Page, side: string, part = "room") => page.locator(`#${side} .${part} .message`);
const roomId = async (side: "slack" | "discord", name: string) =>
  (await stage.state()).sides[side].rooms.find((room) => room.name === name)!.id;
const say = async (page: Page, side: string, text: string) => {
  await input(page, side).fill(text);
  await input(page, side).press("Enter");
  await messages(page, side)
    .filter({ hasText: text.replace("@Patch ", "") })
    .first()
    .waitFor();
};
const lastId = async (side: "slack" | "discord", room: string) =>
  (await stage.state()).sides[side].messages
    .filter((message) => message.room === room && message.root === undefined)
    .at(-1)!.id;
const markdown = (text: string) => ({ text, blocks: [{ type: "markdown", text }] });

describe("the playground", () => {
  it("has landmarks and headings, and a name for everything that can be used", async () => {
    const page = await stage.open();
    for (const name of ["Slack", "Discord"])
      expect(await page.getByRole("region", { name, exact: true }).count()).toBe(1);
    for (const role of ["banner", "main"] as const) expect(await page.getByRole(role).count()).toBe(1);
    for (const name of ["Slack channels", "Discord channels"])
      expect(await page.getByRole("navigation", { name }).count()).toBe(1);
    const nameless = await page.evaluate("nameless()");
    expect(nameless).toEqual([]);
    expect(await page.title()).toBe("patchcord sandbox");
  });

  it("is used by keyboard alone: a name is completed, Enter sends, Shift+Enter does not", async () => {
    const page = await stage.open();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("focused()")).toBe("slack-room-input");
    await page.keyboard.type("@");
    const names = page.getByRole("listbox", { name: "People to mention" }).getByRole("option");
    expect((await names.allTextContents()).map((text) => text.replace(/(the bot|you)$/, ""))).toEqual([
      "@Patch",
      "@Robin",
      "@Ada",
      "@Grace",
    ]);
    await page.keyboard.type("gr");
    await page.keyboard.press("Tab");
    await page.keyboard.type("and @");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    expect(await input(page, "slack").inputValue()).toBe("@Grace and @Patch ");
    await page.keyboard.type("one");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("two");
    await page.keyboard.press("Enter");
    const said = messages(page, "slack").last();
    await said.getByText("two").waitFor();
    expect(await said.locator(".chip").allTextContents()).toEqual(["@Grace", "@Patch"]);
    expect(await said.locator("br").count()).toBe(1);
    // The thread of the message before, from the message box backwards.
    for (let presses = 0; presses < 30; presses += 1) {
      await page.keyboard.press("Shift+Tab");
      if ((await page.evaluate("focused()")) === "thread-link") break;
    }
    await page.keyboard.press("Enter");
    await messages(page, "slack", "thread").nth(3).waitFor();
    expect(await page.evaluate("focused()")).toBe("slack-thread-input");
    await page.keyboard.press("Escape");
    expect(await page.evaluate("focused()")).toBe("slack-room-input");
  });

  it("opens the thread of one's question when the bot answers, and lets the reply grow in place", async () => {
    const page = await stage.open();
    await say(page, "slack", "@Patch hello");
    const channel = await roomId("slack", "support");
    const root = await lastId("slack", channel);
    await stage.slackBot("assistant.threads.setStatus", {
      channel_id: channel,
      thread_ts: root,
      status: "is thinking…",
    });
    await page.locator("#slack .thread .sign", { hasText: "Patch is thinking…" }).waitFor();
    const { ts } = await stage.slackBot("chat.postMessage", {
      channel,
      thread_ts: root,
      ...markdown("First *words*."),
    });
    const reply = messages(page, "slack", "thread").last();
    await reply.getByText("First words.").waitFor();
    await reply.locator(".body p").evaluate((element) => Object.assign(element, { isKept: true }));
    await stage.slackBot("chat.update", {
      channel,
      ts,
      ...markdown("First *words*.\n\n```ts\nlet more;\n```"),
    });
    await reply.locator("pre[data-language=ts]").waitFor();
    expect(await reply.locator(".body p").evaluate((element) => "isKept" in element)).toBe(true);
    expect(await reply.locator(".badge").textContent()).toBe("APP");
    expect(await reply.locator(".edited").count()).toBe(0);
    expect(await page.locator("#slack .thread .sign").textContent()).toBe("");
    expect(await page.locator("#slack .room .thread-link").last().textContent()).toMatch(/^1 reply/);
    expect(await page.evaluate("focused()")).toBe("slack-room-input");
  });

  it("shows on Discord who types, what a reply answers, and that it was edited, and announces it once it is whole", async () => {
    const page = await stage.open();
    await say(page, "discord", "@Patch hello");
    const channel = await roomId("discord", "general");
    const question = await lastId("discord", channel);
    await stage.discordBot("POST", `/channels/${channel}/typing`);
    await page.locator("#discord .sign", { hasText: "Patch is typing…" }).waitFor();
    const post = {
      content: "One",
      message_reference: { message_id: question },
      allowed_mentions: { parse: [] },
    };
    const { id } = await stage.discordBot("POST", `/channels/${channel}/messages`, post);
    const reply = messages(page, "discord").last();
    await reply.getByText("One", { exact: true }).waitFor();
    expect(await reply.locator(".quote").textContent()).toMatch(/In reply to @Robin.*hello/);
    await stage.discordBot("PATCH", `/channels/${channel}/messages/${id}`, {
      content: "One ||two||",
      allowed_mentions: { parse: [] },
    });
    await reply.locator(".edited").waitFor();
    await reply.getByRole("button", { name: /Spoiler/ }).press("Enter");
    await reply.locator(".spoiler.is-shown").waitFor();
    expect(await page.locator("#announcer").textContent()).toBe("");
    await page.locator("#announcer", { hasText: "Patch in general: One two" }).waitFor({ state: "attached" });
  });

  it("stays where one reads, and at the end for whom it is", async () => {
    const page = await stage.open();
    const channel = await roomId("discord", "general");
    const long = Array.from({ length: 60 }, (_, index) => `line ${index}`).join("\n");
    const { id } = await stage.discordBot("POST", `/channels/${channel}/messages`, { content: long });
    const log = page.locator("#discord .scroller");
    await log.getByText("line 59").waitFor();
    const fromEnd = () =>
      log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
    await expect.poll(fromEnd).toBeLessThan(2);
    const edit = (content: string) =>
      stage.discordBot("PATCH", `/channels/${channel}/messages/${id}`, { content });
    await edit(`${long}\nmore\nand more`);
    await log.getByText("and more").waitFor();
    await expect.poll(fromEnd).toBeLessThan(2);
    await log.evaluate((element) => element.scrollTo(0, 10));
    const newest = page.getByRole("button", { name: "Newest" });
    await edit(`${long}\nmore\nand more\nand most`);
    await log.getByText("and most").waitFor();
    await newest.waitFor();
    expect(await log.evaluate((element) => element.scrollTop)).toBe(10);
    await newest.click();
    await expect.poll(fromEnd).toBeLessThan(2);
  });
});

describe("the playground for different people", () => {
  it("lets one speak as a colleague, who has a DM of their own", async () => {
    const page = await stage.open();
    await page.getByRole("button", { name: "Patch" }).first().click();
    await say(page, "slack", "from Robin");
    await page.getByLabel("You speak as").selectOption("Ada");
    await page
      .getByRole("navigation", { name: "Slack channels" })
      .getByRole("button", { name: "Patch" })
      .click();
    expect(await messages(page, "slack").count()).toBe(0);
    await say(page, "slack", "from Ada");
    expect(await messages(page, "slack").locator(".author").allTextContents()).toEqual(["Ada"]);
  });

  it("keeps what was typed when it is refused, and says why", async () => {
    const page = await stage.open();
    const long = "x".repeat(4_001);
    await input(page, "discord").fill(long);
    await input(page, "discord").press("Enter");
    await page.getByRole("alert").filter({ hasText: "4000 characters" }).waitFor();
    expect(await input(page, "discord").inputValue()).toBe(long);
    // The browser notes every refusal on its console: it is the one that was asked for.
    expect(stage.complaints).toHaveLength(1);
    (stage.complaints as string[]).length = 0;
  });

  it("fits a phone, one side at a time, the thread over the channel", async () => {
    const page = await stage.open({ viewport: { width: 390, height: 780 }, hasTouch: true });
    const widest = () => page.evaluate("widest()");
    expect(await widest()).toBeLessThanOrEqual(390);
    expect(await page.locator("#discord").isVisible()).toBe(false);
    await page.locator("#slack .thread-link").first().tap();
    await messages(page, "slack", "thread").nth(3).waitFor();
    expect(await page.locator("#slack .room").isVisible()).toBe(false);
    await page.getByRole("button", { name: "Close the thread" }).tap();
    await page.getByRole("button", { name: "Discord" }).tap();
    expect(await page.locator("#slack").isVisible()).toBe(false);
    await page.getByLabel("Discord channel", { exact: true }).selectOption({ label: "↳ Friday" });
    await messages(page, "discord").filter({ hasText: "climbing hall" }).waitFor();
    expect(await widest()).toBeLessThanOrEqual(390);
    const { TELNYX_BASE_URL, TELNYX_API_KEY } = stage.sandbox.environment;
    for (let requests = 0; requests < 8; requests += 1)
      await fetch(`${TELNYX_BASE_URL}/ai/openai/models`, {
        headers: { authorization: `Bearer ${TELNYX_API_KEY}` },
      });
    await page.getByText("Behind the scenes").tap();
    await page.locator(".requests li").nth(7).waitFor();
    const boxes = await page.locator(".behind-body section").evaluateAll((sections) =>
      sections.map((section) => ({
        top: section.getBoundingClientRect().top,
        end: section.getBoundingClientRect().top + section.scrollHeight,
      })),
    );
    expect(boxes.length).toBeGreaterThan(1);
    for (const [index, { end }] of boxes.slice(0, -1).entries())
      expect(boxes[index + 1]!.top).toBeGreaterThanOrEqual(end);
  });

  it.each(["light", "dark"] as const)("can be read in %s colours", async (colorScheme) => {
    const page = await stage.open({ colorScheme });
    const weak = await page.evaluate("weakTexts()");
    expect(weak).toEqual([]);
  });
});
