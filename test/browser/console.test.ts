import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { conversationPath } from "../../src/admin/console/paths.ts";
import type { Place } from "../../src/chat/place.ts";
import type { Month } from "../admin/console/month.ts";
import type { ConsoleStage } from "../admin/console/stage.ts";
import { wrongIn } from "./axe.ts";
import { openBrowser } from "./browser.ts";
import { serveConsole, type Served } from "./console-stage.ts";

const SUPPORT = conversationPath({ place: "slack:T0ACME01:C0SUPPORT" as Place, generation: 1 });

let browser: Browser;
let stage: ConsoleStage;
let month: Month;
let served: Served;
let url: string;
const complaints: string[] = [];
const pages: Page[] = [];

beforeAll(async () => {
  served = await serveConsole();
  ({ stage, month, url } = served);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await served.close();
});
afterEach(async () => {
  await Promise.all(pages.splice(0).map((page) => page.context().close()));
  expect(complaints.splice(0)).toEqual([]);
});

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
  pages.push(page);
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.addInitScript({ path: new URL("in-page.js", import.meta.url).pathname });
  await page.goto(url + path);
  if (options.javaScriptEnabled !== false) await page.locator("html.has-script").waitFor();
  return page;
}

const query = (page: Page) => page.getByRole("combobox", { name: "Query" });
const rows = (page: Page) => page.locator("#results tbody tr");

const EVERY_PAGE = [
  "/admin",
  "/admin?show=turns&q=channel:support",
  "/admin?q=channel:nowhere",
  SUPPORT,
  "/admin/usage",
  "/admin/places",
  "/admin/health",
  "/admin/audit",
  "/admin/audit/verify",
  "/admin/explain?link=https%3A%2F%2Facme.slack.com%2Farchives%2FC1%2Fp1",
  "/admin/export?q=channel:support",
  "/admin/hold?q=channel:support",
  "/admin/forget?q=channel:support",
  "/admin/sign-in?to=%2Fadmin%2Fusage",
];

describe("every page of the console", () => {
  it("can be used by everybody, in light and in dark colours, and fits a phone", async () => {
    const page = await open("/admin");
    const wrong: string[] = [];
    for (const path of EVERY_PAGE) {
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(url + path);
      await page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))");
      wrong.push(...(await wrongIn(page)).map((one) => `${path}: ${one}`));
      await page.emulateMedia({ colorScheme: "dark" });
      const weak = await page.evaluate<string[]>("weakTexts()");
      wrong.push(...weak.map((one) => `${path}, dark: ${one}`));
      await page.setViewportSize({ width: 360, height: 740 });
      const width = Number(await page.evaluate("document.documentElement.scrollWidth"));
      if (width > 360) wrong.push(`${path} is ${width} wide on a phone`);
    }
    expect(wrong).toEqual([]);
  });

  it("that says no is as usable, and its query can be mended", async () => {
    const page = await open("/admin?q=chanel:support");
    complaints.length = 0;
    expect(await wrongIn(page)).toEqual([]);
    await page.getByRole("link", { name: "Search for channel:support" }).click();
    await rows(page).first().waitFor();
    for (const path of ["/admin/nowhere", "/admin/sign-in/nowhere"]) {
      await page.goto(url + path);
      expect(await wrongIn(page), path).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await page.getByRole("alert").textContent()).toBe("Nobody signs in that way here.");
    expect(await page.evaluate("weakTexts()")).toEqual([]);
    // The browser notes a page's status on its console.
    expect(complaints.splice(0).every((text) => /status of (?:422|404)/.test(text))).toBe(true);
  });
});

describe("the search", () => {
  it("finds as one types, is a link at any time, and keeps what was found while the query is not right", async () => {
    const page = await open("/admin");
    await page.keyboard.press("/");
    await page.keyboard.type("channel:board ");
    await expect.poll(() => rows(page).count()).toBe(7);
    expect(new URL(page.url()).search).toBe("?q=channel%3Aboard+");
    expect(await page.locator("#announcer").textContent()).toBe("7 conversations");
    await page.keyboard.type("cost:>x");
    await page.getByRole("heading", { name: "This query is not right yet" }).waitFor();
    expect(await rows(page).count()).toBe(7);
    await query(page).fill("channel:board refund");
    await page.getByText("No conversations meet this query").waitFor();
    await page.goBack();
    await page.goForward();
    expect(await query(page).inputValue()).toBe("channel:board refund");
    await page.getByRole("link", { name: "turns", exact: true }).click();
    expect(new URL(page.url()).searchParams.get("q")).toBe("channel:board refund");
  });

  it("completes fields and names by keyboard", async () => {
    const page = await open("/admin");
    await page.keyboard.press("/");
    await page.keyboard.type("cha");
    const options = page.getByRole("option");
    await options.first().waitFor();
    expect(await query(page).getAttribute("aria-expanded")).toBe("true");
    await page.keyboard.press("ArrowDown");
    expect(await query(page).getAttribute("aria-activedescendant")).toBe("completion-0");
    expect(await wrongIn(page)).toEqual([]);
    await page.keyboard.press("Enter");
    expect(await query(page).inputValue()).toBe("channel:");
    await page.keyboard.type("boa");
    await options.filter({ hasText: "board" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    expect(await query(page).inputValue()).toBe("channel:board ");
    await expect.poll(() => rows(page).count()).toBe(7);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    expect(await page.evaluate("focused()")).not.toBe("query");
  });

  it("is walked through and opened by keyboard, and the keys are told", async () => {
    const page = await open("/admin?q=channel:support");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    expect(await page.evaluate("document.activeElement.textContent.trim()")).toBe("#support");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    expect(await wrongIn(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${url}${SUPPORT}`);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    expect(await page.evaluate("document.activeElement.matches('.turn:nth-of-type(2)')")).toBe(true);
  });
});

describe("a reply that is being written", () => {
  it("grows before one's eyes, and its end is said", async () => {
    const page = await open(conversationPath({ place: month.live, generation: 1 }));
    await page.getByText("is writing…").waitFor();
    await month.finish("That is **all**.");
    // The clock of the stage is the test's: each look is one second of it.
    await expect
      .poll(async () => {
        await stage.world.clock.advance(1_000);
        return await page.locator(".turn strong", { hasText: "all" }).count();
      })
      .toBe(1);
    await expect.poll(() => page.locator("#announcer").textContent()).toBe("The reply has ended.");
    expect(await page.locator("[data-live], [aria-busy]").count()).toBe(0);
  });
});

describe("the colours", () => {
  it("follow the system, until others are chosen, and stay", async () => {
    const page = await open("/admin", { colorScheme: "dark" });
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const dark = await ground();
    await page.locator(".person summary").click();
    await page.getByRole("button", { name: "light" }).click();
    await page.locator("html[data-theme=light]").waitFor();
    expect(await ground()).not.toBe(dark);
    await page.goto(`${url}/admin/usage`);
    expect(await page.locator("html").getAttribute("data-theme")).toBe("light");
  });
});

describe("without its script", () => {
  it("the console can be searched and read", async () => {
    const page = await open("/admin", { javaScriptEnabled: false });
    await page.getByRole("searchbox", { name: "Query" }).fill("channel:support");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("link", { name: "#support" }).click();
    await page.getByText("Can order 1042 still be returned?").first().waitFor();
    expect(await page.getByText("for keys").isVisible()).toBe(false);
  });
});
