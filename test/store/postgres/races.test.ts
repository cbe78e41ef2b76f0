import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { createLog } from "../../../src/log.ts";
import type { Claim, Mailbox } from "../../../src/store/mailbox.ts";
import { openPool, postgresDialect } from "../../../src/store/postgres/postgres.ts";
import { createMailbox } from "../../../src/store/sql-mailbox.ts";
import { writes } from "../../contracts/store.ts";
import { begin, messageIn, p } from "../../contracts/store-bench.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { postgresHouse, TEST_NOW } from "./bench.ts";

const house = await postgresHouse();
const other = new pg.Client({ connectionString: house.database.url });
await other.connect();
afterAll(async () => {
  await other.end();
  await house.close();
});

/** Resolves when a statement waits for a lock. */
const somebodyWaits = () =>
  expect
    .poll(() => house.database.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))
    .not.toEqual([]);

async function world() {
  const bench = await house.open();
  const made = { bench, store: bench.store, a: bench.mailbox("a"), b: bench.mailbox("b") };
  const begun = await begin(made);
  await bench.store.markCalling(begun.claim, begun.turn.id, { generation: 1, input: "before", at: 4 });
  return { ...made, ...begun };
}

describe("a write, while another takes the place over", () => {
  for (const [name, write] of Object.entries(writes)) {
    it(`${name} waits for how that ends, and is refused`, async () => {
      const { store, claim, turn } = await world();
      await other.query("BEGIN");
      await other.query("UPDATE mailbox SET owner = 'b', epoch = epoch + 1 WHERE place = $1", [p]);
      const written = expect(write(store, claim, turn.id)).rejects.toMatchObject({ code: "fenced" });
      await somebodyWaits();
      await other.query("COMMIT");
      await written;
    });

    it(`${name} waits for how that ends, and is stored when it comes to nothing`, async () => {
      const { store, claim, turn } = await world();
      await other.query("BEGIN");
      await other.query("UPDATE mailbox SET owner = 'b', epoch = epoch + 1 WHERE place = $1", [p]);
      const written = write(store, claim, turn.id);
      await somebodyWaits();
      await other.query("ROLLBACK");
      await written;
    });
  }

  it("a place whose turn is being written is not taken over before that is stored", async () => {
    const { bench, b, turn } = await world();
    await bench.pass(100_000);
    await other.query("BEGIN");
    await other.query(
      "UPDATE turn SET text = 'x' WHERE id = $1 AND EXISTS (SELECT 1 FROM mailbox WHERE place = $2 FOR SHARE)",
      [turn.id, p],
    );
    expect(await b.sweep(9)).toEqual([]);
    await other.query("COMMIT");
    expect(await b.sweep(9)).toHaveLength(1);
  });
});

it("an owner that lets go waits for what is being added, and runs it", async () => {
  const { a, claim, turn } = await world();
  await other.query("BEGIN");
  await other.query("SELECT 1 FROM mailbox WHERE place = $1 FOR UPDATE", [p]);
  await other.query(
    `INSERT INTO turn (place, message_key, message, run_at, received_at) VALUES ($1, 'added', '{"id":"added"}', 0, 0)`,
    [p],
  );
  const next = a.next(claim, { turn: turn.id, kind: "done" });
  await somebodyWaits();
  await other.query("COMMIT");
  expect((await next)?.message.id).toBe("added");
});

/** So many speak at once: more than a process has connections, and few enough that none waits for one until it is given up. */
const AT_ONCE = 12;

/** Adds and runs, as a process does: what it takes it runs, and what is not taken by adding is found by sweeping. */
async function live(mailbox: Mailbox, names: readonly string[], ran: string[]): Promise<void> {
  const running: Promise<void>[] = [];
  const run = async (claim: Claim) => {
    for (let turn = await mailbox.next(claim); turn;) {
      ran.push(turn.message.key);
      turn = await mailbox.next(claim, { turn: turn.id, kind: "done" });
    }
  };
  const say = async (name: string, i: number) => {
    const added = await mailbox.add(messageIn(`place ${i % 3}`, name), i % 5 > 0);
    if (added.kind === "new" && added.claim) running.push(run(added.claim));
    if (i % 4 === 0) for (const claim of await mailbox.sweep(2)) running.push(run(claim));
  };
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, first) => {
      for (let i = first; i < names.length; i += AT_ONCE) await say(names[i]!, i);
    }),
  );
  await Promise.all(running);
}

it("forgets no turn and runs none twice, however adding, taking and letting go fall together", async () => {
  const bench = await house.open();
  const pools = ["a", "b", "c"].map((owner) => {
    const pool = openPool(house.database.url, createLog("silent"));
    return {
      pool,
      mailbox: createMailbox(postgresDialect(pool, TEST_NOW), { owner, clock: fakeClock() }),
    };
  });
  const ran: string[] = [];
  const names = Array.from({ length: 300 }, (_, i) => `message ${i}`);
  await Promise.all(
    pools.map(({ mailbox }, i) =>
      live(
        mailbox,
        names.filter((_, n) => n % 3 === i),
        ran,
      ),
    ),
  );
  // The clock has stood still: what is found now was left to be found, and nothing was left owned.
  for (const claim of await pools[0]!.mailbox.sweep(9)) {
    for (let turn = await pools[0]!.mailbox.next(claim); turn;) {
      ran.push(turn.message.key);
      turn = await pools[0]!.mailbox.next(claim, { turn: turn.id, kind: "done" });
    }
  }
  expect(await bench.query("SELECT message_key FROM turn WHERE settled_at IS NULL")).toEqual([]);
  expect(await bench.query("SELECT place FROM mailbox WHERE owner IS NOT NULL OR due IS NOT NULL")).toEqual(
    [],
  );
  expect(ran).toHaveLength(300);
  expect(new Set(ran).size).toBe(300);
  for (const { pool } of pools) await pool.close();
});
