import { afterAll, expect, it } from "vitest";
import { postgresArchive } from "../../../src/store/archive-dialect.ts";
import { atOnce } from "../../../src/store/index/pace.ts";
import { createArchive } from "../../../src/store/search/sql-archive.ts";
import { archiveBadContract } from "../../contracts/archive-bad.ts";
import { archiveTellsContract } from "../../contracts/archive-tells.ts";
import { archiveContract } from "../../contracts/archive.ts";
import { sumsContract } from "../../contracts/sums.ts";
import { SMALL } from "../bench.ts";
import { type PostgresBench, postgresHouse } from "./bench.ts";

const house = await postgresHouse();
afterAll(() => house.close());

/** Statements that the searches of the contract ran. */
const ran = new Set<string>();

async function noting(): Promise<PostgresBench> {
  const bench = await house.open();
  const dialect = postgresArchive(bench.pool);
  const read: typeof dialect.read = (statement) => {
    ran.add(statement.sql);
    return dialect.read(statement);
  };
  return { ...bench, archive: createArchive({ ...dialect, read }, atOnce(7), SMALL) };
}

archiveContract("PostgreSQL", noting, 4);
archiveTellsContract("PostgreSQL", house.open);

it("goes every way to find a page", () => {
  const each = String.raw`CROSS JOIN LATERAL \(SELECT \* FROM`;
  const ways = {
    "begins with turns": new RegExp(
      String.raw`FROM \(SELECT t\.id FROM turn_facts t .* s ${each} turn_facts t WHERE t\.id = s\.id OFFSET 0\)`,
      "s",
    ),
    "begins with conversations": new RegExp(
      `${each} turn_facts t WHERE t\\.conversation = s\\.id OFFSET 0\\)`,
    ),
    "begins with words": /FROM \(SELECT w\.turn AS id FROM turn_words w .* s CROSS JOIN LATERAL/s,
    "counts what has the words of a phrase":
      /count\(\*\) AS found FROM \(SELECT s\.id FROM \(WITH had AS MATERIALIZED \(SELECT w\.turn AS id FROM turn_words w WHERE w\.words @@ \$1::tsquery\) SELECT h\.id FROM had h\) s LIMIT/,
    "asks a conversation for its names":
      /FROM conversation_name l WHERE l\.conversation = c\.id AND \(.* OFFSET 0\)/s,
    "asks one name after the other for who bears it":
      /FROM \(SELECT \* FROM name_facts n .* OFFSET 0\) n WHERE 1 = 1\s+AND EXISTS .* OFFSET 0\) ORDER BY/s,
    "lists the names of few conversations":
      /FROM name_facts n WHERE .* n\.id IN \(SELECT l\.name FROM \(SELECT c\.id/s,
    "adds conversations without turns": /UNION SELECT c\.id FROM conversation_facts c WHERE c\.turns = 0/,
    "stops along the order of turns":
      /FROM \(SELECT \* FROM turn_facts t WHERE \(t\.at, t\.id\) >= \(.*\) ORDER BY t\.at DESC, t\.id DESC OFFSET 0\)/,
    "stops along the order of conversations":
      /FROM \(SELECT \* FROM conversation_facts c WHERE \(c\.active_at, c\.id\) >= \(.* OFFSET 0\) c/,
    "goes on behind a page and stops": /\(t\.at, t\.id\) > .* AND \(t\.at, t\.id\) <= .* OFFSET 0\)/s,
    "asks one conversation after the other for its turns": /t\.conversation = c\.id AND .* OFFSET 0\)/s,
    "asks one turn after the other for words": /FROM turn_words w WHERE w\.turn = t\.id AND .* OFFSET 0\)/s,
    "looks at all turns": /FROM turn_facts t CROSS JOIN conversation_facts c .* ORDER BY \S.* \+ 0/s,
    "looks at all conversations": /FROM conversation_facts c WHERE .* ORDER BY \S.* \+ 0/s,
    "lists all turns that have words": /t\.id IN \(SELECT w\.turn FROM turn_words/,
  };
  const all = [...ran];
  const gone = Object.entries(ways).map(([way, sql]) => [way, all.some((one) => sql.test(one))]);
  expect(gone).toEqual(Object.keys(ways).map((way) => [way, true]));
});

archiveBadContract("PostgreSQL", house.open);
sumsContract("PostgreSQL", house.open, 4);
