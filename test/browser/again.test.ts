import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
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

const messages = (page: Page, side: string) => page.locator(`#${side} .room .message`);

describe("a page whose server comes back", () => {
  it("begins again with what is there now", async () => {
    const page = await stage.open();
    await page.locator("#slack-room-input").fill("before");
    await page.locator("#slack-room-input").press("Enter");
    await messages(page, "slack").filter({ hasText: "before" }).first().waitFor();
    const port = Number(new URL(stage.sandbox.url).port);
    await stage.sandbox.close();
    await page.getByRole("status").filter({ hasText: "does not answer" }).waitFor();
    const again = await startSandbox({ port });
    try {
      await page.locator("body.is-ready").waitFor();
      await messages(page, "slack").first().waitFor();
      expect(await messages(page, "slack").filter({ hasText: "before" }).count()).toBe(0);
    } finally {
      await page.context().close();
      await again.close();
    }
    // The browser notes each attempt.
    expect(stage.complaints.every((line) => line.includes("ERR_"))).toBe(true);
    (stage.complaints as string[]).length = 0;
  });
});

describe("a message's address", () => {
  it("opens its place on either side, with the thread, and shows the message", async () => {
    const page = await stage.open();
    const { sides } = await stage.state();
    const reply = sides.slack.messages.find(({ root }) => root !== undefined)!;
    const post = sides.discord.messages.findLast(({ plain }) => plain.includes("Seven is early"))!;
    for (const [side, part, message] of [
      ["slack", "thread", reply],
      ["discord", "room", post],
    ] as const) {
      const address = stage.sandbox.addressOf(`https://example.com${message.link}`) ?? "";
      await page.goto(address);
      const shown = page.locator(`#${side} .${part} .message.is-linked`);
      await shown.waitFor();
      expect(await shown.locator(".body").textContent()).toBe(message.plain.replaceAll("~~", ""));
    }
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(stage.sandbox.url + post.link);
    await page.locator("#discord .message.is-linked").waitFor();
    expect(await page.locator("#slack").isVisible()).toBe(false);
  });

  it("that is of no message here is said to be so", async () => {
    const page = await stage.open();
    expect(
      stage.sandbox.addressOf("https://acme.slack.com/archives/C0NOWHERE/p1700000000000100"),
    ).toBeUndefined();
    await page.goto(`${stage.sandbox.url}/archives/C0NOWHERE/p1700000000000100`);
    await page.getByText("is not in this sandbox").waitFor();
    await messages(page, "slack").first().waitFor();
  });
});
