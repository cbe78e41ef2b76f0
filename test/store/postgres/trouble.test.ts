import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import type { PatchcordError } from "../../../src/errors.ts";
import { createLog } from "../../../src/log.ts";
import { openDatabase, type Opened } from "../../../src/store/open.ts";
import { postgresError } from "../../../src/store/postgres/error.ts";
import { openPool } from "../../../src/store/postgres/postgres.ts";
import { addTaking, messageIn, p } from "../../contracts/store-bench.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { newDatabase } from "../../postgres/database.ts";
import { startPostgres } from "../../postgres/start.ts";

const log = createLog("silent");
const database = await newDatabase();
const role = `role_${process.pid}_${Date.now()}`;
afterAll(async () => {
  await database.query(`DROP OWNED BY ${role}`).catch(() => undefined);
  await database.query(`DROP ROLE IF EXISTS ${role}`);
  await database.drop();
});

const at = (change: (url: URL) => void): string => {
  const url = new URL(database.url);
  change(url);
  return url.href;
};

async function problem(url: string): Promise<PatchcordError> {
  const opened = await openDatabase({ url, log }).catch((error: unknown) => error as PatchcordError);
  if (opened instanceof Error) return opened;
  await opened.close();
  throw new Error("it opened");
}

describe("refusing to open", () => {
  const cases: readonly (readonly [string, () => string, string, RegExp])[] = [
    ["no such user", () => at((url) => (url.username = "nobody")), "database_refused", /check DATABASE_URL/],
    ["a wrong password", () => at((url) => (url.password = "wrong-9931")), "database_refused", /password/],
    ["no such database", () => at((url) => (url.pathname = "none")), "database_missing", /create it/],
    ["nobody there", () => at((url) => (url.port = "1")), "database_unreachable", /check that it runs/],
    ["no such host", () => at((url) => (url.hostname = "none.invalid")), "database_unreachable", /host/],
    [
      "no TLS there",
      () => at((url) => (url.search = "sslmode=no-verify")),
      "database_unreachable",
      /does not support SSL/,
    ],
  ];
  it.each(cases)("%s: says what to do, and no password", async (_, url, code, advice) => {
    const failure = await problem(url());
    expect(failure).toMatchObject({ name: "PatchcordError", code, message: expect.stringMatching(advice) });
    const all = [failure.message, failure.stack, String(failure.cause), JSON.stringify(failure)].join();
    expect(all).not.toContain("wrong-9931");
    expect(all).not.toContain(new URL(database.url).password);
  });

  it("a database that a newer version wrote stays as it is", async () => {
    await (await openDatabase({ url: database.url, log })).close();
    await database.query("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('new', 9999999999999)");
    expect(await problem(database.url)).toMatchObject({
      code: "database_newer",
      message: expect.stringContaining("newer patchcord"),
    });
    await database.query("DELETE FROM __drizzle_migrations WHERE hash = 'new'");
  });

  it("a database that is read-only, has the wrong encoding, or lets the user do nothing", async () => {
    const name = new URL(database.url).pathname.slice(1);
    const fresh = await newDatabase();
    await fresh.query(
      `ALTER DATABASE ${new URL(fresh.url).pathname.slice(1)} SET default_transaction_read_only = on`,
    );
    expect(await problem(fresh.url)).toMatchObject({ code: "database_readonly" });
    await fresh.drop();

    await database.query(`CREATE DATABASE ${name}_ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'`);
    expect(await problem(at((url) => (url.pathname = `${name}_ascii`)))).toMatchObject({
      code: "database_failed",
      message: expect.stringContaining("ENCODING 'UTF8'"),
    });
    await database.query(`DROP DATABASE ${name}_ascii WITH (FORCE)`);

    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'pw' CONNECTION LIMIT 1`);
    const asRole = at((url) => Object.assign(url, { username: role, password: "pw" }));
    expect(await problem(asRole)).toMatchObject({
      code: "database_refused",
      message: expect.stringContaining("grant them"),
    });
    const holder = new pg.Client({ connectionString: asRole });
    await holder.connect();
    expect(await problem(asRole)).toMatchObject({
      code: "database_busy",
      message: expect.stringContaining("max_connections"),
    });
    await holder.end();
  });
});

it("tells what the server says and not what was to be stored", () => {
  const secret = "a word that is nobody's business";
  const full = Object.assign(new pg.DatabaseError("could not extend file", 9, "error"), {
    code: "53100",
    detail: `Failing row contains (${secret}).`,
  });
  const failure = postgresError("postgres://u@h:1/d", new Error(`insert ${secret}`, { cause: full }));
  expect(failure).toMatchObject({
    code: "database_full",
    message: expect.stringContaining("free some space"),
  });
  expect(String(failure) + String(failure.cause) + JSON.stringify(failure.cause)).not.toContain(secret);
});

it("rejects after it was closed", async () => {
  const { mailbox, store, close } = await openDatabase({ url: database.url, log });
  await close();
  await expect(mailbox.add(messageIn(p, "1"), true)).rejects.toMatchObject({ code: "database_failed" });
  await expect(store.takesPart(p, 9)).rejects.toMatchObject({ code: "database_failed" });
});

it("lets leases and delays run by the database's clock, whatever this machine's says", async () => {
  const open = (now: number) => openDatabase({ url: database.url, log, clock: fakeClock(now) });
  const [past, future] = [await open(1_000), await open(Date.UTC(2100, 0))];
  const claim = await addTaking(past.mailbox, "by the clock", "1");
  expect(await future.mailbox.sweep(9)).toEqual([]);
  const turn = await past.mailbox.next(claim);
  await past.mailbox.next(claim, { turn: turn!.id, kind: "retry", delayMs: 60_000, error: "busy" });
  expect(await future.mailbox.sweep(9)).toEqual([]);
  await past.close();
  await future.close();
});

it("waits for a connection, and says so when none comes free", async () => {
  // Those who have a connection wait longer than whoever finds none, on any machine.
  const patient = at((url) => url.searchParams.set("query_timeout", "60000"));
  const { mailbox, store, close } = await openDatabase({ url: patient, log });
  await addTaking(mailbox, "crowded", "1");
  const blocker = new pg.Client({ connectionString: database.url });
  await blocker.connect();
  await blocker.query("BEGIN");
  await blocker.query("SELECT 1 FROM mailbox WHERE place = 'crowded' FOR UPDATE");
  const waiting = Array.from({ length: 10 }, (_, i) => mailbox.add(messageIn("crowded", `w${i}`), true));
  await expect(store.takesPart(p, 9)).rejects.toMatchObject({ code: "database_busy" });
  await blocker.query("ROLLBACK");
  expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual(
    Array.from({ length: 10 }, () => "new"),
  );
  await store.takesPart(p, 9);
  await blocker.end();
  await close();
});

it("says that it is too busy where the server breaks a statement off, and goes on with the next", async () => {
  const pool = openPool(
    at((url) => url.searchParams.set("options", "-c statement_timeout=50")),
    log,
  );
  const slow = pool.one("SELECT 1 AS one FROM pg_sleep(60)", []);
  await expect(slow).rejects.toMatchObject({
    code: "database_busy",
    message: expect.stringContaining("statement timeout"),
  });
  // On a busy machine that may take as long as well.
  await expect.poll(() => pool.one("SELECT 1 AS one", []).catch(() => [])).toEqual([{ one: 1 }]);
  await pool.close();
});

describe("a server that goes and comes back", () => {
  it("rejects while it is gone, and needs nothing to go on", async () => {
    const data = join(tmpdir(), `patchcord-postgres-restart-${process.pid}`);
    const server = await startPostgres(data);
    let opened: Opened | undefined;
    try {
      opened = await openDatabase({ url: server.url, log });
      const { mailbox, store, replicas } = opened;
      const lost: Error[] = [];
      replicas.onLost((why) => lost.push(why));
      const claim = await addTaking(mailbox, p, "1");
      await server.halt();
      await expect.poll(() => lost).toHaveLength(1);
      for (const use of [() => mailbox.next(claim), () => mailbox.renew(), () => store.confirm(claim)])
        await expect(use()).rejects.toMatchObject({ code: "database_unreachable" });
      await server.start();
      expect(await mailbox.next(claim)).toMatchObject({ tries: 0 });
      await store.confirm(claim);
      expect(await replicas.leases.take("x", 1_000)).toBe(true);
      expect(lost).toHaveLength(1);
    } finally {
      await opened?.close();
      await server.stop();
      rmSync(data, { recursive: true, force: true });
    }
  });
});
