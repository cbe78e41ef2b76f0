import { expect, it } from "vitest";
import { type ArchiveDialect, sqliteArchive } from "../../../src/store/archive-dialect.ts";
import { writeBag } from "../../../src/store/index/bag.ts";
import { conditionSql } from "../../../src/store/search/condition-sql.ts";
import { sumsOfCells } from "../../../src/store/search/sums-cells.ts";
import { openFile } from "../../../src/store/sqlite/file.ts";
import { sqliteAttempt, sqliteDialect } from "../../../src/store/sqlite/sqlite.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { MIGRATED } from "../migrated.ts";

const bag = (first: number, count: number) =>
  writeBag(new Map(Array.from({ length: count }, (_, at) => [first + at, 1])));

it("lets others in while very many cells are put together", async () => {
  const { db, close } = openFile(":memory:", MIGRATED);
  const attempt = sqliteAttempt(":memory:");
  const reading = sqliteArchive(db, sqliteDialect(db, fakeClock(), attempt), attempt);
  const rows = Array.from({ length: 300 }, (_, at) => ({
    key: at * 86_400_000,
    turns: 1_000,
    failed: 1,
    tokens: 5,
    cost: 0,
    priced: 0,
    people: bag(at, 1_000),
    conversations: bag(at * 7, 500),
    first_text: bag(0, 40),
    complete: bag(40, 40),
  }));
  const dialect: ArchiveDialect = { ...reading, read: async () => rows };
  let others = 0;
  const other = () => {
    others += 1;
    turn = setImmediate(other);
  };
  let turn = setImmediate(other);
  const question = { from: -Infinity, below: Infinity, rest: [] };
  const conditions = conditionSql(dialect);
  const cells = { dialect, conditions, cube: "all", question } as const;
  const [all, days] = await sumsOfCells(cells, [{}, { by: "day" }]);
  clearImmediate(turn);
  expect(others).toBeGreaterThan(10);
  expect(days).toHaveLength(300);
  // All of them count for the whole, however few are shown.
  const [two, again] = await sumsOfCells(cells, [{ by: "day", limit: 2 }, {}]);
  expect(two?.map(({ key }) => key)).toEqual(["1970-10-27", "1970-10-26"]);
  expect(again).toEqual(all);
  expect(await sumsOfCells(cells, [{}])).toEqual([all]);
  expect(all).toMatchObject([{ turns: 300_000, failed: 300, people: 1_299, conversations: 2_593 }]);
  close();
});
