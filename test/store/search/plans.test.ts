import { expect, it } from "vitest";
import type { Condition, Search, Sort } from "../../../src/store/archive.ts";
import { sqliteBench } from "../bench.ts";

const failed: Condition = { kind: "word", field: "status", values: ["failed"] };
const here: Condition = { kind: "word", field: "kind", values: ["public"] };
const SORTS: readonly Sort["by"][] = ["active", "started", "turns", "tokens", "cost", "complete"];

/** How SQLite means to run what these searches run, by statement. They find nothing: so none is begun with what little is found. */
async function plans(searches: readonly Search[], what: "turns" | "conversations") {
  const bench = sqliteBench();
  const { db } = bench;
  db.exec(
    `CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30) SELECT i FROM n;
     INSERT INTO conversation_facts (place, generation, platform, workspace_id, channel_id, kind, started_by, started_by_name, started_at, active_at)
       SELECT 'p' || i, 1, 'chat', 'W', 'C', 'private', 'U', 'u', i, i FROM n;
     INSERT INTO turn_facts (conversation, message_id, person, user_name, state, status, at, tries) SELECT i, 'm', 1, 1, 'failed', 'failed', i, 1 FROM n`,
  );
  const prepare = db.prepare.bind(db);
  const ran = new Set<string>();
  Object.assign(db, { prepare: (sql: string) => (ran.add(sql), prepare(sql)) });
  for (const search of searches) await bench.archive[what](search);
  const found = [...ran].map((sql) => {
    const values = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [at + 1, 1]));
    const asked = [...sql.matchAll(/\$(\d+)/g)].map(([, at]) => Number(at));
    const given = Object.fromEntries(asked.map((at) => [at, values[at]]));
    const steps = prepare(`EXPLAIN QUERY PLAN ${sql}`).all(given) as { detail: string }[];
    return { sql, plan: steps.map(({ detail }) => detail).join("; ") };
  });
  await bench.close();
  return found;
}

it.each(["turns", "conversations"] as const)("goes along an index of what %s are sorted by", async (what) => {
  const searches = SORTS.flatMap((by) =>
    (["asc", "desc"] as const).map((direction) => ({
      where: { kind: "all", of: [failed, here] } as const,
      sort: { by, direction },
      limit: 2,
    })),
  );
  const along = (await plans(searches, what)).filter(
    ({ sql }) => / <= \(| >= \(/.test(sql) && !/INDEXED/.test(sql),
  );
  // Turns are sorted by when they came in three ways.
  expect(along).toHaveLength(what === "turns" ? 8 : 12);
  for (const { sql, plan } of along) {
    expect(plan, sql).toMatch(
      /SEARCH [tc] USING (COVERING )?INDEX (turn|conversation)_facts_\w+ \((<expr>|\w+)[<>]/,
    );
    expect(plan, sql).not.toContain("TEMP B-TREE");
  }
});

it("looks through what conditions ask of turns in an index, without a turn's row", async () => {
  const search = {
    where: { kind: "all", of: [failed, here] },
    sort: { by: "cost", direction: "desc" },
    limit: 2,
  } as const;
  const all = [...(await plans([search], "turns")), ...(await plans([search], "conversations"))];
  const through = all.filter(({ sql }) => /NOT INDEXED/.test(sql));
  expect(through).toHaveLength(2);
  for (const { sql, plan } of through)
    expect(plan, sql).toMatch(
      /SEARCH t (EXISTS )?USING COVERING INDEX turn_facts_conversation \(conversation=\?\)/,
    );
});

it("finds what cost so much, or took so long, by an index", async () => {
  const found = await Promise.all(
    (["tokens", "cost", "complete", "firstText", "at", "started"] as const).map(async (field) => {
      const where: Condition = { kind: "number", field, from: 10, below: 20 };
      const all = await plans([{ where, sort: { by: "active", direction: "desc" }, limit: 2 }], "turns");
      return all.find(({ sql }) => sql.includes(" AS found "))?.plan;
    }),
  );
  for (const plan of found)
    expect(plan).toMatch(/SEARCH [tc] USING COVERING INDEX \w+ \((<expr>|\w+)>\? AND/);
});

it("passes over conversations that are of another time in the index of their order alone", async () => {
  const sorts = (["active", "started"] as const).flatMap((by) =>
    (["asc", "desc"] as const).map((direction) => ({ by, direction })),
  );
  const searches = sorts.flatMap((sort) => [
    {
      where: { kind: "all", of: [{ kind: "number", field: "at", below: 25 }, here] } as const,
      sort,
      limit: 2,
    },
    { where: { kind: "all", of: [{ kind: "number", field: "at", from: 5 }, here] } as const, sort, limit: 2 },
  ]);
  const ahead = (await plans(searches, "conversations")).filter(({ sql }) => sql.includes("OFFSET"));
  expect(ahead).toHaveLength(8);
  for (const { sql, plan } of ahead)
    expect(plan, sql).toMatch(
      /^(SCAN|SEARCH) c USING COVERING INDEX conversation_facts_(active|started)( \(\w+[<>]\?\))?$/,
    );
});

it("finds the conversations of somebody's turns, or of slow ones, in the index by which it finds the turns", async () => {
  const conditions: readonly Condition[] = [
    { kind: "word", field: "userId", values: ["U"] },
    { kind: "number", field: "firstText", from: 10 },
  ];
  const sort = { by: "active", direction: "desc" } as const;
  for (const where of conditions) {
    const all = await plans([{ where, sort, limit: 2 }], "conversations");
    const begun = all.filter(({ sql }) => sql.includes("SELECT DISTINCT o.id"));
    expect(begun).toHaveLength(1);
    for (const { plan } of begun)
      expect(plan).toMatch(/SEARCH t USING COVERING INDEX turn_facts_(person|first_text) \(/);
  }
});

it.each(["turns", "conversations"] as const)(
  "asks conversations for their names along an order of %s, and lists who has one where all are looked at",
  async (what) => {
    const name = { kind: "name", field: "workspace", tense: "ever", match: "equals", value: "a" } as const;
    const where = { kind: "not", of: name } as const;
    const search = { where, sort: { by: "active", direction: "desc" }, limit: 20 } as const;
    const named = (await plans([search], what)).filter(({ sql }) => /name_facts n WHERE n.field/.test(sql));
    const through = named.filter(({ sql }) => /INDEXED/.test(sql));
    const along = named.filter(({ sql }) => !/INDEXED/.test(sql));
    expect([along.length, through.length]).toEqual([1, 1]);
    for (const { sql, plan } of along) expect(plan, sql).toMatch(/SEARCH l .*\(conversation=\?\)/);
    for (const { sql, plan } of through) expect(plan, sql).toMatch(/SEARCH l .*\(name=\?\)/);
  },
);

it("finds the conversations of a time along their order at once, without a look at where a stretch of it ends", async () => {
  const ends = async (bounds: { readonly below?: number; readonly from?: number }, by: Sort["by"]) => {
    const where = { kind: "number", field: "at", ...bounds } as const;
    const all = await plans([{ where, sort: { by, direction: "desc" }, limit: 2 }], "conversations");
    return all.filter(({ sql }) => sql.includes("OFFSET")).length;
  };
  expect([await ends({ below: 25 }, "active"), await ends({ from: 5 }, "started")]).toEqual([0, 0]);
  // These may be far along any other order, and not every conversation has turns.
  expect([await ends({ below: 25 }, "tokens"), await ends({}, "active")]).toEqual([1, 1]);
});
