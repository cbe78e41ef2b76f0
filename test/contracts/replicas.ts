import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Account, Replicas, Word } from "../../src/store/replicas.ts";

/** A database with processes on it, its clock in the test's hand. */
export interface ReplicasBench {
  readonly process: (owner: string) => Promise<Replicas>;
  /** The process is gone, without a word. */
  readonly die: (owner: string) => Promise<void>;
  readonly pass: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

type Open = () => Promise<ReplicasBench>;
type Test = (name: string, body: (bench: ReplicasBench) => Promise<void>) => void;

function testOn(open: Open): Test {
  return (name, body) =>
    it(name, async () => {
      const bench = await open();
      try {
        await body(bench);
      } finally {
        await bench.close();
      }
    });
}

/** What holds for a process by itself, on every engine. */
export function aloneContract(name: string, open: Open): void {
  describe(`a process alone, on ${name}`, () => {
    const test = testOn(open);
    test("has every lease it wants, for as long as it wants", async ({ process, pass }) => {
      const { leases } = await process("a");
      expect(await leases.take("x", 100)).toBe(true);
      expect(await leases.take("x", 100)).toBe(true);
      await leases.drop("x");
      await leases.drop("x");
      expect(await leases.take("x", 100)).toBe(true);
      await pass(5_000);
      expect(await leases.take("x", 100)).toBe(true);
      expect(await leases.take("y", 100)).toBe(true);
    });

    test("is told what it tells", async ({ process }) => {
      const { control } = await process("a");
      const heard: Word[] = [];
      control.hear((word) => heard.push(word));
      await control.tell({ kind: "stop", turn: 7 });
      await expect.poll(() => heard).toEqual([{ kind: "stop", turn: 7 }]);
    });
  });
}

/** What holds between processes, where several may share a database. */
export function replicasContract(name: string, open: Open): void {
  describe(`processes on one ${name}`, () => {
    const test = testOn(open);
    leasing(test);
    telling(test);
    counting(test, open);
  });
}

function leasing(test: Test) {
  test("hold a lease one at a time, until it is let go by who holds it", async ({ process }) => {
    const [a, b] = [(await process("a")).leases, (await process("b")).leases];
    expect(await a.take("x", 1_000)).toBe(true);
    expect(await b.take("x", 1_000)).toBe(false);
    expect(await b.take("y", 1_000)).toBe(true);
    await b.drop("x");
    expect(await b.take("x", 1_000)).toBe(false);
    await a.drop("x");
    expect(await b.take("x", 1_000)).toBe(true);
    expect(await a.take("x", 1_000)).toBe(false);
  });

  test("lose a lease when its time is over, and no sooner", async ({ process, pass }) => {
    const [a, b] = [(await process("a")).leases, (await process("b")).leases];
    await a.take("x", 1_000);
    await pass(600);
    await a.take("x", 1_000);
    await pass(999);
    expect(await b.take("x", 1_000)).toBe(false);
    await pass(1);
    expect(await b.take("x", 1_000)).toBe(true);
    expect(await a.take("x", 1_000)).toBe(false);
  });

  test("give a lease to one of those who want it at once", async ({ process }) => {
    const all = await Promise.all(["a", "b", "c"].map((owner) => process(owner)));
    for (const name of ["x", "y", "z"]) {
      const taken = await Promise.all([...all, ...all].map(({ leases }) => leases.take(name, 1_000)));
      expect(new Set(all.map((_, i) => taken[i] === true && taken[i + 3] === true))).toEqual(
        new Set([true, false]),
      );
      expect(taken.filter(Boolean)).toHaveLength(2);
    }
  });

  test("take over at once what one of them held that died", async ({ process, die }) => {
    const [a, b] = [(await process("a")).leases, (await process("b")).leases];
    await a.take("x", 60_000);
    expect(await b.take("x", 60_000)).toBe(false);
    await die("a");
    await expect.poll(() => b.take("x", 60_000)).toBe(true);
  });
}

function telling(test: Test) {
  test("are each told once what one of them tells", async ({ process }) => {
    const heard: Record<string, number[]> = { a: [], b: [], c: [] };
    const all = await Promise.all(
      Object.keys(heard).map(async (name) => [name, await process(name)] as const),
    );
    for (const [name, { control }] of all) control.hear(({ turn }) => heard[name]?.push(turn));
    await all[0]![1].control.tell({ kind: "stop", turn: 1 });
    await all[1]![1].control.tell({ kind: "stop", turn: 2 });
    const sorted = () => Object.values(heard).map((turns) => turns.toSorted((x, y) => x - y));
    await expect.poll(sorted).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  });
}

/** What was drawn by all, and when: counted the plain way. */
function roomAt(drawn: readonly number[], { most, windowMs }: Account, at: number): boolean {
  return drawn.filter((time) => time > at - windowMs && time <= at).length < most;
}

const ACCOUNTS: readonly Account[] = [
  { scope: "channel", most: 3, windowMs: 100 },
  { scope: "workspace", most: 5, windowMs: 250 },
  { scope: "all", most: 1, windowMs: 10 },
  { scope: "channel", most: 4, windowMs: 300 },
];

function counting(test: Test, open: Open) {
  test("draw no more than there is at once, and none is left waiting for another", async ({ process }) => {
    const all = await Promise.all(["a", "b", "c"].map(async (owner) => (await process(owner)).tally!));
    const accounts = ["x", "y", "z"].map((scope) => ({ scope, most: 7, windowMs: 60_000 }));
    const draws = Array.from({ length: 60 }, (_, i) => {
      const some = accounts.filter((_, n) => i % 4 !== n);
      return all[i % 3]!.draw(i % 2 === 0 ? some : some.toReversed());
    });
    const drawn = (await Promise.all(draws)).map((wait, i) => ({ i, wait })).filter(({ wait }) => wait === 0);
    for (const n of accounts.keys()) {
      const ofIt = drawn.filter(({ i }) => i % 4 !== n).length;
      expect(ofIt).toBeLessThanOrEqual(7);
      expect(ofIt).toBeGreaterThan(0);
    }
    const rest = await Promise.all(accounts.map((account) => all[0]!.draw([account])));
    expect(rest.some((wait) => wait > 0)).toBe(true);
  });

  it("draw by windows that slide: all of what is asked, or nothing and how long to wait", async () => {
    const bench = await open();
    const tallies = await Promise.all(["a", "b"].map(async (owner) => (await bench.process(owner)).tally!));
    const met = { drawn: 0, refused: 0, waited: 0, partly: 0 };
    let run = 0;
    const step = fc.record({
      who: fc.nat(1),
      which: fc.subarray([...ACCOUNTS], { minLength: 1 }),
      pass: fc.oneof(fc.constantFrom(0, 1, 9, 10, 50, 99, 100, 250, 300), fc.nat(400)),
      wait: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        run += 1;
        let now = 0;
        const drawn = new Map<string, number[]>();
        const pass = async (ms: number) => {
          now += ms;
          await bench.pass(ms);
        };
        const room = (account: Account, at: number) => roomAt(drawn.get(account.scope) ?? [], account, at);
        // From the first draw on it is known how far back a scope is counted.
        for (const { who, which, pass: ms, wait } of [
          { who: 0, which: ACCOUNTS, pass: 0, wait: false },
          ...steps,
        ]) {
          await pass(ms);
          const accounts = which.map((account) => ({ ...account, scope: `${account.scope} ${run}` }));
          let left = await tallies[who]!.draw(accounts);
          if (left > 0) {
            met.refused += 1;
            if (accounts.some((account) => room(account, now))) met.partly += 1;
            expect(
              accounts.every((account) => room(account, now + left)),
              "long enough",
            ).toBe(true);
            expect(
              accounts.every((account) => room(account, now + left - 1)),
              "no longer",
            ).toBe(false);
            if (!wait) continue;
            await pass(left);
            met.waited += 1;
            left = await tallies[1 - who]!.draw(accounts);
          }
          expect(left).toBe(0);
          expect(
            accounts.every((account) => room(account, now)),
            "there is room",
          ).toBe(true);
          met.drawn += 1;
          for (const scope of new Set(accounts.map((account) => account.scope)))
            drawn.set(scope, [...(drawn.get(scope) ?? []), now]);
        }
        await pass(1_000);
      }),
      { numRuns: 30 },
    );
    await bench.close();
    for (const [name, times] of Object.entries(met)) expect(times, name).toBeGreaterThan(10);
  });
}
