// One replica: the real bot in a process of its own, its ports watched, and able to end at a step that its parent chooses.
import { appendFileSync, openSync, writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import Database from "better-sqlite3";
import { startApp } from "../../src/app.ts";
import { REAL, type Parts } from "../../src/app/parts.ts";
import { parseConfig } from "../../src/config.ts";
import { createLog } from "../../src/log.ts";
import { type FastTime, fastClock } from "./clock.ts";
import { type NoteWait, watchCalls, watchTimer } from "./standstill.ts";
import { type Steps, stepDatabase, stepPlatform, stepTelnyx } from "./steps.ts";

/** What a replica is started with: its only argument, as JSON. */
export interface ReplicaOptions {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly time: FastTime;
  /** The file that every step is written to, by all replicas. */
  readonly journal: string;
  /** The file that is told when a replica was kept waiting, by all replicas. */
  readonly waits: string;
  /** The file for the bot's own log. */
  readonly log: string;
}

/** What the parent tells a replica. */
export type Order =
  /** Ends at its n-th step from now, if it is the first replica to make the file `token`. */
  | { readonly kind: "arm"; readonly step: number; readonly token: string }
  /** Makes the SQLite file unable to grow, or able again. */
  | { readonly kind: "disk"; readonly full: boolean };

/** A step as it stands in the journal. */
export interface StepLine {
  /** Milliseconds since the epoch, real. */
  readonly at: number;
  readonly who: string;
  readonly step: string;
  readonly place?: string;
  readonly turn?: number;
  readonly key?: string;
  readonly epoch?: number;
  /** The replica killed itself here: its n-th step. */
  readonly killed?: number;
}

function createSteps({ name, journal }: ReplicaOptions): { steps: Steps; arm: (order: Order) => void } {
  const file = openSync(journal, "a");
  let armed: { step: number; token: string } | undefined;
  let count = 0;
  return {
    arm: (order) => {
      if (order.kind !== "arm") return;
      armed = order;
      count = 0;
    },
    steps: (step, about) => {
      count += 1;
      const ends = armed !== undefined && count === armed.step && isFirst(armed.token);
      const line: StepLine = { at: Date.now(), who: name, step, ...about, ...(ends && { killed: count }) };
      writeSync(file, `${JSON.stringify(line)}\n`);
      if (!ends) return;
      process.kill(process.pid, "SIGKILL");
      // The signal may take a moment: nothing more may happen in it.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    },
  };
}

/** One replica alone ends by itself: whoever makes the token. */
function isFirst(token: string): boolean {
  try {
    appendFileSync(token, "", { flag: "ax" });
    return true;
  } catch {
    return false;
  }
}

/**
 * Sets how many pages the database may have, on the connection that the bot opened: SQLite's own way to a full disk. The connection is
 * found by its first pragma, because the store keeps it to itself.
 */
function watchConnections(): (full: boolean) => void {
  const connections = new Set<Database.Database>();
  const prototype = Database.prototype as unknown as {
    pragma: (this: Database.Database, source: string, options?: Database.PragmaOptions) => unknown;
  };
  const { pragma } = prototype;
  prototype.pragma = function remember(source, options) {
    connections.add(this);
    return pragma.call(this, source, options);
  };
  return (full) => {
    for (const connection of connections) {
      const pages = Number(connection.pragma("page_count", { simple: true }));
      connection.pragma(`max_page_count = ${full ? pages : 2 ** 30}`);
    }
  };
}

/** The database, its calls steps, and those that take long told of. */
async function openWatched(options: ReplicaOptions, steps: Steps, note: NoteWait, ...args: OpenArguments) {
  const { factor } = options.time;
  const opened = await REAL.openDatabase(...args);
  const mailbox = watchCalls(opened.mailbox, factor, note);
  const store = watchCalls(opened.store, factor, note);
  return stepDatabase({ ...opened, mailbox, store }, steps);
}

type OpenArguments = Parameters<Parts["openDatabase"]>;

async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? "") as ReplicaOptions;
  const { steps, arm } = createSteps(options);
  const note: NoteWait = (at, until) =>
    appendFileSync(options.waits, `${JSON.stringify({ at, until, who: options.name })}\n`);
  const setDisk = watchConnections();
  watchTimer(options.time.factor, note);
  const parts: Parts = {
    links: REAL.links,
    openDatabase: async (...args) => openWatched(options, steps, note, ...args),
    openTelnyx: (...args) => stepTelnyx(REAL.openTelnyx(...args), steps),
    openPlatforms: async (...args) =>
      (await REAL.openPlatforms(...args)).map((one) => stepPlatform(one, steps)),
  };
  const log = createLog("info", [], {
    write: (line) => appendFileSync(options.log, line.replace("{", `{"who":"${options.name}",`)),
  });
  const end = (why: string, error?: unknown) => {
    log.error({ err: error }, why);
    process.exit(1);
  };
  process.on("unhandledRejection", (error) => end("a rejection that nobody caught", error));
  process.on("uncaughtException", (error) => end("an error that nobody caught", error));
  process.on("disconnect", () => process.exit(0));
  process.on("message", (order: Order) => {
    if (order.kind === "arm") arm(order);
    else setDisk(order.full);
    process.send?.({ kind: "done" });
  });

  const app = await startApp(parseConfig(options.variables), { clock: fastClock(options.time), log }, parts);
  process.on("SIGTERM", () => {
    void app.stop().then(
      () => process.exit(0),
      (error: unknown) => end("the stop failed", error),
    );
  });
  process.send?.({ kind: "ready" });
  flushCompileCache(); // whoever is killed leaves none behind
}

await main();
