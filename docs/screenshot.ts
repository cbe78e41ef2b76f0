// Makes docs/playground.png anew: the sandbox with the real bridge, a reply on each side.
//
//   node docs/screenshot.ts          (Node 24, after `npm ci`; with another Node: npx node docs/screenshot.ts)
//
// It takes about twenty seconds, opens no window and needs no network.
import { writeFileSync } from "node:fs";
import { startApp } from "../src/app.ts";
import { systemClock } from "../src/clock.ts";
import { parseConfig } from "../src/config.ts";
import { createLog } from "../src/log.ts";
import { startSandbox } from "../src/sandbox/sandbox.ts";
import { openBrowser } from "../test/browser/browser.ts";

const SIZE = { width: 1640, height: 880 };

const sandbox = await startSandbox({ port: 0 });
const config = parseConfig(sandbox.environment, { path: "sandbox", text: sandbox.behaviour });
const app = await startApp(config, { clock: systemClock, log: createLog("warn", []) });
const browser = await openBrowser();
const page = await browser.newPage({ viewport: SIZE, locale: "en-GB", colorScheme: "light" });
await page.goto(sandbox.url);
await page.locator("body.is-ready").waitFor();

await page.locator("#slack .thread-link").first().click();
await say("slack", "thread", "@Patch what was said so far?");
await say("discord", "room", "@Patch a numbered list");
await shown("slack", "thread", "nobody has reviewed it yet");
await shown("discord", "room", "Leave");
await say("slack", "thread", "write a function in TypeScript");
await say("discord", "room", "@Patch write a function in SQL");
await shown("slack", "thread", "Say which other");
await shown("discord", "room", "Say which other");
await page.mouse.move(0, 0);
writeFileSync(new URL("playground.png", import.meta.url), await page.screenshot());

await browser.close();
await app.stop();
await sandbox.close();

async function say(side: string, part: string, text: string): Promise<void> {
  const input = page.locator(`#${side}-${part}-input`);
  await input.fill(text);
  await input.press("Enter");
}

/** Waits until a reply of the bot contains `end`. */
async function shown(side: string, part: string, end: string): Promise<void> {
  await page.locator(`#${side} .${part} .message.is-bot`).filter({ hasText: end }).first().waitFor();
}
