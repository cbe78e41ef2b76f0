import fc from "fast-check";
import { expect, it } from "vitest";
import type { Claim } from "../../src/store/mailbox.ts";
import { LEASE_MS } from "../../src/store/sql-mailbox.ts";
import {
  add,
  askStop,
  handOver,
  next,
  pass,
  renew,
  reopen,
  sweep,
  write,
  type Ending,
} from "./mailbox-commands.ts";
import { HARD_CASES, openOf, type Model } from "./mailbox-model.ts";
import type { OpenBench, StoreBench } from "./store-bench.ts";

const owner = fc.constantFrom("a", "b", "c");
const place = fc.constantFrom("p", "q", "r");
const name = fc.integer({ min: 1, max: 8 }).map(String);
const ending: fc.Arbitrary<Ending> = fc.oneof(
  { weight: 1, arbitrary: fc.constant("nothing" as const) },
  { weight: 4, arbitrary: fc.constantFrom("done", "failed", "stopped", "postponed", "postponed") },
  { weight: 3, arbitrary: fc.constantFrom({ delayMs: 0 }, { delayMs: 50 }, { delayMs: 40_000 }) },
);
/** Mostly the newest claims, which are good as a rule; now and then one that may be over. */
const pick = fc.oneof({ weight: 4, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(20) });
const oneOf = (weight: number, command: fc.Arbitrary<fc.AsyncCommand<Model, StoreBench>>) =>
  Array.from({ length: weight }, () => command);
const commands = fc.commands(
  [
    ...oneOf(
      2,
      fc
        .record({
          owner,
          place,
          name,
          room: fc.boolean(),
          late: fc.boolean(),
          sentAt: fc.integer({ min: 1, max: 5 }),
        })
        .map((of) => add(of)),
    ),
    ...oneOf(
      4,
      fc.tuple(pick, ending).map((of) => next(...of)),
    ),
    ...oneOf(
      2,
      fc.tuple(owner, fc.nat(3)).map((of) => sweep(...of)),
    ),
    ...oneOf(2, owner.map(renew)),
    ...oneOf(1, owner.map(handOver)),
    ...oneOf(
      1,
      fc.tuple(owner, place, fc.nat(7)).map((of) => reopen(...of)),
    ),
    ...oneOf(
      1,
      fc.tuple(owner, place, fc.nat(7)).map((of) => askStop(...of)),
    ),
    ...oneOf(1, pick.map(write)),
    ...oneOf(2, fc.constantFrom(1, 60, LEASE_MS / 2, LEASE_MS, LEASE_MS + 1).map(pass)),
  ],
  { maxCommands: 150, size: "max" },
);

/** Any commands, then a runner that stays: the mailbox does what the list does, and every turn is settled in its order. */
export function mailboxProperty(open: OpenBench, numRuns: number): void {
  it("does what a plain list would do, whatever happens", async () => {
    const met = Object.fromEntries(HARD_CASES.map((name) => [name, 0])) as Model["met"];
    await fc.assert(
      fc.asyncProperty(commands, async (commands) => {
        const bench = await open();
        const model: Model = { boxes: new Map(), claims: [], met };
        try {
          await fc.asyncModelRun(() => ({ model, real: bench }), commands);
          await finish(bench, model);
        } finally {
          await bench.close();
        }
      }),
      { numRuns },
    );
    // Guards the generator: a property that never meets the hard cases proves nothing.
    for (const name of HARD_CASES) expect(met[name], name).toBeGreaterThan(numRuns / 15);
  });
}

async function finish(bench: StoreBench, model: Model): Promise<void> {
  const mailbox = bench.mailbox("z");
  const ran = new Map<string, number[]>();
  const run = async (claim: Claim) => {
    for (let turn = await mailbox.next(claim); turn;) {
      ran.set(claim.place, [...(ran.get(claim.place) ?? []), turn.id]);
      turn = await mailbox.next(claim, { turn: turn.id, kind: "done" });
    }
  };
  // Long enough for every lease and every delay there can be.
  await bench.pass(100_000);
  for (const claim of await mailbox.sweep(99)) await run(claim);
  for (const box of model.boxes.values())
    expect(ran.get(box.place) ?? []).toEqual(openOf(box).map((turn) => turn.id));
  expect(await bench.query("SELECT id FROM turn WHERE settled_at IS NULL")).toEqual([]);
  const stored = await bench.query("SELECT message_key FROM turn");
  expect(stored).toHaveLength([...model.boxes.values()].flatMap(({ turns }) => turns).length);
}
