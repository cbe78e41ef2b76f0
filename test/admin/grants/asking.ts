import { exportingOf, linesOf } from "../exporting.ts";
import type { Admin } from "../../../src/admin/admin.ts";
import { createRecorder } from "../../../src/admin/audit.ts";
import type { Near } from "../../../src/admin/near.ts";
import { createAdmin } from "../../../src/admin/create.ts";
import { explain } from "../../../src/admin/explaining.ts";
import type { Viewer } from "../../../src/admin/viewer.ts";
import { links } from "../../../src/app/links.ts";
import { PatchcordError } from "../../../src/errors.ts";
import type { Archive } from "../../../src/store/archive.ts";
import type { Sum, SumBy } from "../../../src/store/sums.ts";
import type { StoreBench } from "../../contracts/store-bench.ts";
import { fakeClock } from "../../fakes/clock.ts";
import { keyText } from "./prune.ts";
import type { Questions } from "./questions.ts";
import type { Tried } from "./viewers.ts";
import type { Posted } from "./world.ts";

/** A world that is asked, and what it has of what is outside the database. */
export interface Asked {
  readonly bench: StoreBench;
  /** What the platforms still have. */
  readonly posted: Posted;
  /** What was deleted at Telnyx, by its id there. */
  readonly deleted: Set<string>;
}

const SUMS: readonly SumBy[] = ["platform", "workspace", "user", "model", "status", "kind", "day", "month"];
const FIELDS = ["workspace", "channel", "topic", "thread", "user", "model", "error"] as const;

/** The service over the world, in which the platforms find what was posted there, and Telnyx deletes whatever it is told to. */
export function adminOver({ bench, posted, deleted }: Asked): Admin {
  const clock = { ...fakeClock(), now: bench.now };
  const deps = {
    ...bench,
    clock,
    links,
    exporting: exportingOf(bench.archive),
    signal: new AbortController().signal,
    telnyx: {
      deleteConversation: async (id: string) => void deleted.add(id),
      // eslint-disable-next-line require-yield
      listConversations: async function* () {},
      getConversation: async (id: string) => ({ id, metadata: {} }),
      getMessages: async () => [],
    } as never,
  };
  const find = async (platform: string, link: string) => {
    const read = links.readLink(link, ["T1", "T2"]);
    const message = posted.find(
      (one) => one.platform === platform && one.id === read?.id && read.places.includes(one.place),
    );
    return message ? { message } : { missing: "it is not there" };
  };
  const rules = { dm: true, channels: "mentions", overrides: new Map() } as const;
  const explaining = { ...deps, recorder: createRecorder(deps), rules: () => rules, find };
  return { ...createAdmin(deps), explain: (viewer, link) => explain(explaining, viewer, link) };
}

/** All that somebody is answered, by what was asked: an error with its words. */
export type Answers = Record<string, unknown>;

export async function answersTo(
  asked: Asked,
  viewer: Viewer,
  tried: Tried,
  questions: Questions,
): Promise<Answers> {
  const told: Answers = {};
  const ask: Ask = async (what, call) => {
    told[what] = await call().catch((error: unknown) => {
      if (!(error instanceof PatchcordError)) throw error;
      return { code: error.code, says: error.message };
    });
  };
  await TRIALS[tried](ask, { admin: adminOver(asked), archive: asked.bench.archive, viewer, questions });
  return told;
}

type Ask = (what: string, call: () => Promise<unknown>) => Promise<void>;

interface Trial {
  readonly admin: Admin;
  readonly archive: Archive;
  readonly viewer: Viewer;
  readonly questions: Questions;
}

const TRIALS: Readonly<Record<Tried, (ask: Ask, trial: Trial) => Promise<void>>> = {
  read: async (ask, trial) => {
    await looking(ask, trial);
    await byKey(ask, trial);
    await refused(ask, trial);
  },
  export: async (ask, { admin, viewer, questions }) => {
    for (const text of questions.queries)
      for (const redact of [false, true])
        await ask(`export ${redact} ${text}`, () =>
          linesOf(admin.export(viewer, { query: text, redact, format: "jsonl" })),
        );
  },
  hold: async (ask, { admin, viewer, questions }) => {
    for (const [at, text] of questions.queries.entries())
      await ask(`hold ${at} ${text}`, () => admin.hold(viewer, text, at % 2 === 0));
  },
  forget: (ask, trial) =>
    forgetting(ask, trial, ["slack:T1:U100T1", "slack:T2:U200T2", "discord:90000000000000001"]),
  self: async (ask, trial) => {
    const { admin, viewer } = trial;
    await ask("usage", () => admin.usage(viewer, { query: "-status:forgotten" }));
    await ask("turns", () =>
      pages((after) => admin.turns(viewer, { query: "-status:forgotten", limit: 3, ...after })),
    );
    await forgetting(ask, { ...trial, questions: { ...trial.questions, queries: [""] } }, [viewer.id]);
  },
};

async function looking(ask: Ask, { admin, viewer, questions }: Trial): Promise<void> {
  for (const text of questions.queries) {
    for (const sort of ["", " sort:+started"]) {
      const one = { query: text + sort, limit: 3 };
      await ask(`conversations ${one.query}`, () =>
        pages((after) => admin.conversations(viewer, { ...one, ...after })),
      );
      await ask(`turns ${one.query}`, () => pages((after) => admin.turns(viewer, { ...one, ...after })));
    }
    // Of equal cost is whichever: what counts is which they are.
    const costly = { query: `${text} sort:cost`, limit: 1_000 };
    await ask(`turns ${costly.query}`, async () => new Set((await admin.turns(viewer, costly)).rows));
    await ask(`plan ${text}`, async () => admin.plan(viewer, { query: text }));
    const also = SUMS.map((by) => ({ by }));
    await ask(`usage ${text}`, async () => {
      const usage = await admin.usage(viewer, { query: text, by: "channel", also });
      return { ...usage, rows: inAnyOrder(usage.rows), also: usage.also?.map(inAnyOrder) };
    });
  }
  for (const field of FIELDS)
    for (const begin of ["", "s", "b", "a", "zo"])
      await ask(`names ${field} ${begin}`, () => admin.names(viewer, field, begin));
}

/** Sums that are equal may come in any order. */
const inAnyOrder = (rows: readonly Sum[]) =>
  rows.toSorted((a, b) => ((a.key ?? "") < (b.key ?? "") ? -1 : 1));

async function byKey(ask: Ask, { admin, viewer, questions }: Trial): Promise<void> {
  const { conversations, turns } = questions.everything;
  for (const { place, generation } of conversations) {
    for (const from of [undefined, turns[0]?.id, turns.at(-1)?.id]) {
      const what = `show ${keyText({ place, generation })} ${from}`;
      const part = { limit: 2, ...(from !== undefined && { from }) };
      await ask(what, async () => {
        const first = await admin.show(viewer, { place, generation }, part);
        if (!first) return first;
        const { next, ...shown } = first;
        const key = { place, generation };
        const more = next === undefined ? undefined : await admin.show(viewer, key, { ...part, after: next });
        return [shown, more?.turns, next !== undefined];
      });
    }
    await ask(`show ${place} 99`, () => admin.show(viewer, { place, generation: 99 }));
  }
  for (const link of questions.links) await ask(`explain ${link}`, () => admin.explain(viewer, link));
}

/** What is for who sees everything is refused in the same words, whatever there is. */
async function refused(ask: Ask, { admin, viewer }: Trial): Promise<void> {
  await ask("sync", () => Array.fromAsync(admin.sync(viewer, { dry: true })));
  await ask("remote", async () => admin.remote(viewer, { query: "" }).query);
  await ask("remoteShow", () => admin.remoteShow(viewer, "there-slack:T1:C2:1700000000.000100-1"));
  await ask("tokens", () => admin.tokens(viewer));
  await ask("revoke", () => admin.revokeToken(viewer, "reports"));
  await ask("audit", async () => {
    const { rows } = await admin.audit(viewer, { limit: 1_000 });
    return rows.map(({ who, what, content, rows: shown }) => [who, what, content, shown]);
  });
}

async function forgetting(
  ask: Ask,
  { admin, viewer, questions }: Trial,
  people: readonly string[],
): Promise<void> {
  const persons = viewer.via === "chat" ? [] : [undefined];
  for (const dry of [true, false])
    for (const text of questions.queries)
      for (const person of [...persons, ...people]) {
        const request = { query: text, dry, ...(person !== undefined && { person }) };
        await ask(`forget ${dry} ${text} ${person}`, () => Array.fromAsync(admin.forget(viewer, request)));
      }
}

interface Page {
  readonly rows: readonly unknown[];
  readonly next?: string;
  readonly near?: Near;
}

/** All rows, and how they were cut into pages: where a page ends is told in the database's own words. */
async function pages(page: (after: { readonly after?: string }) => Promise<Page>): Promise<unknown> {
  const all: (readonly unknown[])[] = [];
  for (let next: string | undefined; ;) {
    const found = await page(next === undefined ? {} : { after: next });
    all.push(found.rows, ...(found.near ? [[found.near]] : []));
    if (found.next === undefined) return all;
    ({ next } = found);
  }
}
