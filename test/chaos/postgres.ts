import { chmodSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { startPostgres } from "../postgres/start.ts";
import type { FastTime } from "./clock.ts";
import { type Ledger, readings, type Row } from "./database.ts";
import { startProxy } from "./proxy.ts";
import { rest } from "./until.ts";

/**
 * The server's time is as fast as the bot's: leases and budgets go by it. A function of the database's own is found before the server's of
 * the same name.
 */
const fasten = ({ since, factor }: FastTime) => `
  CREATE FUNCTION public.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT to_timestamp(${since / 1000} + (extract(epoch FROM pg_catalog.statement_timestamp()) - ${since / 1000}) * ${factor})
  $$;
  ALTER DATABASE postgres SET search_path = public, pg_catalog`;

/** A PostgreSQL server of the run's own, durable as in earnest. Its data are in the folder. */
export async function postgresLedger(folder: string, time: FastTime): Promise<Ledger> {
  chmodSync(folder, 0o755); // as root, the server is another user
  const server = await startPostgres(join(folder, "postgres"), { durable: true });
  const wire = await startProxy(Number(new URL(server.url).port));
  const url = new URL(server.url);
  url.port = String(wire.port);
  const pool = new pg.Pool({ connectionString: server.url, max: 2, query_timeout: 5_000 });
  pool.on("error", () => undefined);
  const query = async (sql: string): Promise<readonly Row[]> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return (await pool.query<Record<string, unknown>>(sql)).rows;
      } catch (error) {
        if (tries === PATIENCE) throw error;
        await rest(100);
      }
    }
  };
  await query(fasten(time));

  return {
    url: url.href,
    ...readings(query, time),
    lock: async () => {
      const client = new pg.Client({ connectionString: server.url });
      client.on("error", () => undefined);
      // A server that is just being started again has nothing to lock.
      const isLocked = await client
        .connect()
        .then(() => client.query("BEGIN; LOCK TABLE mailbox, turn IN ACCESS EXCLUSIVE MODE"))
        .then(
          () => true,
          () => false,
        );
      return async () => {
        if (isLocked) await client.end().catch(() => undefined);
      };
    },
    server: { wire, halt: server.halt, start: server.start },
    close: async () => {
      await pool.end();
      await wire.close();
      await server.stop();
    },
  };
}

/** Tries to read, a tenth of a second apart: the server may be down for some seconds. */
const PATIENCE = 100;
