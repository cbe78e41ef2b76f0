import type { Browser, Locator, Page } from "playwright-core";
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
  expect([...stage.complaints, ...complaints]).toEqual([]);
});

const messages = (side: string, part = "room") => page.locator(`#${side} .${part} .message`);
const replies = (side: string, part = "room") => page.locator(`#${side} .${part} .message.is-bot`);
const say = async (side: string, text: string, part = "room") => {
  await page.locator(`#${side}-${part}-input`).fill(text);
  await page.locator(`#${side}-${part}-input`).press("Enter");
};
const writesAt = async (tokensPerSecond: number) => {
  const headers = { "content-type": "application/json" };
  await fetch(`${stage.sandbox.url}/api/speed`, {
    method: "POST",
    headers,
    body: JSON.stringify({ tokensPerSecond }),
  });
};
/** Reads until the text contains `end`, and returns every state that was seen. */
async function watch(reply: Locator, end: string): Promise<string[]> {
  const seen: string[] = [];
  await expect
    .poll(
      async () => {
        const text = (await reply.count()) > 0 ? ((await reply.first().textContent()) ?? "") : "";
        if (text !== "" && text !== seen.at(-1)) seen.push(text);
        return text;
      },
      { interval: 30 },
    )
    .toContain(end);
  return seen;
}

describe("the sandbox with the real bridge", () => {
  it("answers a mention in a Slack thread, with what was said there before, and goes on without one", async () => {
    await writesAt(60);
    await page.locator("#slack .thread-link").first().click();
    await say("slack", "@Patch what was said so far?", "thread");
    const [first] = [replies("slack", "thread").locator(".body")];
    await watch(first, "10,000 rows");
    await say("slack", "write a function in TypeScript", "thread");
    const second = replies("slack", "thread").nth(1).locator(".body");
    const seen = await watch(second, "Say which other language you would like.");
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toContain("export function connect");
    await say("slack", "what did I ask first?", "thread");
    await watch(replies("slack", "thread").nth(2).locator(".body"), "what was said so far?");
    expect(await replies("slack", "thread").locator(".edited").count()).toBe(0);
  });

  it("answers a mention on Discord with a reply that grows", async () => {
    await writesAt(30);
    await say("discord", "@Patch write a function in SQL");
    const seen = await watch(replies("discord").locator(".body"), "Say which other language you would like.");
    expect(seen.length).toBeGreaterThan(1);
    expect(await replies("discord").locator("pre[data-language=sql]").count()).toBe(1);
    expect(await replies("discord").locator(".quote").textContent()).toContain("@Robin");
    await page.locator("#discord .message.is-bot").hover();
    await page.getByRole("button", { name: "Reply to Patch" }).click();
    await say("discord", "what did I ask first?");
    await watch(replies("discord").nth(1).locator(".body"), "SQL");
  });

  it("answers in direct messages on both sides", async () => {
    await writesAt(200);
    for (const side of ["slack", "discord"]) {
      await page.locator(`#${side} nav`).getByRole("button", { name: "Patch" }).click();
      await say(side, "a table with 2 rows");
    }
    await watch(replies("slack", "thread").locator(".body"), "Venus");
    await watch(replies("discord").locator(".body"), "Venus");
    expect(await replies("slack", "thread").locator("table").count()).toBe(1);
    expect(await messages("discord").count()).toBe(2);
  });

  it("shows a long answer in several pages, and what it cost to show them", async () => {
    await writesAt(1_000);
    await say("discord", "@Patch write 700 words about telephones");
    await replies("discord").nth(2).waitFor();
    await page.getByText("Behind the scenes").click();
    const behind = page.getByRole("complementary", { name: "Behind the scenes" });
    await behind.getByText("with instructions").waitFor();
    await expect.poll(() => behind.locator(".replies dd").textContent()).toMatch(/^[3-6] messages, /);
    expect(await behind.locator(".requests strong").allTextContents()).toContain("starts a conversation");
  });

  it("ends a failure in an honest sentence", async () => {
    await writesAt(200);
    await page.getByText("Behind the scenes").click();
    await page.getByRole("button", { name: "The model fails" }).click();
    await page.getByText("The model fails, at the next question.").waitFor();
    await say("discord", "@Patch hello");
    const reply = replies("discord").locator(".body");
    await watch(reply, "The answer stops here: the model had an error of its own.");
    await say("discord", "@Patch a table with 2 rows");
    await watch(replies("discord").nth(1).locator(".body"), "Venus");
    // The bridge notes the failure for its operator.
    expect(complaints.every((line) => line.includes("model"))).toBe(true);
    complaints.length = 0;
  });
});
