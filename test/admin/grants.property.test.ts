import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Viewer } from "../../src/admin/viewer.ts";
import { links } from "../../src/app/links.ts";
import { ROOT } from "./world.ts";
import { sqliteBench } from "../store/bench.ts";
import { adminOver, answersTo, type Asked } from "./grants/asking.ts";
import { query, type Questions } from "./grants/questions.ts";
import {
  everythingIn,
  type Everything,
  type Hidden,
  hiddenFrom,
  keyText,
  prune,
  reindex,
} from "./grants/prune.ts";
import { granting, lookerOf, type Tried } from "./grants/viewers.ts";
import { play, type Posted, script } from "./grants/world.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "patchcord-grants-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Case {
  readonly steps: Parameters<typeof play>[1];
  readonly granted: Parameters<typeof lookerOf>[0];
  readonly queries: readonly string[];
}

/** How often what matters was there. */
interface Counts {
  hidden: number;
  unread: number;
  seen: number;
  /** Something was found, or done. */
  answered: number;
  /** Whoever runs the bot is told of other turns. */
  less: number;
}

/** The same world twice: as it is, and as it would be without what this viewer may not know of. */
async function twice(steps: Case["steps"], looker: ReturnType<typeof lookerOf>) {
  const whole = sqliteBench();
  const posted = await play(whole, steps);
  const path = join(folder, "pruned.db");
  writeFileSync(path, whole.db.serialize());
  await reindex(whole);
  const everything = await everythingIn(whole);
  const hidden = hiddenFrom(everything, looker);
  const pruned = sqliteBench(path, whole.now());
  await prune(pruned, hidden);
  await reindex(pruned);
  const there = posted.filter(
    ({ place }) => everything.conversations.every((one) => one.place !== place) || !hidden.places.has(place),
  );
  return {
    everything,
    hidden,
    posted,
    whole: { bench: whole, posted, deleted: new Set<string>() },
    pruned: { bench: pruned, posted: there, deleted: new Set<string>() },
  };
}

function questionsOf(everything: Everything, posted: Posted, queries: readonly string[]): Questions {
  const linked = [
    ...posted.map(({ platform, place, id, where }) => links.linkTo(platform, { place, id, ...urlIn(where) })),
    ...everything.turns.map(({ platform, place, pages: [page], ...where }) =>
      links.linkTo(platform, { place, id: (page ?? "1") as never, ...urlIn(where) }),
    ),
  ];
  return {
    queries,
    everything,
    links: [
      ...new Set(linked.filter((link) => link !== undefined)),
      "https://example.com/",
      "turn:1",
      "turn:3",
      "turn:999",
    ],
  };
}

const urlIn = ({ workspaceUrl }: { readonly workspaceUrl?: string }) =>
  workspaceUrl === undefined ? {} : { workspaceUrl };

/** What was hidden is there as it was, here and at Telnyx, and the rest is what became of it in the other world. */
async function compare(
  hidden: Hidden,
  was: Everything,
  { whole, pruned }: Record<"whole" | "pruned", Asked>,
) {
  const [is, other] = [await everythingIn(whole.bench), await everythingIn(pruned.bench)];
  expect(among(is, hidden, true)).toEqual(among(was, hidden, true));
  expect(among(is, hidden, false).turns).toEqual(other.turns);
  expect(whole.deleted).toEqual(pruned.deleted);
  for (const { telnyxId = "" } of among(was, hidden, true).conversations)
    expect(whole.deleted).not.toContain(telnyxId);
}

const among = ({ turns, conversations }: Everything, hidden: Hidden, yes: boolean): Everything => ({
  turns: turns.filter(({ id }) => hidden.turns.has(id) === yes),
  conversations: conversations.filter((one) => hidden.conversations.has(keyText(one)) === yes),
});

async function tried(what: Tried, { steps, granted, queries }: Case, counts: Counts): Promise<void> {
  const looker = lookerOf(granted, what);
  // Whoever forgets what they asked waits for a reply in the same conversation, whoever asked for that.
  const settled = steps.map((one) =>
    what === "self" && one.ends === "open" ? { ...one, ends: "done" as const } : one,
  );
  const { everything, hidden, posted, whole, pruned } = await twice(settled, looker);
  try {
    const questions = questionsOf(everything, posted, queries);
    // What others do is hidden as well.
    await whole.bench.audit.append({
      who: "slack:T1:U8",
      via: "api",
      what: "turns",
      content: "secret",
      rows: 7,
    });
    const told = await answersTo(whole, looker.viewer, what, questions);
    expect(told).toEqual(await answersTo(pruned, looker.viewer, what, questions));
    await compare(hidden, everything, { whole, pruned });
    count(counts, hidden, everything);
    if (Object.values(told).some(isSome)) counts.answered += 1;
    if (what !== "read") return;
    await saysWhatIsRead(whole, looker);
    const listed = async (viewer: Viewer) =>
      (await adminOver(whole).turns(viewer, { query: "", limit: 1_000 })).rows;
    if (!isDeepStrictEqual(await listed(ROOT), await listed(looker.viewer))) counts.less += 1;
  } finally {
    await whole.bench.close();
    await pruned.bench.close();
  }
}

/** What may be read is said to be, and nothing else. */
async function saysWhatIsRead(world: Asked, { viewer, reads }: ReturnType<typeof lookerOf>): Promise<void> {
  const { rows } = await adminOver(world).conversations(viewer, { query: "", limit: 1_000 });
  expect(rows.map(({ readable }) => readable)).toEqual(rows.map(reads));
}

const isSome = (answer: unknown) =>
  typeof answer === "number" ? answer > 0 : Array.isArray(answer) && answer.flat().length > 0;

function count(counts: Counts, hidden: Hidden, { turns }: Everything): void {
  if (hidden.turns.size > 0) counts.hidden += 1;
  if (hidden.unread.size > 0) counts.unread += 1;
  if (hidden.turns.size < turns.length) counts.seen += 1;
}

describe("whoever may not see everything", () => {
  for (const [what, runs] of [
    ["read", 5],
    ["export", 10],
    ["forget", 4],
    ["hold", 10],
    ["self", 4],
  ] as const satisfies readonly (readonly [Tried, number])[]) {
    it(
      `is answered as if the rest did not exist, and does nothing to it: ${what}`,
      { timeout: 300_000 },
      async () => {
        const counts: Counts = { hidden: 0, unread: 0, seen: 0, answered: 0, less: 0 };
        const cases = fc.record<Case>({
          steps: script,
          granted: granting,
          queries: fc.array(query, { minLength: 2, maxLength: 3 }),
        });
        await fc.assert(
          fc.asyncProperty(cases, (one) => tried(what, one, counts)),
          { numRuns: runs, endOnFailure: true },
        );
        // The generator reaches what matters.
        expect(counts.hidden).toBeGreaterThanOrEqual(runs / 2);
        expect(counts.seen).toBeGreaterThanOrEqual(runs / 2);
        if (what !== "self") expect(counts.unread).toBeGreaterThanOrEqual(1);
        expect(counts.answered).toBeGreaterThanOrEqual(runs / 2);
        if (what === "read") expect(counts.less).toBeGreaterThanOrEqual(runs / 2);
      },
    );
  }
});
