import { expect, it } from "vitest";
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

archiveContract("SQLite", noting, 16);
archiveTellsContract("SQLite", () => sqliteBench());

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
    "asks for words one by one": /EXISTS \(SELECT 1 FROM turn_words/,
    "looks for phrases at once": /turn_words MATCH/,
    "hands on all that was found": /FROM \(SELECT value AS id FROM json_each/,
    "asks what was found of turns that were found otherwise":
      /\+t\.id IN \(SELECT value FROM json_each\(\$\d+\)\)/,
    "hands on the newest that were found": /CASE WHEN \+t\.id >= \S+ \S+ \S+ THEN \+t\.id IN \(SELECT value/,
    "hands on the oldest that were found": /CASE WHEN \+t\.id <= \S+ \S+ \S+ THEN \+t\.id IN \(SELECT value/,
    "finds conversations by the index of turns": /DISTINCT o\.id FROM \(SELECT t\.conversation AS id/,
    "finds conversations by either index": /DISTINCT o\.id FROM \(SELECT id FROM \(SELECT/,
    "knows by both ends of a conversation": /\+c\.started_at < CAST\(\$\d+ AS BIGINT\) AND c\.turns > 0/,
    "goes through the models that there are": /t\.model IN \(WITH RECURSIVE/,
    "looks for the models that are others": /UNION ALL SELECT t\.id FROM turn_facts t WHERE t\.model IS NULL/,
    "begins with a cost": /WHERE \(\(?case when t\.cost is null/,
  };
  const gone = Object.entries(ways).map(([way, sql]) => [way, ran.some((one) => sql.test(one))]);
  expect(gone).toEqual(Object.keys(ways).map((way) => [way, true]));
});

sumsContract("SQLite", () => sqliteBench(), 16);
