import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlaceFacts, Search, Sort } from "../../src/store/archive.ts";
import { givenContract } from "./archive-given.ts";
import { always, condition, hard } from "./archive-conditions.ts";
import { conversationsOf, holds } from "./archive-naive.ts";
import { agreeOfFound } from "./archive-of-found.ts";
import { type Known, play, step } from "./archive-world.ts";
import { naiveSums } from "./sums-naive.ts";
import { SUM_BY } from "../../src/store/sums.ts";
import type { OpenBench, StoreBench } from "./store-bench.ts";

const sort: fc.Arbitrary<Sort> = fc.record({
  by: fc.constantFrom("active", "started", "turns", "tokens", "cost", "complete"),
  direction: fc.constantFrom("asc", "desc"),
});

/** All pages, joined. */
async function whole<Row>(
  search: (search: Search) => Promise<{ rows: readonly Row[]; next?: string }>,
  of: Search,
) {
  const rows: Row[] = [];
  for (let after: string | undefined; ;) {
    const page = await search({ ...of, ...(after !== undefined && { after }) });
    rows.push(...page.rows);
    if (page.next === undefined) return rows;
    after = page.next;
  }
}

interface Counts {
  asked: number;
  some: number;
  all: number;
  none: number;
  paged: number;
  turnless: number;
}

async function agree(bench: StoreBench, known: Known, search: Search, counts: Counts): Promise<void> {
  const { archive } = bench;
  const all = conversationsOf(known);
  const turnOf = (id: number) => known.turns.find((turn) => turn.id === id);
  const conversations = all.filter((of) =>
    of.turns.length === 0
      ? holds(known, search.where, of) === true
      : of.turns.some((turn) => holds(known, search.where, of, turn) === true),
  );
  const turns = all.flatMap((of) => of.turns.filter((turn) => holds(known, search.where, of, turn) === true));

  const foundTurns = await whole((of) => archive.turns(of), search);
  expect(foundTurns.map(({ id }) => id).toSorted((x, y) => x - y)).toEqual(
    turns.map(({ id }) => id).toSorted((x, y) => x - y),
  );
  const key = (of: { place: string; generation: number }) => `${of.place} ${of.generation}`;
  const found = await whole((of) => archive.conversations(of), search);
  expect(found.map(key).toSorted()).toEqual(conversations.map(key).toSorted());

  const whereOf = (facts: PlaceFacts) => all.find((of) => key(of) === key(facts));
  for (const facts of found) {
    const { turns: its = [], where } = whereOf(facts) ?? {};
    const [first] = its.toSorted((x, y) => x.at - y.at || x.id - y.id);
    expect([facts.firstMessageId, facts.workspaceUrl]).toEqual([first?.messageId, where?.workspaceUrl]);
  }
  const begun = found.flatMap((facts) => {
    const [first] = (whereOf(facts)?.turns ?? []).toSorted((x, y) => x.at - y.at || x.id - y.id);
    return first ? [`${key(facts)} ${first.id} ${first.question}`] : [];
  });
  const openings = await archive.openings(found);
  expect(openings.map((one) => `${key(one)} ${one.turn} ${one.question}`).toSorted()).toEqual(
    begun.toSorted(),
  );
  const wordsIn = (field: "model" | "error") => new Set(turns.flatMap((turn) => turn[field] ?? []));
  for (const field of ["model", "error"] as const)
    expect(new Set(await archive.words(field, search.where, 9))).toEqual(wordsIn(field));
  for (const facts of foundTurns) {
    expect(facts.workspaceUrl).toBe(whereOf(facts)?.where.workspaceUrl);
    const { userName, status, usage, cost, firstText, complete, error, model } = turnOf(facts.id) ?? {};
    expect(facts).toMatchObject({
      userName,
      status,
      ...(JSON.parse(JSON.stringify({ usage, cost, firstText, complete, error, model })) as object),
    });
  }
  // Sums cost more than all else: each question is summed up by three of what there is, in turn.
  const groupings = [undefined, ...[0, 1, 2].map((step) => SUM_BY[(counts.asked + step) % SUM_BY.length])];
  counts.asked += 3;
  const sums = await archive.sums(
    search.where,
    groupings.map((by) => (by ? { by } : {})),
  );
  const met = all.flatMap((of) =>
    of.turns.flatMap((turn) => (holds(known, search.where, of, turn) === true ? [{ of, turn }] : [])),
  );
  for (const [index, by] of groupings.entries())
    expect(
      sums[index]?.map(({ name: _name, kind: _kind, ...sum }) => sum),
      JSON.stringify({ by, where: search.where }),
    ).toEqual(naiveSums(met, by));
  const figure = (facts: (typeof foundTurns)[number]) =>
    ({
      active: facts.receivedAt,
      started: facts.receivedAt,
      turns: facts.receivedAt,
      cost: facts.cost ?? -1,
      complete: facts.complete ?? -1,
      tokens: facts.usage ? (facts.usage.inputTokens ?? 0) + (facts.usage.outputTokens ?? 0) : -1,
    })[search.sort.by];
  const sign = search.sort.direction === "asc" ? 1 : -1;
  const sorted = foundTurns.toSorted((x, y) => sign * (figure(x) - figure(y) || x.id - y.id));
  expect(foundTurns.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id));

  await agreeOfFound(archive, search, { known, conversations, turns, asked: counts.asked });

  if (turns.length === known.turns.length) counts.all += 1;
  else if (turns.length === 0) counts.none += 1;
  else counts.some += 1;
  if (turns.length > search.limit && conversations.length > search.limit) counts.paged += 1;
  if (conversations.some((of) => of.turns.length === 0)) counts.turnless += 1;
}

/** Every implementation of the archive passes these. `runs`: how many worlds are made. */
export function archiveContract(engine: string, open: OpenBench, runs: number): void {
  describe(`the archive on ${engine}`, () => {
    givenContract(open);

    it(
      "finds what a plain look at every row finds, page by page, in order",
      { timeout: 300_000 },
      async () => {
        const counts: Counts = { asked: 0, some: 0, all: 0, none: 0, paged: 0, turnless: 0 };
        const where = fc.oneof(condition, fc.constantFrom(...hard));
        const search = fc.record({ where, sort, limit: fc.constantFrom(2, 3, 50) });
        await fc.assert(
          fc.asyncProperty(
            fc.array(step, { minLength: 3, maxLength: 25 }),
            fc.array(search, { minLength: 20, maxLength: 25 }),
            async (steps, searches) => {
              const bench = await open();
              try {
                const known = await play(bench, steps);
                const newest = { sort: { by: "active", direction: "desc" }, limit: 2 } as const;
                const asked = [...searches, ...always.map((where) => ({ where, ...newest }))];
                for (const one of asked) await agree(bench, known, one, counts);
              } finally {
                await bench.close();
              }
            },
          ),
          { numRuns: runs, endOnFailure: true },
        );
        // The generator reaches what matters.
        expect(counts.some).toBeGreaterThan(runs * 2);
        expect(Math.min(counts.all, counts.none)).toBeGreaterThan(runs);
        expect(counts.paged).toBeGreaterThan(runs / 2);
      },
    );
  });
}
