import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Archive, Condition, WordField } from "../../src/store/archive.ts";
import type { Grouping, Sum } from "../../src/store/sums.ts";
import { conversationsOf, holds } from "./archive-naive.ts";
import { CHANNELS, type Known, play, step } from "./archive-world.ts";
import type { OpenBench, StoreBench } from "./store-bench.ts";
import { naiveSums } from "./sums-naive.ts";
import { SUM_BY } from "../../src/store/sums.ts";
import { fold } from "../../src/store/words.ts";

const DAY = 86_400_000;

/** What cells know: each of these is answered from them. */
const known: fc.Arbitrary<Condition> = fc.oneof(
  fc.constant<Condition>({ kind: "all", of: [] }),
  fc
    .constantFrom<[WordField, readonly string[]]>(
      ["kind", ["public", "private"]],
      ["channelId", ["C0", "C1", "C2"]],
      ["workspaceId", ["W0", "W1"]],
      ["platform", ["chat", "other"]],
    )
    .chain(([field, values]) =>
      fc.subarray([...values]).map((some): Condition => ({ kind: "word", field, values: some })),
    ),
  fc.record({
    kind: fc.constant("name" as const),
    field: fc.constantFrom("channel" as const, "workspace" as const),
    tense: fc.constant("now" as const),
    match: fc.constantFrom("equals" as const, "prefix" as const),
    value: fc.constantFrom(...[...CHANNELS, "acme"].map(fold)),
  }),
  fc
    .constantFrom<["model" | "status", readonly string[]]>(
      ["model", ["glm", "kimi"]],
      ["status", ["done", "failed", "open", "forgotten"]],
    )
    .chain(([field, values]) =>
      fc.subarray([...values]).map((some): Condition => ({ kind: "word", field, values: some })),
    ),
  fc.record({
    kind: fc.constant("part" as const),
    field: fc.constant("model" as const),
    match: fc.constantFrom("prefix" as const, "contains" as const),
    value: fc.constantFrom("g", "im", ""),
  }),
);
const question = fc.record({
  of: fc.tuple(known, fc.boolean()).map(([of, yes]): Condition => (yes ? of : { kind: "not", of })),
  from: fc.option(fc.integer({ min: -1, max: 40 }), { nil: undefined }),
  days: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
});

const GROUPINGS = [undefined, ...SUM_BY].map((by): Grouping => (by === undefined ? {} : { by }));
const USERS = GROUPINGS.findIndex(({ by }) => by === "user");
/** It is so of all turns, and no cell knows it. */
const ALWAYS: Condition = { kind: "number", field: "generation", from: 0 };

const within = (
  of: Condition,
  began: number,
  { from, days }: { from?: number | undefined; days?: number | undefined },
) => {
  const start = Math.floor(began / DAY) * DAY;
  const at = {
    ...(from !== undefined && { from: start + from * DAY }),
    ...(days !== undefined && { below: start + ((from ?? 0) + days) * DAY }),
  };
  const when: Condition = { kind: "number", field: "at", ...at };
  return { kind: "all" as const, of: [of, when] };
};

const sumsOf = async (archive: Archive, where: Condition) =>
  (await archive.sums(where, GROUPINGS)).map((sums) =>
    sums.map(({ name: _name, kind: _kind, ...sum }: Sum) => sum),
  );

function naive(world: Known, where: Condition) {
  const met = conversationsOf(world).flatMap((of) =>
    of.turns.flatMap((turn) => (holds(world, where, of, turn) === true ? [{ of, turn }] : [])),
  );
  return GROUPINGS.map(({ by }) => naiveSums(met, by));
}

/** Has some of what was said forgotten: a conversation, or what one person said in it. */
async function forget(bench: StoreBench, world: Known, which: readonly (readonly [number, boolean])[]) {
  for (const [index, whole] of which) {
    const turn = world.turns[index % world.turns.length];
    if (!turn) return;
    const conversation = { place: turn.place, generation: turn.generation };
    const person = { id: turn.userId, names: [turn.userName] };
    const wish = await bench.erasure.wish({ conversation, ...(!whole && { person }) });
    if (wish !== "held") await bench.erasure.erase(wish);
  }
}

/** Every implementation of the archive's sums passes these. `runs`: how many worlds are made. */
export function sumsContract(engine: string, open: OpenBench, runs: number): void {
  describe(`sums on ${engine}`, () => {
    it(
      "are what the turns come to, whatever happened to them and in which order it was taken in",
      { timeout: 300_000 },
      async () => {
        const counts = { some: 0, forgotten: 0, months: 0 };
        await fc.assert(
          fc.asyncProperty(
            fc.array(step, { minLength: 5, maxLength: 20 }),
            fc.array(question, { minLength: 8, maxLength: 12 }),
            fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 3 }),
            fc.constantFrom(1, 5, 40),
            async (steps, questions, forgotten, pace) => {
              const bench = await open();
              try {
                const began = bench.now();
                const world = await play(bench, steps, pace);
                for (const { of, ...when } of questions) {
                  const where = within(of, began, when);
                  const sums = await sumsOf(bench.archive, where);
                  expect(sums, JSON.stringify(where)).toEqual(naive(world, where));
                  if (sums[0]?.[0]?.turns !== 0 && sums[0]?.[0]?.turns !== world.turns.length)
                    counts.some += 1;
                }
                await forget(bench, world, forgotten);
                await move(bench, world);
                for (const { of, ...when } of questions) {
                  const where = within(of, began, when);
                  const raw: Condition = { kind: "all", of: [where, ALWAYS] };
                  const [cells, turns] = [
                    await sumsOf(bench.archive, where),
                    await sumsOf(bench.archive, raw),
                  ];
                  expect(cells, JSON.stringify(where)).toEqual(turns);
                }
                const { rows } = await bench.archive.turns(FORGOTTEN);
                if (rows.length > 0) counts.forgotten += 1;
                if (new Set(world.turns.map(({ at }) => new Date(at).getUTCMonth())).size > 1)
                  counts.months += 1;
              } finally {
                await bench.close();
              }
            },
          ),
          { numRuns: runs, endOnFailure: true },
        );
        expect(counts.some).toBeGreaterThan(runs);
        expect(Math.min(counts.forgotten, counts.months)).toBeGreaterThan(0);
      },
    );

    it("are right before, while and after what was indexed without cells is counted", async () => {
      const bench = await open();
      try {
        const steps = fc
          .sample(step, { numRuns: 20, seed: 3 })
          .map((one) => ({ ...one, ends: "done" as const }));
        const world = await play(bench, steps, 40);
        const cells = () => bench.query("SELECT * FROM sum_cell ORDER BY cube, span, scope, start");
        const whole = await cells();
        await bench.query("UPDATE turn_facts SET scope = NULL");
        await bench.query("DELETE FROM sum_cell");
        const right = async () => {
          const sums = naive(world, EVERYTHING);
          expect(await sumsOf(bench.archive, EVERYTHING)).toEqual(sums);
          const few = await bench.archive.sums(EVERYTHING, [{ by: "user", limit: 2 }]);
          expect(few[0]?.map(({ key }) => key)).toEqual(sums[USERS]?.slice(0, 2).map(({ key }) => key));
        };
        await right();
        let left = 20;
        for (const limit of [7, 7, 7]) {
          // A signal that is aborted lets one batch through.
          await bench.archive.refresh(AbortSignal.abort());
          const [row] = await bench.query("SELECT count(*) AS n FROM turn_facts WHERE scope IS NULL");
          left = Math.max(0, left - limit);
          expect(Number(row?.["n"])).toBe(left);
          await right();
        }
        expect(await cells()).toEqual(whole);
      } finally {
        await bench.close();
      }
    });
  });
}

/** Places become private, and turns are taken in once more, in the same batches. */
async function move(bench: StoreBench, { turns }: Known) {
  const places = new Map(turns.map(({ place, where }) => [place, where]));
  for (const [place, where] of places)
    await bench.store.noteWhereabouts(place, { ...where, channelKind: "group_dm" }, bench.now());
  await bench.query("UPDATE turn SET indexed = false WHERE id % 2 = 0");
  await bench.archive.refresh();
}

const EVERYTHING: Condition = { kind: "all", of: [] };
const FORGOTTEN = {
  where: { kind: "word", field: "status", values: ["forgotten"] },
  sort: { by: "started", direction: "asc" },
  limit: 1,
} as const;
