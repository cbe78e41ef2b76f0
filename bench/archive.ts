import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createConsole } from "../src/admin/console/console.ts";
import type { Admin } from "../src/admin/admin.ts";
import { createAdmin } from "../src/admin/create.ts";
import { createRedactor } from "../src/admin/redact.ts";
import { operator, type Viewer } from "../src/admin/viewer.ts";
import { formatOf } from "../src/admin/written.ts";
import { links } from "../src/app/links.ts";
import { type Clock, systemClock } from "../src/clock.ts";
import { createLog } from "../src/log.ts";
import { sqliteArchive } from "../src/store/archive-dialect.ts";
import { atOnce } from "../src/store/index-pace.ts";
import { openSqlite, type Opened } from "../src/store/open.ts";
import { createArchive } from "../src/store/sql-archive.ts";
import { openFile } from "../src/store/sqlite-file.ts";
import { sqliteAttempt, sqliteDialect } from "../src/store/sqlite.ts";
import { createFakeTelnyx } from "../test/fakes/telnyx.ts";
import { fill } from "./archive-fill.ts";
import { METADATA, PAGES, SUMS, TEXT, type Template } from "./archive-queries.ts";
import { type Random, random, YEAR } from "./archive-world.ts";

/** Milliseconds: by the clock, and of this process's processor time, which other work on the machine does not change. */
export interface Times {
  readonly name: string;
  readonly runs: number;
  readonly median: number;
  readonly p99: number;
  readonly cpuMedian: number;
  readonly cpuP99: number;
}

const VIEWER: Viewer = operator({ id: "console:root", name: "root", via: "console" });
const RUNS = 100;
/** What is slow is not asked as often: no figure needs a hundred runs to be seen to miss its goal. */
const PATIENCE_MS = 6_000;

/** Figures of what admins ask over so many turns, as they come. `keep`: a file that is filled once and used again. */
export async function* archiveFigures(
  turns: number,
  keep?: string,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  const folder = mkdtempSync(join(tmpdir(), "patchcord-archive-"));
  const path = keep ?? join(folder, "archive.db");
  try {
    if (!statSync(path, { throwIfNoEntry: false })) yield await filled(path, turns);
    const opened = openSqlite({ path, log: createLog("error") });
    try {
      yield* asking(opened);
    } finally {
      await opened.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function filled(path: string, turns: number) {
  const { db, close } = openFile(path);
  // What is made here can be made again.
  db.pragma("synchronous = OFF");
  const attempt = sqliteAttempt(path);
  const archive = createArchive(
    sqliteArchive(db, sqliteDialect(db, systemClock, attempt), attempt),
    atOnce(400),
  );
  const conversations = fill(db, turns);
  const began = used();
  await archive.refresh();
  const took = since(began);
  close();
  const seconds = took.wall / 1_000;
  return {
    what: "filled",
    turns,
    conversations,
    megabytes: Math.round(statSync(path).size / 1e6),
    indexedPerSecond: Math.round(turns / seconds),
    indexedPerCpuSecond: Math.round(turns / (took.cpu / 1_000)),
  };
}

async function* asking(opened: Opened) {
  const clock = { ...systemClock, now: () => YEAR.to };
  const admin = adminOver(opened, clock);
  for (const template of METADATA)
    yield { what: "metadata", ...(await asked(template, (query) => admin.conversations(VIEWER, { query }))) };
  for (const template of METADATA)
    yield { what: "turns", ...(await asked(template, (query) => admin.turns(VIEWER, { query }))) };
  for (const template of TEXT)
    yield { what: "text", ...(await asked(template, (query) => admin.conversations(VIEWER, { query }))) };
  const [long] = (await admin.conversations(VIEWER, { query: "sort:tokens", limit: 1 })).rows;
  const longest = long?.place ?? "";
  const app = createConsole({
    admin,
    viewing: async () => ({ viewer: VIEWER, csrf: "csrf" }),
    clock,
    bot: "Patch",
    vitals: () => ({ ready: true, problems: [], startedAt: 0, budgets: [] }),
    log: createLog("error"),
  });
  for (const template of PAGES) {
    const page = async (path: string) => {
      const response = await app.request(path.replace("LONGEST", encodeURIComponent(longest)));
      if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
      return response.text();
    };
    yield { what: "page", ...(await asked(template, page)) };
  }
  for (const { by, ...template } of SUMS)
    yield {
      what: "sums",
      ...(await asked(template, (query) => admin.usage(VIEWER, { query, ...(by && { by }) }))),
    };
  yield await exporting(admin);
}

function adminOver(opened: Opened, clock: Clock): Admin {
  const telnyx = createFakeTelnyx({ now: () => clock.now() });
  const notHere = () => {
    throw new Error("this is not measured");
  };
  const made = createAdmin({
    ...opened,
    clock,
    links,
    telnyx: { ...telnyx, listConversations: () => telnyx.listConversations() },
    redactor: createRedactor({ key: new Uint8Array(32), patterns: [] }),
    signal: new AbortController().signal,
  });
  return { ...made, forget: notHere, hold: notHere, explain: notHere };
}

async function asked({ name, query }: Template, ask: (query: string) => Promise<unknown>): Promise<Times> {
  const next: Random = random(11);
  const times: { readonly wall: number; readonly cpu: number }[] = [];
  const begun = performance.now();
  while (times.length < RUNS && (times.length < 3 || performance.now() - begun < PATIENCE_MS)) {
    const text = query(next);
    const began = used();
    await ask(text);
    times.push(since(began));
  }
  const [wall, cpu] = [times.map((time) => time.wall), times.map((time) => time.cpu)];
  return {
    name,
    runs: times.length,
    median: rank(wall, 0.5),
    p99: rank(wall, 0.99),
    cpuMedian: rank(cpu, 0.5),
    cpuP99: rank(cpu, 0.99),
  };
}

/** Everything, for a reader who takes it as fast as it comes. */
async function exporting(admin: Admin) {
  const { write } = formatOf("jsonl");
  const rss = () => process.memoryUsage().rss / 1e6;
  const stalls = monitorEventLoopDelay({ resolution: 1 });
  const began = used();
  const [before, memory] = [rss(), [] as number[]];
  let [turns, bytes] = [0, 0];
  stalls.enable();
  for await (const part of admin.export(VIEWER, { query: "", redact: false })) {
    turns += part.turns.length;
    bytes += write(part).length;
    if (memory.length < turns / 10_000) memory.push(rss());
    // An export of a few minutes says what one of an hour would.
    if (since(began).wall > 120_000) break;
  }
  stalls.disable();
  const { wall, cpu } = since(began);
  const at = (share: number) => Math.round(memory[Math.floor((memory.length - 1) * share)] ?? before);
  return {
    what: "export",
    turns,
    megabytes: Math.round(bytes / 1e6),
    turnsPerSecond: Math.round(turns / (wall / 1_000)),
    turnsPerCpuSecond: Math.round(turns / (cpu / 1_000)),
    // How long whatever else the process does had to wait.
    stallMs: {
      median: stalls.percentile(50) / 1e6,
      p99: stalls.percentile(99) / 1e6,
      most: stalls.max / 1e6,
    },
    residentMb: {
      before: Math.round(before),
      quarter: at(0.25),
      half: at(0.5),
      end: at(1),
      most: Math.round(Math.max(...memory)),
    },
  };
}

const used = () => ({ wall: performance.now(), cpu: process.cpuUsage() });

function since(began: ReturnType<typeof used>) {
  const { user, system } = process.cpuUsage(began.cpu);
  return { wall: performance.now() - began.wall, cpu: (user + system) / 1_000 };
}

function rank(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** Figures as one line for people. */
export function lineOf(figures: Readonly<Record<string, unknown>>): string {
  const said = Object.entries(figures).flatMap(([key, value]) => {
    if (key === "what") return [];
    return typeof value === "number"
      ? [`${key} ${Math.round(value * 10) / 10}`]
      : [`${key} ${JSON.stringify(value)}`];
  });
  return `${String(figures["what"])}: ${said.join(", ")}`;
}
