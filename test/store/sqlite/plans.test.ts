import { expect, it } from "vitest";
import type { Place } from "../../../src/chat/place.ts";
import { createMailbox } from "../../../src/store/sql-mailbox.ts";
import { createStore } from "../../../src/store/sql-store.ts";
import { sqliteStore } from "../../../src/store/query-kit.ts";
import { openFile } from "../../../src/store/sqlite/file.ts";
import { sqliteAttempt, sqliteDialect } from "../../../src/store/sqlite/sqlite.ts";
import { addTaking, messageIn } from "../../contracts/store-bench.ts";
import { fakeClock } from "../../fakes/clock.ts";

/** Every statement that the mailbox and the store run, and how SQLite means to run it. */
async function plans(): Promise<Map<string, string>> {
  const { db, orm, close } = openFile(":memory:");
  const prepare = db.prepare.bind(db);
  const statements = new Set<string>();
  Object.assign(db, {
    prepare: (sql: string) => {
      statements.add(sql);
      return prepare(sql);
    },
  });
  const clock = fakeClock();
  const attempt = sqliteAttempt(":memory:");
  const mailbox = createMailbox(sqliteDialect(db, clock, attempt), { owner: "a", clock });
  const store = createStore({ ...sqliteStore(orm, attempt), clock });
  const claim = await addTaking(mailbox, "p", "1");
  await mailbox.add(messageIn("p", "2"), false);
  const turn = await mailbox.next(claim);
  await mailbox.next(claim, { turn: turn!.id, kind: "retry", delayMs: 0, error: "again" });
  await mailbox.next(claim, { turn: turn!.id, kind: "done" });
  await mailbox.next(claim, { turn: turn!.id + 1, kind: "done" });
  await mailbox.sweep(1);
  await mailbox.renew();
  await mailbox.handOver();
  await store.heard("p" as Place, 1, ["1", "2"]);

  const plan = (sql: string) => {
    const explain = prepare(`EXPLAIN QUERY PLAN ${sql}`);
    const values = sql.includes("$1")
      ? [Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [n, 1]))]
      : Array.from(sql.matchAll(/\?/g), () => 1);
    return (explain.all(...values) as { detail: string }[]).map(({ detail }) => detail).join("; ");
  };
  const found = new Map([...statements].map((sql) => [sql, plan(sql)]));
  close();
  return found;
}

it("reads no table through, and claims by indexes that hold nothing but what can be run", async () => {
  const all = [...(await plans())];
  expect(all.length).toBeGreaterThan(30);
  // Of those that nobody listened to there are as many rows as platforms.
  const scans = all.filter(
    ([sql, plan]) =>
      /SCAN (?!CONSTANT ROW|deaf|gap|picked|mailbox USING INDEX mailbox_lease)|TEMP B-TREE FOR ORDER/.test(
        plan,
      ) &&
      // From the newest on, and no further than its limit.
      !sql.endsWith('order by "turn"."id" desc limit ?'),
  );
  expect(scans).toEqual([]);

  const planOf = (part: string) => all.filter(([sql]) => sql.includes(part)).map(([, plan]) => plan);
  expect(planOf("owner IS NULL AND due <= CAST").join()).toContain("INDEX mailbox_due (due<?)");
  expect(planOf("owner IS NOT NULL AND lease <").join()).toContain("INDEX mailbox_lease (lease<?)");
  expect(planOf("settled_at IS NULL ORDER BY (tries = 0)").join()).toContain("INDEX turn_open (place=?)");
});
