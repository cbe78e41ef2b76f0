import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Aside } from "../aside.ts";
import { asideOn, threadOver } from "../thread/thread.ts";
import { postgresError } from "./error.ts";

/** How many connections the thread has: what it does with rows takes it as long as the server takes to find them. */
export const WORKING = 2;

/**
 * Work over what PostgreSQL has, on a thread of its own with its own connections: the server does the reading, but what comes of it, a year's sums or an
 * export, is put together here, for tens of milliseconds at a time. Works go side by side. The thread begins with the first.
 */
export interface WorkingThread extends Aside {
  /** What is being done is broken off. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/** `name`: the database as people may read it. */
export function workingThread(url: string, name: string): WorkingThread {
  const module = new URL(`./working-thread${extname(import.meta.url)}`, import.meta.url);
  const thread = threadOver(
    () => new Worker(module, { workerData: url }),
    (cause) => postgresError(name, cause ?? new Error("it was closed while it was read")),
  );
  return { ...asideOn(thread, (work) => work()), close: thread.close };
}
