import { expect, test } from "vitest";
import { startIndexing } from "../../src/app/indexing.ts";
import { createHealth } from "../../src/bridge/health.ts";
import { createLog } from "../../src/log.ts";
import type { Archive } from "../../src/store/archive.ts";
import { adminWorld } from "../admin/world.ts";
import { fakeClock } from "../fakes/clock.ts";

const health = () => createHealth(createLog("silent"));
const ALL = { where: { kind: "all", of: [] }, sort: { by: "active", direction: "desc" }, limit: 9 } as const;

/** An archive whose refreshes end when the test says so. */
function heldArchive() {
  const runs: PromiseWithResolvers<number>[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const archive = {
    refresh: (signal?: AbortSignal) => {
      const run = Promise.withResolvers<number>();
      runs.push(run);
      signals.push(signal);
      return run.promise;
    },
    renew: async () => 0,
    conversations: async () => ({ rows: [] }),
  } as Partial<Archive> as Archive;
  return { archive, runs, signals };
}

test("what was said is in the index a second later, without anybody asking", async () => {
  const { bench, ask } = adminWorld();
  const clock = fakeClock();
  const indexing = startIndexing({ archive: bench.archive, clock, health: health() });
  await clock.advance(1_000);
  await ask({ channel: "C1", question: "Is it there?" });
  expect((await bench.archive.turns(ALL)).rows).toEqual([]);
  await clock.advance(1_000);
  expect((await bench.archive.turns(ALL)).rows).toHaveLength(1);
  await indexing.stop();
  expect(clock.sleeping()).toBe(0);
  await bench.close();
});

test("an index that cannot be written is told of until it can, and is tried all the while", async () => {
  const { archive, runs } = heldArchive();
  const clock = fakeClock();
  const told = health();
  const indexing = startIndexing({ archive, clock, health: told });
  runs[0]?.reject(new Error("the disk is full"));
  await clock.advance(10_000);
  expect(told.problems()).toMatchObject(
    [/not up to date/].map(() => expect.stringMatching(/not up to date/)),
  );
  expect(runs).toHaveLength(2);
  runs[1]?.resolve(3);
  await clock.advance(1);
  expect(told.problems()).toEqual([]);
  await indexing.stop();
});

test("what an earlier version took in is renewed beside that, again after a failure, and ends with it", async () => {
  const { archive, runs } = heldArchive();
  const [clock, told] = [fakeClock(), health()];
  const renewals: PromiseWithResolvers<number>[] = [];
  const renew = (signal?: AbortSignal) => {
    const renewal = Promise.withResolvers<number>();
    renewals.push(renewal);
    signal?.addEventListener("abort", () => renewal.resolve(7));
    return renewal.promise;
  };
  const indexing = startIndexing({ archive: { ...archive, renew }, clock, health: told });
  runs[0]?.resolve(3);
  renewals[0]?.reject(new Error("the disk is full"));
  await clock.advance(1_000);
  expect(told.problems()).toEqual([expect.stringMatching(/slower/)]);
  expect(runs).toHaveLength(2);
  await clock.advance(9_000);
  expect(renewals).toHaveLength(2);
  runs[1]?.resolve(0);
  await indexing.stop();
  expect(told.problems()).toEqual([]);
});

test("the first question of all is asked before an admin does, once, and again where it failed", async () => {
  const { archive, runs } = heldArchive();
  const [clock, told] = [fakeClock(), health()];
  let asked = 0;
  const conversations = async () => {
    asked += 1;
    if (asked === 1) throw new Error("the disk is gone");
    return { rows: [] };
  };
  const indexing = startIndexing({ archive: { ...archive, conversations }, clock, health: told });
  runs[0]?.resolve(0);
  await clock.advance(2_999);
  expect(asked).toBe(0);
  await clock.advance(1);
  expect([asked, told.problems()]).toEqual([1, [expect.stringMatching(/cannot be read/)]]);
  await clock.advance(10_000);
  expect([asked, told.problems()]).toEqual([2, []]);
  await clock.advance(60_000);
  expect(asked).toBe(2);
  for (const run of runs) run.resolve(0);
  await indexing.stop();
});

test("those who ask share a run that began after the first of them asked", async () => {
  const { archive, runs } = heldArchive();
  const clock = fakeClock();
  const indexing = startIndexing({ archive, clock, health: health() });
  const both = Promise.all([indexing.archive.refresh(), indexing.archive.refresh()]);
  await clock.advance(1);
  expect(runs).toHaveLength(1);
  runs[0]?.resolve(0);
  await clock.advance(1);
  expect(runs).toHaveLength(2);
  runs[1]?.resolve(5);
  expect(await both).toEqual([5, 5]);
  await indexing.stop();
  expect(clock.sleeping()).toBe(0);
});

test("nobody waits longer than a second for a long backlog", async () => {
  const { archive, runs, signals } = heldArchive();
  const clock = fakeClock();
  const indexing = startIndexing({ archive, clock, health: health() });
  let answered = false;
  void indexing.archive.refresh().then(() => (answered = true));
  await clock.advance(999);
  expect(answered).toBe(false);
  await clock.advance(1);
  expect(answered).toBe(true);

  let stopped = false;
  const stop = indexing.stop().then(() => (stopped = true));
  await clock.advance(1);
  expect([signals[0]?.aborted, stopped], "the batch that runs is let finish").toEqual([true, false]);
  runs[0]?.resolve(100);
  await clock.advance(1);
  runs[1]?.resolve(0);
  await stop;
  expect(clock.sleeping()).toBe(0);
});

test("a run that fails is a failure for who asked", async () => {
  const { archive, runs } = heldArchive();
  const clock = fakeClock();
  const indexing = startIndexing({ archive, clock, health: health() });
  runs[0]?.resolve(0);
  await clock.advance(1);
  const asked = expect(indexing.archive.refresh()).rejects.toThrow("no space");
  runs[1]?.reject(new Error("no space"));
  await asked;
  await indexing.stop();
});
