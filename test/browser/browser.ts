import { mkdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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
    executablePath: await alone(() => chromium.executablePath()),
    // In a single process, a page that closes takes the browser with it.
    args: [...chromium.args.filter((arg) => arg !== "--single-process"), ...QUIET],
    headless: true,
  });
}

const LONGEST_UNPACKING_MS = 60_000;

/** Unpacks while no other test file does: each would take the other's half of a file for the whole. */
async function alone<T>(unpack: () => Promise<T>): Promise<T> {
  const lock = join(tmpdir(), "patchcord-chromium.lock");
  while (!taken(lock)) await sleep(50);
  try {
    return await unpack();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    // Left behind by a run that was killed.
    if (Date.now() - since > LONGEST_UNPACKING_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}
