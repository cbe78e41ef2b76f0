import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { createLog } from "../../src/log.ts";
import { openDatabase } from "../../src/store/open.ts";
import { openFile } from "../../src/store/sqlite/file.ts";
import { until } from "../eventually.ts";
import { newDatabase } from "../postgres/database.ts";

/** After how many lines each process is killed: uneven, so that the kills fall on different steps. */
const KILLED_AFTER = [9, 70, 4, 130, 31];
const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
const postgres = await newDatabase();
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await postgres.drop();
});

type Row = Readonly<Record<string, unknown>>;

interface Engine {
  readonly url: string;
  readonly query: (sql: string) => Promise<readonly Row[]>;
  /** Whether the engine finds its data whole. */
  readonly whole: () => boolean;
}

const file = join(folder, "killed.db");

/** Opens the file by itself: nobody else may have it then. */
function onFile<T>(work: (db: ReturnType<typeof openFile>["db"]) => T): T {
  const { db, close } = openFile(file);
  try {
    return work(db);
  } finally {
    close();
  }
}

const ENGINES: Readonly<Record<string, Engine>> = {
  SQLite: {
    url: file,
    query: async (sql) => onFile((db) => db.prepare(sql).all() as Row[]),
    whole: () => onFile((db) => db.pragma("integrity_check", { simple: true })) === "ok",
  },
  PostgreSQL: { url: postgres.url, query: postgres.query, whole: () => true },
};

interface Said {
  /** The process that said it. */
  readonly process: number;
  readonly word: string;
  readonly place: string;
  readonly what: string;
}

/** Runs the child until it has said so many lines, and kills it. What it has said is what it was promised. */
async function runAndKill(url: string, number: number, after: number): Promise<Said[]> {
  const script = fileURLToPath(new URL("kill-child.ts", import.meta.url));
  const child = spawn(process.execPath, [script, url, String(number * 100_000)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  createInterface(child.stdout).on("line", (line) => {
    if (lines.push(line) === after) child.kill("SIGKILL");
  });
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  expect(signal).toBe("SIGKILL");
  return lines.slice(1).map((line) => {
    const [word = "", place = "", what = ""] = line.split(" ");
    return { process: number, word, place, what };
  });
}

/** Runs all that is left, at once: no lease has run out by then. */
async function finish({ url, query }: Engine): Promise<void> {
  // PostgreSQL needs a moment to find out that a process is dead: what that had is not found until then.
  await until("no turn is left", async () => {
    const { mailbox, close } = await openDatabase({ url, log: createLog("silent") });
    for (const claim of await mailbox.sweep(9)) {
      let turn = await mailbox.next(claim);
      while (turn) turn = await mailbox.next(claim, { turn: turn.id, kind: "done" });
    }
    await close();
    return (await query("SELECT * FROM turn WHERE settled_at IS NULL")).length === 0;
  });
}

it.each(Object.entries(ENGINES))(
  "loses nothing it has acknowledged, and keeps the order, however it is killed, on %s",
  { timeout: 300_000 },
  async (_, engine) => {
    const said: Said[] = [];
    for (const [number, after] of KILLED_AFTER.entries()) {
      said.push(...(await runAndKill(engine.url, number, after)));
      expect(engine.whole()).toBe(true);
    }
    const all = (word: string) => said.filter((entry) => entry.word === word);

    const rows = await engine.query("SELECT * FROM turn");
    const stored = new Set(rows.map((row) => row["message_key"]));
    expect(all("ack").filter(({ what }) => !stored.has(what))).toEqual([]);
    const byId = new Map(rows.map((row) => [String(row["id"]), row]));
    for (const { what } of all("answered")) expect(byId.get(what)).toMatchObject({ text: `answer ${what}` });
    for (const { what } of all("end")) expect(byId.get(what)).toMatchObject({ state: "done" });

    const ended = new Set<string>();
    const last = new Map<string, number>();
    for (const { word, place, what } of said) {
      if (word === "end") ended.add(what);
      if (word !== "start") continue;
      expect(ended.has(what), `turn ${what} was run again after it was settled`).toBe(false);
      expect(Number(what), `order in ${place}`).toBeGreaterThanOrEqual(last.get(place) ?? 0);
      last.set(place, Number(what));
    }
    await finish(engine);

    // The kills came in the middle of work: turns were running, and the next process took them up again.
    const starts = all("start");
    const interrupted = starts.filter(({ what, process }) =>
      starts.some((again) => again.what === what && again.process > process),
    );
    expect(interrupted.length).toBeGreaterThan(0);
    expect(all("ack").length).toBeGreaterThan(40);
  },
);
