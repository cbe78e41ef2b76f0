import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { MessageId, Place } from "../../../src/chat/place.ts";
import { withLiveness } from "../../../src/store/postgres/replicas.ts";
import { DATABASE_NOW, postgresDialect, type PostgresPool } from "../../../src/store/postgres/postgres.ts";
import { postgresStore } from "../../../src/store/query-kit.ts";
import { createMailbox } from "../../../src/store/sql-mailbox.ts";
import { createStore } from "../../../src/store/sql-store.ts";
import { addTaking, messageIn } from "../../contracts/store-bench.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { postgresHouse } from "./bench.ts";

const house = await postgresHouse();
const client = new pg.Client({ connectionString: house.database.url });
beforeAll(() => client.connect());
afterAll(async () => {
  await client.end();
  await house.close();
});

const place = "place 7" as Place;

/** Every statement that the mailbox and the store run in earnest, with the values of its first run. */
async function statements(): Promise<Map<string, readonly unknown[]>> {
  const { pool } = await house.open();
  const seen = new Map<string, readonly unknown[]>();
  const note = (sql: string, values: readonly unknown[]) => void (seen.has(sql) || seen.set(sql, values));
  const noting: PostgresPool = {
    ...pool,
    one: (sql, values, arrays) => {
      note(sql, values);
      return pool.one(sql, values, arrays);
    },
    tx: (steps) =>
      pool.tx(function* () {
        const body = steps();
        let step = body.next();
        while (!step.done) {
          note(step.value.sql, step.value.values);
          step = body.next(yield step.value);
        }
        return step.value;
      }),
  };
  const clock = fakeClock();
  const link = { hear: () => {}, onLost: () => {}, close: async () => {} };
  const made = createMailbox(postgresDialect(noting), { owner: "a", clock });
  const mailbox = withLiveness(made, { pool: noting, link, owner: "a" });
  const store = createStore({ ...postgresStore(noting), clock });
  const claim = await addTaking(mailbox, place, "1");
  await mailbox.add(messageIn(place, "2"), false);
  const turn = await mailbox.next(claim);
  await mailbox.next(claim, { turn: turn!.id, kind: "retry", delayMs: 0, error: "again" });
  await store.openConversation(claim, {
    generation: 1,
    createKey: "k",
    createBody: "{}",
    metadata: {},
    at: 1,
  });
  await store.markCalling(claim, turn!.id, { generation: 1, input: "hi", at: 1 });
  await store.markStreaming(claim, turn!.id, { text: "hi", at: 1 });
  await store.markAnswered(claim, turn!.id, { text: "hi", at: 1 });
  await store.markPageIntended(claim, turn!.id, 0);
  await store.markPagePosted(claim, turn!.id, 0, "m" as MessageId);
  await store.pages(turn!.id);
  await store.markSeen(claim, 1, { id: "m" as MessageId, at: 1 });
  await store.markHeard(claim, 1, messageIn(place, "k"));
  await store.linkConversation(claim, 1, "t");
  await store.noteWhereabouts(place, messageIn(place, "1").where, 1);
  await store.countSameInput(place, 1, "hi", 9);
  await store.heard(place, 1, ["1", "2"]);
  await store.conversation(place);
  await store.takesPart(place, 1);
  await store.markGap(place, 1);
  await store.markDeaf("chat", 1);
  await store.confirm(claim);
  await store.recentPlaces("chat", 9);
  await mailbox.reopen(place, 1);
  await mailbox.askStop(place, 1);
  await mailbox.next(claim, { turn: turn!.id, kind: "done" });
  await mailbox.sweep(9);
  await mailbox.renew();
  await mailbox.handOver();
  return seen;
}

/** A row for each process, each right that one process at a time holds, each platform. */
const SMALL = ["replica", "lease", "deaf"];

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly Plan[];
}

/** How the statement is run, and what of it is undone again. */
async function explain(sql: string, values: readonly unknown[]): Promise<Plan> {
  await client.query("BEGIN");
  const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
    [...values],
  );
  await client.query("ROLLBACK");
  return rows[0]!["QUERY PLAN"][0].Plan;
}

const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

/** Places at rest with their turns, and a few of them that run, wait or have lapsed. */
async function populate(places: number): Promise<void> {
  const { query } = house.database;
  await query("TRUNCATE mailbox, conversation, turn, page, heard, whereabouts RESTART IDENTITY");
  await query(
    `INSERT INTO mailbox (place, since) SELECT 'place ' || n, 1 FROM generate_series(1, ${places}) n`,
  );
  await query(
    `INSERT INTO turn (place, message_key, message, run_at, received_at, state, tries, settled_at)
     SELECT 'place ' || n, 'key ' || n, '{}', 1, 1, 'done', 1, 2 FROM generate_series(1, ${places}) n`,
  );
  await query(
    `INSERT INTO conversation (place, generation, create_key, create_body, metadata, created_at)
     SELECT 'place ' || n, 1, 'k', '{}', '{}', 1 FROM generate_series(1, ${places}) n`,
  );
  await query("INSERT INTO page (turn, index, intended_at) SELECT id, 0, 1 FROM turn");
  await query(
    "INSERT INTO heard (place, generation, message_key, at) SELECT place, 1, 'h', 1 FROM conversation",
  );
  await query("INSERT INTO whereabouts (place, since, facts) SELECT place, 1, '{}' FROM mailbox");
  const later = `${DATABASE_NOW} + 1000000`;
  await query(`UPDATE mailbox SET due = 1 WHERE place IN ('place 1', 'place 2')`);
  await query(`UPDATE mailbox SET due = ${later} WHERE place IN ('place 3', 'place 4')`);
  await query(`UPDATE mailbox SET owner = 'a', lease = ${later} WHERE place IN ('place 5', 'place 6')`);
  await query(`UPDATE mailbox SET owner = 'b', lease = 1 WHERE place = 'place 8'`);
  await query("VACUUM ANALYZE");
}

it("reads no table through, and a claim costs the same among 20,000 places as among 1,000", async () => {
  const all = [...(await statements())];
  expect(all.length).toBeGreaterThan(30);
  const costs: number[][] = [];
  for (const places of [1_000, 20_000]) {
    await populate(places);
    const cost: number[] = [];
    for (const [sql, values] of all) {
      const every = nodes(await explain(sql, values));
      const scans = every.filter(
        (node) => node["Node Type"] === "Seq Scan" && !SMALL.includes(node["Relation Name"] ?? ""),
      );
      expect(places === 1_000 ? [] : scans, sql).toEqual([]);
      cost.push((every[0]?.["Shared Hit Blocks"] ?? 0) + (every[0]?.["Shared Read Blocks"] ?? 0));
    }
    costs.push(cost);
  }
  for (const [i, [sql]] of all.entries()) {
    // From the newest turn on, and no further than its limit.
    if (sql.includes('order by "turn"."id" desc')) continue;
    const [few = 0, many = 0] = costs.map((cost) => cost[i]);
    expect(many, `blocks read by ${sql}`).toBeLessThan(few + 25);
  }
});
