import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright } from "playwright-core";
import { onDisk } from "../in-memory.ts";

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
  // Without a graphics card, painting by way of one takes six times as long as painting at once.
  chromium.setGraphicsMode = false;
  return await playwright.launch({
    executablePath: await alone(unpack),
    // In a single process, a page that closes takes the browser with it.
    args: [...chromium.args.filter((arg) => arg !== "--single-process"), ...QUIET],
    headless: true,
  });
}

/** Into the system's own folder for temporary files, where the next run finds it. */
async function unpack(): Promise<string> {
  const { TMPDIR } = process.env;
  process.env["TMPDIR"] = onDisk();
  try {
    return await chromium.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = TMPDIR;
  }
}

const LONGEST_UNPACKING_MS = 60_000;

/** Unpacks while no other test file does: each would take the other's half of a file for the whole. */
async function alone<T>(unpack: () => Promise<T>): Promise<T> {
  const lock = join(onDisk(), "patchcord-chromium.lock");
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
