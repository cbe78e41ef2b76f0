import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import pg from "pg";
import { createLog } from "../src/log.ts";
import { openDatabase, type Opened } from "../src/store/open.ts";
import { startPostgres } from "../test/postgres/start.ts";

/** A database engine whose commits reach the disk, as in earnest. */
export interface Engine {
  readonly name: "sqlite" | "postgres";
  /** A new database with so many places at rest, each with a turn that is done. */
  readonly populated: (places: number) => Promise<{ readonly url: string; readonly opened: Opened }>;
  readonly close: () => Promise<void>;
}

const numbers = (count: number) =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
const rows = (places: number) => [
  `${numbers(places)} INSERT INTO mailbox (place, since) SELECT 'rest ' || i, 1 FROM n`,
  `${numbers(places)} INSERT INTO turn (place, message_key, message, run_at, received_at, state, tries, settled_at)
   SELECT 'rest ' || i, 'rest ' || i, '{}', 1, 1, 'done', 1, 2 FROM n`,
];

const log = createLog("error");

export function sqlite(): Engine {
  const folder = mkdtempSync(join(tmpdir(), "patchcord-bench-"));
  let files = 0;
  return {
    name: "sqlite",
    populated: async (places) => {
      const url = join(folder, `${(files += 1)}.db`);
      await (await openDatabase({ url, log })).close();
      const db = new Database(url);
      if (places > 0) for (const sql of rows(places)) db.exec(sql);
      db.close();
      return { url, opened: await openDatabase({ url, log }) };
    },
    close: async () => rmSync(folder, { recursive: true }),
  };
}

export async function postgres(): Promise<Engine> {
  const data = join(tmpdir(), `patchcord-bench-${process.pid}`);
  const server = await startPostgres(data, { durable: true });
  let databases = 0;
  const on = async (url: string, statements: readonly string[]) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const sql of statements) await client.query(sql);
    await client.end();
  };
  return {
    name: "postgres",
    populated: async (places) => {
      const name = `bench_${(databases += 1)}`;
      await on(server.url, [`CREATE DATABASE ${name}`]);
      const url = server.url.replace(/\/postgres$/, `/${name}`);
      await (await openDatabase({ url, log })).close();
      if (places > 0) await on(url, [...rows(places), "VACUUM ANALYZE"]);
      return { url, opened: await openDatabase({ url, log }) };
    },
    close: () => server.stop(),
  };
}
