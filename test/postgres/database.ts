import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { onDisk } from "../in-memory.ts";

const START_MS = 60_000;

export interface TestDatabase {
  readonly url: string;
  /** Runs one statement on it, by a connection of its own. */
  readonly query: (sql: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;
  /** Removes it, also from under those who use it. */
  readonly drop: () => Promise<void>;
}

/**
 * A new, empty database: on the server that `TEST_DATABASE_URL` names, whose user may create databases, or else on one that all files
 * of this run share and that the first of them starts.
 */
export async function newDatabase(): Promise<TestDatabase> {
  const server = process.env["TEST_DATABASE_URL"] ?? (await sharedServer());
  const name = `patchcord_test_${process.pid}_${Math.random().toString(36).slice(2)}`;
  await withClient(server, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`),
  );
  const url = new URL(server);
  url.pathname = name;
  const own = new pg.Pool({ connectionString: url.href, max: 1, types: { getTypeParser } });
  own.on("error", () => {});
  return {
    url: url.href,
    query: async (sql, values = []) => (await own.query<Record<string, unknown>>(sql, [...values])).rows,
    drop: async () => {
      await own.end();
      await withClient(server, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}

/** 64-bit integers as numbers: so that the two engines' rows can be compared. */
const getTypeParser = ((oid: number, format?: "text") =>
  oid === 20 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser;

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Test files run in processes of their own, whose parent is the run; a program that is no test is a run by itself. */
async function sharedServer(): Promise<string> {
  const run = process.env["VITEST"] === undefined ? process.pid : process.ppid;
  const folder = join(onDisk(), `patchcord-postgres-${run}`);
  if (first(folder)) {
    const script = fileURLToPath(new URL("server.ts", import.meta.url));
    spawn(process.execPath, [script, folder, String(run)], { detached: true, stdio: "ignore" }).unref();
  }
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    if (existsSync(join(folder, "url"))) return readFileSync(join(folder, "url"), "utf8");
    if (existsSync(join(folder, "failed"))) throw new Error(readFileSync(join(folder, "failed"), "utf8"));
    await setTimeout(20);
  }
  throw new Error(`no PostgreSQL within ${START_MS} ms in ${folder}`);
}

/** Of all who want the folder, one makes it. */
function first(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
