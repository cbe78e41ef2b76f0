import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright } from "playwright-core";

/** Nothing that reaches beyond this machine, and no sandbox of Chromium's own, which root cannot have. */
const QUIET = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-quic",
  "--no-first-run",
  "--disable-component-update",
  "--disable-sync",
];

/** The Chromium that an npm package carries. Starting it takes a second or two: share one in a file. */
export async function openBrowser(): Promise<Browser> {
  return await playwright.launch({
    executablePath: await chromium.executablePath(),
    // In a single process, a page that closes takes the browser with it.
    args: [...chromium.args.filter((arg) => arg !== "--single-process"), ...QUIET],
    headless: true,
  });
}
