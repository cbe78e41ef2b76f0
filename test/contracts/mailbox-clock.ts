import { expect } from "vitest";
import { LEASE_MS } from "../../src/store/sql-mailbox.ts";
import { addTaking, messageIn, p, type Test } from "./store-bench.ts";

const HOUR = 3_600_000;

/** The part of the mailbox's contract that is about a machine whose wall clock is set while it runs. */
export function clockJumps(test: Test) {
  for (const [way, jump] of [
    ["forward", HOUR],
    ["back", -HOUR],
  ] as const) {
    test(`lets a lease run its time while the clock is set ${way} by an hour`, async ({ bench, a, b }) => {
      const claim = await addTaking(a, p, "1");
      const turn = await a.next(claim);
      bench.setClock(jump);
      expect(await b.sweep(9)).toEqual([]);
      await bench.pass(LEASE_MS - 1);
      await a.renew();
      bench.setClock(-2 * jump);
      await bench.pass(LEASE_MS);
      expect(await b.sweep(9)).toEqual([]);
      await bench.pass(1);
      const [taken] = await b.sweep(9);
      expect(await b.next(taken!)).toMatchObject({ id: turn!.id, tries: 1 });
    });

    test(`waits before a retry for as long as it was asked to, the clock set ${way} by an hour`, async ({
      bench,
      a,
      b,
    }) => {
      const claim = await addTaking(a, p, "1");
      const turn = await a.next(claim);
      await a.next(claim, { turn: turn!.id, kind: "retry", delayMs: 5_000, error: "busy" });
      bench.setClock(jump);
      await bench.pass(4_999);
      expect(await b.sweep(9)).toEqual([]);
      await bench.pass(1);
      expect(await b.sweep(9)).toHaveLength(1);
    });

    test(`hands out at once, and in order, what comes after the clock was set ${way} by an hour`, async ({
      bench,
      a,
    }) => {
      const claim = await addTaking(a, p, "1");
      const first = await a.next(claim);
      bench.setClock(jump);
      await a.add(messageIn("p", "2"), true);
      const second = await a.next(claim, { turn: first!.id, kind: "done" });
      expect(second?.message.id).toBe("2");
      expect(await a.next(claim, { turn: second!.id, kind: "done" })).toBeUndefined();
      await a.add(messageIn("p", "3"), false);
      const [taken] = await a.sweep(9);
      expect((await a.next(taken!))?.message.id).toBe("3");
    });
  }
}
