import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Condition, NameField, PlaceFacts, Search, Sort, WordField } from "../../src/store/archive.ts";
import { givenContract } from "./archive-given.ts";
import { conversationsOf, holds } from "./archive-naive.ts";
import { agreeOfFound } from "./archive-of-found.ts";
import { CHANNELS, type Known, play, step, USERS, WORDS } from "./archive-world.ts";
import { naiveSums, SUM_BY } from "./sums-naive.ts";
import { fold } from "../../src/store/words.ts";
import type { OpenBench, StoreBench } from "./store-bench.ts";

const name: fc.Arbitrary<Condition> = fc.record({
  kind: fc.constant("name" as const),
  field: fc.constantFrom<NameField>("user", "channel", "topic", "workspace", "thread"),
  tense: fc.constantFrom("then" as const, "now" as const, "ever" as const),
  match: fc.constantFrom("equals" as const, "prefix" as const, "contains" as const),
  value: fc.constantFrom(...[...USERS, ...CHANNELS, "a", "ali", "sup", "on ", "%", "_", "two", ""].map(fold)),
});
const word: fc.Arbitrary<Condition> = fc
  .constantFrom<[WordField, readonly string[]]>(
    ["platform", ["chat", "other"]],
    ["workspaceId", ["W0", "W1"]],
    ["channelId", ["C0", "C1", "C2"]],
    ["kind", ["public", "private"]],
    ["threadId", ["t0", "t1", "t2"]],
    ["userId", ["U0", "U1", "U2", "' OR 1 = 1 --"]],
    ["model", ["glm", "kimi"]],
    ["status", ["done", "failed", "open", "stopped", "postponed"]],
    ["error", ["timeout", "Broke"]],
    ["place", ["chat:P0", "chat:P1"]],
    ["telnyxId", ["T0-1", "T1-2"]],
    ["heardId", ["U0", "U3", "U9"]],
    ["turn", ["1", "2", "5", "x", "999999999999999999999"]],
  )
  .chain(([field, values]) =>
    fc.subarray([...values]).map((some) => ({ kind: "word" as const, field, values: some })),
  );
const part: fc.Arbitrary<Condition> = fc.record({
  kind: fc.constant("part" as const),
  field: fc.constantFrom("model" as const, "error" as const),
  match: fc.constantFrom("prefix" as const, "contains" as const),
  value: fc.constantFrom("g", "lm", "glm", "%", "bro", "out", ""),
});
const number: fc.Arbitrary<Condition> = fc
  .record({
    field: fc.constantFrom("tokens", "cost", "firstText", "complete", "generation", "inputTokens" as const),
    from: fc.option(fc.constantFrom(-Infinity, 0, 0.5, 2, 14, 40, 1e300), { nil: undefined }),
    below: fc.option(fc.constantFrom(Infinity, 0, 1.5, 3, 20.5, 90), { nil: undefined }),
  })
  .map(({ field, from, below }) => ({
    kind: "number" as const,
    field,
    ...(from !== undefined && { from }),
    ...(below !== undefined && { below }),
  }));
const text: fc.Arbitrary<Condition> = fc.record({
  kind: fc.constant("text" as const),
  words: fc.array(fc.constantFrom(...WORDS), { minLength: 0, maxLength: 3 }),
  prefix: fc.boolean(),
});
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    name,
    word,
    part,
    number,
    text,
    fc.record({
      kind: fc.constantFrom("all" as const, "any" as const),
      of: fc.array(tie("condition"), { maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant("not" as const), of: tie("condition") }),
  ),
}));
const said = (...words: string[]): Condition => ({ kind: "text", words, prefix: false });
const isnt = (of: Condition): Condition => ({ kind: "not", of });
const failed: Condition = { kind: "word", field: "status", values: ["failed", "stopped"] };
const here: Condition = { kind: "word", field: "place", values: ["chat:P0", "chat:P3"] };
const there: Condition = { kind: "name", field: "channel", tense: "ever", match: "prefix", value: "sup" };
/** What is found in ways of its own, and seldom made by chance. */
const hard: readonly Condition[] = [
  said("refund"),
  isnt(said("a")),
  { kind: "all", of: [said("refund"), said("please"), said("the", "refund")] },
  { kind: "all", of: [said("a"), isnt(said("x1")), there] },
  { kind: "any", of: [said("uber"), { kind: "all", of: [said("refund"), here] }] },
  { kind: "any", of: [here, failed] },
  { kind: "any", of: [there, said("x1")] },
  { kind: "all", of: [{ kind: "any", of: [here, said("drop")] }, isnt(failed)] },
  isnt({ kind: "word", field: "model", values: ["glm"] }),
  isnt({ kind: "part", field: "model", match: "contains", value: "m" }),
  { kind: "part", field: "model", match: "prefix", value: "k" },
  isnt({ kind: "word", field: "status", values: ["done", "open", "postponed"] }),
  { kind: "number", field: "cost", from: 15, below: 60 },
  { kind: "number", field: "tokens", below: 40 },
  { kind: "number", field: "at", below: 6_000_000 },
  { kind: "number", field: "at", from: 5_000_000 },
  { kind: "all", of: [{ kind: "number", field: "at", below: 7_000_000 }, failed] },
  { kind: "all", of: [{ kind: "number", field: "at", from: 3_000_000 }, here] },
  { kind: "text", words: ["re"], prefix: true },
  { kind: "all", of: [{ kind: "text", words: ["a"], prefix: true }, failed] },
  { kind: "all", of: [there, { kind: "text", words: ["the", "r"], prefix: true }] },
  { kind: "all", of: [{ kind: "number", field: "at", from: 2_000_000, below: 9_000_000 }, isnt(failed)] },
  { kind: "any", of: [{ kind: "number", field: "at", from: 9_000_000 }, here] },
  { kind: "all", of: [here, { kind: "number", field: "complete", from: 6 }] },
  { kind: "all", of: [{ kind: "word", field: "kind", values: ["public"] }, isnt(failed)] },
];

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
    const { userName, status, cost, firstText, complete, error, model } = turnOf(facts.id) ?? {};
    expect(facts).toMatchObject({
      userName,
      status,
      ...(JSON.parse(JSON.stringify({ cost, firstText, complete, error, model })) as object),
    });
  }
  const sums = await archive.sums(search.where, [{}, ...SUM_BY.map((by) => ({ by }))]);
  const met = all.flatMap((of) =>
    of.turns.flatMap((turn) => (holds(known, search.where, of, turn) === true ? [{ of, turn }] : [])),
  );
  for (const [index, by] of [undefined, ...SUM_BY].entries())
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

  await agreeOfFound(archive, search, { known, conversations, turns });

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
        const counts: Counts = { some: 0, all: 0, none: 0, paged: 0, turnless: 0 };
        const where = fc.oneof({ weight: 3, arbitrary: condition }, fc.constantFrom(...hard));
        const search = fc.record({ where, sort, limit: fc.constantFrom(2, 3, 50) });
        await fc.assert(
          fc.asyncProperty(
            fc.array(step, { minLength: 3, maxLength: 25 }),
            fc.array(search, { minLength: 20, maxLength: 25 }),
            async (steps, searches) => {
              const bench = await open();
              try {
                const known = await play(bench, steps);
                for (const one of searches) await agree(bench, known, one, counts);
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
