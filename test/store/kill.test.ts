import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { createLog } from "../../src/log.ts";
import { openSqlite } from "../../src/store/open.ts";
import { openFile } from "../../src/store/sqlite-file.ts";

/** After how many lines each process is killed: uneven, so that the kills fall on different steps. */
const KILLED_AFTER = [9, 70, 4, 130, 31];
const folder = mkdtempSync(join(tmpdir(), "patchcord-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Said {
  /** The process that said it. */
  readonly process: number;
  readonly word: string;
  readonly place: string;
  readonly what: string;
}

/** Runs the child until it has said so many lines, and kills it. What it has said is what it was promised. */
async function runAndKill(path: string, number: number, after: number): Promise<Said[]> {
  const script = fileURLToPath(new URL("kill-child.ts", import.meta.url));
  const child = spawn(process.execPath, [script, path, String(number * 100_000)], {
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

function damage(path: string): unknown {
  const { db, close } = openFile(path);
  const found = db.pragma("integrity_check", { simple: true });
  close();
  return found;
}

/** Runs all that is left. Returns the turns that could not be reached. */
async function finish(path: string): Promise<unknown[]> {
  const { mailbox, close } = openSqlite({ path, log: createLog("silent") });
  for (const claim of await mailbox.sweep(9)) {
    let turn = await mailbox.next(claim);
    while (turn) turn = await mailbox.next(claim, { turn: turn.id, kind: "done" });
  }
  await close();
  const file = openFile(path);
  const left = file.db.prepare("SELECT * FROM turn WHERE settled_at IS NULL").all();
  file.close();
  return left;
}

it(
  "loses nothing it has acknowledged, and keeps the order, however it is killed",
  { timeout: 60_000 },
  async () => {
    const path = join(folder, "killed.db");
    const said: Said[] = [];
    for (const [number, after] of KILLED_AFTER.entries()) {
      said.push(...(await runAndKill(path, number, after)));
      expect(damage(path)).toBe("ok");
    }
    const all = (word: string) => said.filter((entry) => entry.word === word);

    const { db, close } = openFile(path);
    const rows = db.prepare("SELECT * FROM turn").all() as { id: number; message_key: string }[];
    close();
    const stored = new Set(rows.map((row) => row.message_key));
    expect(all("ack").filter(({ what }) => !stored.has(what))).toEqual([]);
    const byId = new Map(rows.map((row) => [String(row.id), row]));
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
    expect(await finish(path)).toEqual([]);

    // The kills came in the middle of work: turns were running, and the next process took them up again.
    const starts = all("start");
    const interrupted = starts.filter(({ what, process }) =>
      starts.some((again) => again.what === what && again.process > process),
    );
    expect(interrupted.length).toBeGreaterThan(0);
    expect(all("ack").length).toBeGreaterThan(40);
  },
);
