import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import type { Claim, Mailbox } from "../src/store/mailbox.ts";
import { messageIn } from "../test/contracts/store-bench.ts";
import { postgres, sqlite, type Engine } from "./engines.ts";

export interface MailboxFigures {
  readonly engine: Engine["name"];
  /** From the message's arrival until its turn is handed to a runner: stored, taken, read. */
  readonly pickup: readonly { readonly places: number; readonly medianMs: number; readonly p99Ms: number }[];
  /** A backlog, run down: each turn is two commits, and each commit waits for the disk. `processorMs`: for each turn. */
  readonly drain: { readonly turnsPerSecond: number; readonly processorMs: number };
  /** SQLite: how many commits a second of one row each the disk took in the same minute, with nothing of ours about it. */
  readonly bareCommitsPerSecond?: number;
  /** Adding, taking, reading and settling one turn, and a sweep that finds nothing, among so many places at rest. */
  readonly claim: readonly { readonly places: number; readonly turnMs: number; readonly sweepMs: number }[];
  /** From the kill of the replica that runs a turn until another has taken the turn up. The longest of some. */
  readonly handOverMs?: number;
}

/** As the workers do it. */
const SWEEP_MS = 500;

/** One engine after the other. */
export async function* mailboxFigures(most: number): AsyncGenerator<MailboxFigures> {
  for (const engine of [sqlite(), await postgres()]) {
    const claim = [];
    for (let places = 100; places <= most; places *= 100) claim.push(await claimAmong(engine, places));
    yield {
      engine: engine.name,
      pickup: [await pickup(engine, 200), await pickup(engine, 5_000)],
      drain: await drain(engine, 5_000),
      ...(engine.name === "sqlite" && { bareCommitsPerSecond: bareCommits(1_000) }),
      claim,
      ...(engine.name === "postgres" && { handOverMs: await handOver(engine, 5) }),
    };
    await engine.close();
  }
}

const ranked = (values: number[], share: number) =>
  values.sort((x, y) => x - y)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;

/** Fifty messages a second, each in any of the places. */
async function pickup(engine: Engine, places: number) {
  const { opened } = await engine.populated(places);
  const { mailbox } = opened;
  const times: number[] = [];
  const one = async (i: number) => {
    const message = messageIn(`rest ${1 + Math.floor(Math.random() * places)}`, `message ${i}`);
    const began = performance.now();
    const added = await mailbox.add(message, true);
    if (added.kind === "seen" || !added.claim) return;
    let turn = await mailbox.next(added.claim);
    times.push(performance.now() - began);
    while (turn) turn = await mailbox.next(added.claim, { turn: turn.id, kind: "done" });
  };
  for (let i = -50; i < 0; i += 1) await one(i);
  times.length = 0;
  const all: Promise<void>[] = [];
  for (let i = 0; i < 1_000; i += 1) {
    all.push(one(i));
    await setTimeout(20);
  }
  await Promise.all(all);
  await opened.close();
  return { places, medianMs: ranked(times, 0.5), p99Ms: ranked(times, 0.99) };
}

async function run(mailbox: Mailbox, claim: Claim): Promise<number> {
  let ran = 0;
  for (let turn = await mailbox.next(claim); turn; ran += 1)
    turn = await mailbox.next(claim, { turn: turn.id, kind: "done" });
  return ran;
}

/** So many are worked on at a time. */
const AT_ONCE = 50;

/** A backlog of one turn a place, run by fifty at a time. */
async function drain(engine: Engine, turns: number): Promise<MailboxFigures["drain"]> {
  const { opened } = await engine.populated(0);
  const { mailbox } = opened;
  for (let from = 0; from < turns; from += AT_ONCE) {
    const added = Array.from({ length: AT_ONCE }, (_, i) =>
      mailbox.add(messageIn(`place ${from + i}`, "1"), false),
    );
    await Promise.all(added);
  }
  const [began, before] = [performance.now(), process.cpuUsage()];
  let ran = 0;
  for (let claims = await mailbox.sweep(AT_ONCE); claims.length > 0; claims = await mailbox.sweep(AT_ONCE))
    for (const count of await Promise.all(claims.map((claim) => run(mailbox, claim)))) ran += count;
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(before);
  if (ran !== turns) throw new Error(`${ran} of ${turns} turns ran`);
  await opened.close();
  return { turnsPerSecond: turns / seconds, processorMs: (user + system) / 1_000 / turns };
}

/** Commits of one row each, as safe as the store's. */
function bareCommits(count: number): number {
  const folder = mkdtempSync(join(tmpdir(), "patchcord-bench-"));
  const db = new Database(join(folder, "bare.db"));
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.exec("CREATE TABLE t (x integer)");
  const insert = db.prepare("INSERT INTO t VALUES (1)");
  const began = performance.now();
  for (let i = 0; i < count; i += 1) insert.run();
  const seconds = (performance.now() - began) / 1_000;
  db.close();
  rmSync(folder, { recursive: true });
  return count / seconds;
}

async function claimAmong(engine: Engine, places: number) {
  const { opened } = await engine.populated(places);
  const { mailbox } = opened;
  const turns: number[] = [];
  const sweeps: number[] = [];
  for (let i = 0; i < 300; i += 1) {
    const began = performance.now();
    const added = await mailbox.add(messageIn(`rest ${1 + ((i * 7_919) % places)}`, `message ${i}`), true);
    if (added.kind === "new" && added.claim) await run(mailbox, added.claim);
    const swept = performance.now();
    turns.push(swept - began);
    await mailbox.sweep(1_000);
    sweeps.push(performance.now() - swept);
  }
  await opened.close();
  return { places, turnMs: ranked(turns, 0.5), sweepMs: ranked(sweeps, 0.5) };
}

async function handOver(engine: Engine, times: number): Promise<number> {
  const { url, opened } = await engine.populated(5_000);
  const script = fileURLToPath(new URL("mailbox-child.ts", import.meta.url));
  let longest = 0;
  for (let i = 0; i < times; i += 1) {
    const child = spawn(process.execPath, [script, url, `killed ${i}`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    // The kill falls anywhere between two sweeps.
    const killAt = performance.now() + (SWEEP_MS * (i + 1)) / times;
    const killed = setTimeout(killAt - performance.now()).then(() => {
      child.kill("SIGKILL");
      return performance.now();
    });
    let taken: readonly Claim[] = [];
    for (;;) {
      taken = await opened.mailbox.sweep(50);
      if (taken.length > 0) break;
      await setTimeout(SWEEP_MS);
    }
    for (const claim of taken) await opened.mailbox.next(claim);
    longest = Math.max(longest, performance.now() - (await killed));
  }
  await opened.close();
  return longest;
}
