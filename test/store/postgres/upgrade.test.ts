import { resolve } from "node:path";
import pg from "pg";
import { afterAll, expect, it } from "vitest";
import { readMigrationFiles } from "../../../src/store/drizzle.ts";
import { openDatabase } from "../../../src/store/open.ts";
import { migratePostgres } from "../../../src/store/postgres/migrations.ts";
import { openPool } from "../../../src/store/postgres/postgres.ts";
import { createLog } from "../../../src/log.ts";
import { messageIn } from "../../contracts/store-bench.ts";
import { newDatabase, type TestDatabase } from "../../postgres/database.ts";

const database = await newDatabase();
afterAll(() => database.drop());

const first = { ...messageIn("p", "1"), sentAt: 20 };
/** Said before the first, and stored after it. */
const second = { ...messageIn("p", "2"), sentAt: 10 };

/** The tables as they were so many migrations ago. */
async function tablesBefore(migrations: number, { query }: TestDatabase): Promise<void> {
  const before = readMigrationFiles({ migrationsFolder: resolve("migrations/postgres") }).slice(
    0,
    -migrations,
  );
  await query(
    "CREATE TABLE __drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)",
  );
  for (const { sql, hash, folderMillis } of before) {
    for (const statement of sql) await query(statement);
    await query("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ($1, $2)", [hash, folderMillis]);
  }
}

/** A database as the version before this one left it when its process was killed: one turn half written, and one behind it. */
async function oldDatabase(): Promise<void> {
  await tablesBefore(1, database);
  // Nobody holds this lock: whoever had it is dead, however long its lease is.
  await database.query("INSERT INTO replica (owner, lock) VALUES ('dead', 77)");
  await database.query(
    "INSERT INTO mailbox (place, owner, lease, epoch, since, due) VALUES ('p', 'dead', 9e15, 3, 10, 0)",
  );
  await database.query(
    `INSERT INTO conversation (place, generation, telnyx_id, create_key, create_body, metadata, created_at)
     VALUES ('p', 1, 'conversation-1', 'key', '{}', '{}', 1)`,
  );
  const turn = `INSERT INTO turn (place, message_key, message, sent_at, run_at, tries, state, generation, input, text, received_at)
    VALUES ('p', $1, $2, $3, 0, $4, $5, $6, $7, $8, 5)`;
  await database.query(turn, [
    first.key,
    JSON.stringify(first),
    20,
    1,
    "streaming",
    1,
    "what was asked",
    "Half of",
  ]);
  await database.query(turn, [second.key, JSON.stringify(second), 10, 0, "received", null, null, null]);
  await database.query(
    `INSERT INTO page (turn, "index", id, intended_at, posted_at) VALUES (1, 0, 'page-1', 6, 7)`,
  );
}

it("turns that were open when the program was replaced by a newer one are gone on with, once and in order, in their pages", async () => {
  await oldDatabase();
  const lines: string[] = [];
  const log = createLog("info", [], { write: (line) => void lines.push(line) });
  const all = await Promise.all([1, 2].map(() => openDatabase({ url: database.url, log })));
  const claims = await Promise.all(all.map(({ mailbox }) => mailbox.sweep(9)));
  const taken = claims.flatMap((some, at) => some.map((claim) => ({ claim, by: all[at]! })));
  expect(taken).toHaveLength(1);
  const [{ claim, by }] = taken as [(typeof taken)[0]];
  expect(await by.mailbox.add(first, true)).toEqual({ kind: "seen" });
  expect(await by.mailbox.next(claim)).toEqual({
    id: 1,
    place: "p",
    message: first,
    tries: 1,
    state: "streaming",
    late: false,
    stopAsked: false,
    generation: 1,
    input: "what was asked",
    text: "Half of",
  });
  expect(await by.store.pages(1)).toEqual([{ index: 0, id: "page-1" }]);
  expect(await by.store.conversation(claim.place)).toMatchObject({
    generation: 1,
    telnyxId: "conversation-1",
  });
  expect(await by.mailbox.next(claim, { turn: 1, kind: "done" })).toMatchObject({
    id: 2,
    message: { id: "2" },
  });
  for (const { close } of all) await close();
  // By the one that did it. The other waited.
  const said = lines.filter((line) => line.includes("is being upgraded"));
  expect(said.map((line) => JSON.parse(line) as object)).toMatchObject([{ migrations: 1 }]);
});

it("keeps from the tables of one migration alone whoever goes on with the older version meanwhile", async () => {
  const filled = await newDatabase();
  // Before 0007, which adds columns to `heard`, and 0008, which makes indexes anew.
  const since = readMigrationFiles({ migrationsFolder: resolve("migrations/postgres") }).length - 7;
  await tablesBefore(since, filled);
  const reader = new pg.Client({ connectionString: filled.url });
  await reader.connect();
  // An admin of the older version reads for long: what makes indexes anew waits for that.
  await reader.query("BEGIN");
  await reader.query("SELECT 1 FROM turn_facts");
  const pool = openPool(filled.url, createLog("silent"), { answerMs: 0 });
  const upgrade = migratePostgres(pool);
  await expect
    .poll(() =>
      filled.query("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'turn_facts'::regclass"),
    )
    .not.toEqual([]);
  // The tables that messages are stored in, one of which was changed just before.
  for (const table of ["heard", "turn", "mailbox", "conversation", "page", "whereabouts"])
    await filled.query(`BEGIN; LOCK TABLE ${table} IN ROW EXCLUSIVE MODE NOWAIT; ROLLBACK`);
  await reader.query("COMMIT");
  await reader.end();
  expect(await upgrade).toBe(since);
  await pool.close();
  await filled.drop();
});

it("breaks off what takes longer to be answered than it may, and nothing where there is no such time", async () => {
  const log = createLog("silent");
  const [hasty, patient] = [
    openPool(database.url, log, { answerMs: 1 }),
    openPool(database.url, log, { answerMs: 0 }),
  ];
  const slow = "SELECT 1 AS one FROM pg_sleep(0.2)";
  await expect(hasty.one(slow, [])).rejects.toMatchObject({ code: "database_unreachable" });
  expect(await patient.one(slow, [])).toEqual([{ one: 1 }]);
  for (const pool of [hasty, patient]) await pool.close();
});
