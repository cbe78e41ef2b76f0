import { expect, it } from "vitest";
import type { Condition } from "../../../src/store/archive.ts";
import { messageIn } from "../../contracts/store-bench.ts";
import { sqliteBench } from "../bench.ts";

const sort = { by: "active", direction: "desc" } as const;
const begins = (word: string): Condition => ({ kind: "text", words: [word], prefix: true });
const [FIRST, SECOND] = ["first deploy", "second release"];

/** So many turns, which say the one and the other by turns, as an earlier version left them. All are settled but the last. */
async function older(count: number) {
  const bench = sqliteBench();
  const mailbox = bench.mailbox("a");
  for (let id = 1; id <= count; id += 1) {
    const message = { ...messageIn(`chat:P${id}`, "m"), text: id % 2 ? FIRST : SECOND };
    const added = await mailbox.add(message, true);
    if (added.kind === "seen" || !added.claim || id === count) continue;
    await mailbox.next(added.claim);
    await mailbox.next(added.claim, { turn: added.turn, kind: "done" });
  }
  await bench.archive.refresh();
  bench.db.exec(`DELETE FROM turn_beginnings; UPDATE beginnings_from SET turn = ${count + 1}`);
  const find = async (word: string) => {
    const { rows } = await bench.archive.turns({ where: begins(word), sort, limit: 99 });
    return rows.map(({ id }) => id).toSorted((a, b) => a - b);
  };
  /** The turns whose beginnings are there. */
  const begun = (word: string) =>
    bench.db.prepare("SELECT rowid FROM turn_beginnings WHERE turn_beginnings MATCH ?").pluck().all(word);
  return { ...bench, find, begun };
}

const aborted = () => AbortSignal.abort();

it("puts the beginnings of words, the newest turns first, and goes on where it was left", async () => {
  const { archive, find, begun, close } = await older(20);
  const odd = [1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
  expect([await find("fi"), begun("fi")]).toEqual([odd, []]);
  // A batch is of seven here. The twentieth is not settled: it has no words yet.
  expect(await archive.renew(aborted())).toBe(7);
  expect([await find("fi"), begun("fi")]).toEqual([odd, [15, 17, 19]]);
  expect(begun("d")).toEqual([15, 17, 19]);
  expect(begun("depl")).toEqual([15, 17, 19]);
  expect(await archive.renew(aborted())).toBe(7);
  expect(begun("rele")).toEqual([8, 10, 12, 14, 16, 18]);
  expect(await archive.renew()).toBe(6);
  expect([await find("fi"), begun("fi")]).toEqual([odd, odd]);
  expect(await archive.renew()).toBe(0);
  await close();
});

it("leaves what waits to be taken in to that, and keeps nothing of what is forgotten", async () => {
  const { archive, db, find, begun, close } = await older(8);
  // The third is another by now, and the fifth is gone; neither has been taken in so.
  db.exec(`UPDATE turn SET indexed = false, text = 'later' WHERE id = 3;
    UPDATE turn SET indexed = false, message = json_set(message, '$.text', ''), forgotten_at = 9 WHERE id = 5`);
  await archive.renew();
  expect([begun("fi"), begun("la")]).toEqual([[1, 7], []]);
  await archive.refresh();
  expect([begun("fi"), begun("la")]).toEqual([[1, 3, 7], [3]]);
  expect([await find("fi"), await find("la"), await find("later")]).toEqual([[1, 3, 7], [3], [3]]);
  await close();
});

it("knows of what came since then while the rest is still to be done", async () => {
  const { archive, db, find, begun, close } = await older(6);
  db.exec("UPDATE turn SET indexed = false, text = 'later' WHERE id = 1");
  await archive.refresh();
  expect([begun("la"), await find("la"), await find("fi")]).toEqual([[1], [1], [1, 3, 5]]);
  await archive.renew();
  expect([begun("la"), await find("la"), await find("fi")]).toEqual([[1], [1], [1, 3, 5]]);
  await close();
});

it("asks the beginnings of words only from where they were put on, and puts anew what is there of a turn before", async () => {
  const { archive, db, find, begun, close } = await older(6);
  // As a version would leave it that put other beginnings.
  db.exec("INSERT INTO turn_beginnings (rowid, words) VALUES (1, 'go'), (3, 'fi')");
  expect([begun("go"), await find("go"), await find("fi")]).toEqual([[1], [], [1, 3, 5]]);
  const search = { where: begins("fi"), sort, limit: 9 };
  expect((await archive.conversations(search)).rows).toHaveLength(3);
  await archive.renew();
  expect([begun("go"), await find("go"), begun("fi")]).toEqual([[], [], [1, 3, 5]]);
  await close();
});

it("puts nothing of a turn that is forgotten by the time, though its words are still in its row", async () => {
  const { archive, db, begun, close } = await older(6);
  db.exec("UPDATE turn SET forgotten_at = 9 WHERE id = 3");
  await archive.renew();
  expect(begun("fi")).toEqual([1, 5]);
  await close();
});
