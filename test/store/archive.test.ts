import { expect, it } from "vitest";
import type { Condition, Sort } from "../../src/store/archive.ts";
import { archiveBadContract } from "../contracts/archive-bad.ts";
import { archiveTellsContract } from "../contracts/archive-tells.ts";
import { archiveContract } from "../contracts/archive.ts";
import { sumsContract } from "../contracts/sums.ts";
import { type SqliteBench, sqliteBench } from "./bench.ts";

/** Statements that the searches of the contract ran. */
const ran: string[] = [];

function noting(): SqliteBench {
  const bench = sqliteBench();
  const prepare = bench.db.prepare.bind(bench.db);
  Object.assign(bench.db, {
    prepare: (sql: string) => {
      ran.push(sql);
      return prepare(sql);
    },
  });
  return bench;
}

let opened = 0;

/** Every other as an earlier version left it, which kept no beginnings of words: those of the first turns are not asked for. */
function ofEitherVersion(): SqliteBench {
  const bench = noting();
  opened += 1;
  bench.db.exec(`UPDATE beginnings_from SET turn = ${opened % 2 === 0 ? 1 : 6}`);
  return bench;
}

archiveContract("SQLite", ofEitherVersion, 16);
archiveTellsContract("SQLite", () => sqliteBench());

/** Thirty conversations of a turn each, all of which say "two words", and one of which says "one word". In the fifth somebody asks once more in the end. */
async function scene() {
  const bench = noting();
  bench.db.exec(
    `CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30) SELECT i FROM n;
     INSERT INTO conversation_facts (place, generation, platform, workspace_id, channel_id, kind, started_by, started_by_name, started_at, active_at, turns)
       SELECT 'p' || i, 1, 'chat', 'W', 'C', 'private', 'U', 'u', i, i, 1 FROM n;
     INSERT INTO turn_facts (id, conversation, message_id, person, user_name, state, status, at, tries) SELECT i, i, 'm', 1, 1, 'failed', 'failed', i, 1 FROM n;
     INSERT INTO turn_words (rowid, question, answer) SELECT i, 'two words', iif(i = 9, 'one word', '') FROM n;
     INSERT INTO turn_facts (id, conversation, message_id, person, user_name, state, status, at, tries) VALUES (31, 5, 'm', 1, 1, 'done', 'done', 31, 1);
     UPDATE conversation_facts SET active_at = 31, turns = 2 WHERE id = 5`,
  );
  return bench;
}

const text = (...words: string[]): Condition => ({ kind: "text", words, prefix: false });
const failed: Condition = { kind: "word", field: "status", values: ["failed"] };

it("finds what takes long to find once, and then goes by the list", async () => {
  const bench = await scene();
  const find = async (where: Condition, direction: Sort["direction"] = "desc") => {
    const sort = { by: "active", direction } as const;
    const { rows } = await bench.archive.turns({ where, sort, limit: 2 });
    return rows.map(({ id }) => id);
  };
  const from = ran.length;
  expect(await find({ kind: "all", of: [text("two", "words"), failed] })).toEqual([30, 29]);
  expect(await find({ kind: "all", of: [text("two", "words"), failed] }, "asc")).toEqual([1, 2]);
  expect(await find(text("one", "word"))).toEqual([9]);
  const ninth: Condition = { kind: "word", field: "turn", values: ["9"] };
  expect(await find({ kind: "all", of: [text("one", "word"), ninth] })).toEqual([9]);
  expect(await find({ kind: "all", of: [text("two", "word"), failed] })).toEqual([]);
  // A list is made once a question: what is behind it is looked for where something is asked that is behind.
  const lists = ran.slice(from).filter((sql) => sql.includes("json_group_array"));
  expect(new Set(lists).size).toBe(2);
  await bench.close();
});

it("tells by both ends of a conversation whether it reaches back so far, but not whether it was silent in between", async () => {
  const bench = await scene();
  const find = async (bounds: { readonly from?: number; readonly below?: number }) => {
    const where: Condition = { kind: "number", field: "at", ...bounds };
    const sort = { by: "active", direction: "desc" } as const;
    const { rows } = await bench.archive.conversations({ where, sort, limit: 2 });
    return rows.map(({ place }) => place);
  };
  expect(await find({ below: 25 })).toEqual(["p5", "p24"]);
  expect(await find({ from: 10 })).toEqual(["p5", "p30"]);
  expect(await find({ from: 10, below: 25 })).toEqual(["p24", "p23"]);
  await bench.close();
});

it("goes every way to find a page", () => {
  const ways = {
    "begins with turns": /FROM \(SELECT t\.id FROM turn_facts t .* s CROSS JOIN turn_facts t/s,
    "begins with conversations": /CROSS JOIN turn_facts t ON t\.conversation = s\.id/,
    "begins with words": /FROM \(SELECT rowid AS id FROM turn_words/,
    "begins with either turns or conversations":
      /CROSS JOIN turn_facts t WHERE t\.conversation = s\.id UNION ALL/,
    "adds conversations without turns": /UNION SELECT c\.id FROM conversation_facts c WHERE c\.turns = 0/,
    "stops along the order of turns": /\(t\.at, t\.id\) >= /,
    "stops along the order of conversations": /\(c\.active_at, c\.id\) >= /,
    "goes on behind a page and stops": /\(t\.at, t\.id\) > .* AND \(t\.at, t\.id\) <= /s,
    "looks at all turns": /FROM turn_facts t INDEXED BY/,
    "looks at all turns of some conversations": /c NOT INDEXED CROSS JOIN/,
    "looks at all conversations": /FROM conversation_facts c NOT INDEXED WHERE/,
    "lists the newest that have words": /CASE WHEN \+t\.id >= .* THEN/,
    "lists the oldest that have words": /CASE WHEN \+t\.id <= .* THEN/,
    "asks the newest turns of a conversation first": /ORDER BY t\.at DESC, t\.id DESC LIMIT 1\) IS NOT NULL/,
    "asks for words one by one": /EXISTS \(SELECT rowid AS id FROM turn_words/,
    "finds beginnings of words": /FROM \(SELECT rowid AS id FROM turn_beginnings/,
    "asks for beginnings one by one":
      /EXISTS \(SELECT rowid AS id FROM turn_beginnings WHERE \S+ MATCH \S+ AND rowid = \+t/,
    "lists the newest that have beginnings":
      /CASE WHEN \+t\.id >= .* IN \(SELECT rowid AS id FROM turn_beginnings/,
    "finds words, and asks each for beginnings":
      /turn_words WHERE .* EXISTS \(SELECT rowid AS id FROM turn_beginnings/,
    "finds what an earlier version took in":
      /UNION ALL SELECT rowid AS id FROM beginnings_from f CROSS JOIN turn_words/,
    "looks for phrases at once": /turn_words MATCH/,
    "hands on all that was found": /FROM \(SELECT value AS id FROM json_each/,
    "asks what was found of turns that were found otherwise":
      /\+t\.id IN \(SELECT value FROM json_each\(\$\d+\)\)/,
    "hands on the newest that were found": /CASE WHEN \+t\.id >= \S+ \S+ \S+ THEN \+t\.id IN \(SELECT value/,
    "hands on the oldest that were found": /CASE WHEN \+t\.id <= \S+ \S+ \S+ THEN \+t\.id IN \(SELECT value/,
    "finds conversations by the index of turns": /DISTINCT o\.id FROM \(SELECT \+t\.conversation AS id/,
    "finds conversations by either index": /DISTINCT o\.id FROM \(SELECT id FROM \(SELECT/,
    "knows by both ends of a conversation": /\+c\.started_at < CAST\(\$\d+ AS BIGINT\) AND c\.turns > 0/,
    "asks for the models that there are": /SELECT word FROM used/,
    "begins with the models that are so": /FROM \(SELECT t\.id FROM turn_facts t WHERE t\.model /,
    "looks for the models that are others": /UNION ALL SELECT t\.id FROM turn_facts t WHERE t\.model IS NULL/,
    "begins with a cost": /WHERE \(\(?case when t\.cost is null/,
  };
  const gone = Object.entries(ways).map(([way, sql]) => [way, ran.some((one) => sql.test(one))]);
  expect(gone).toEqual(Object.keys(ways).map((way) => [way, true]));
});

archiveBadContract("SQLite", () => sqliteBench());
sumsContract("SQLite", () => sqliteBench(), 10);
