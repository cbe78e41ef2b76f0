import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAdmin } from "../../src/admin/create.ts";
import type { Message } from "../../src/chat/message.ts";
import { exportingOf } from "../admin/exporting.ts";
import { type AdminWorld, adminWorldOn, placeOf, ROOT } from "../admin/world.ts";
import { createFakeTelnyx, type FakeTelnyx } from "../fakes/telnyx.ts";
import { everyRow } from "./erasure-scene.ts";
import type { OpenBench, StoreBench } from "./store-bench.ts";

/** The service over that world. */
export function serviceOf(world: AdminWorld, telnyx: FakeTelnyx) {
  const { store, audit, tokens, erasure } = world.bench;
  return createAdmin({
    ...world.deps,
    store,
    audit,
    tokens,
    erasure,
    telnyx: { ...telnyx, listConversations: () => telnyx.listConversations() },
    exporting: exportingOf(world.bench.archive),
    signal: new AbortController().signal,
  });
}

/** Each is in what that person says and is called, and in nothing else. */
const MARKS = ["zebra", "okapi", "quagga", "narwhal"] as const;
const person = fc.nat(MARKS.length - 1);
const asks = fc.array(
  fc.record({ by: person, channel: fc.nat(2), heard: fc.array(person, { maxLength: 3 }), called: fc.nat(1) }),
  { minLength: 1, maxLength: 8 },
);
type Asks = typeof asks extends fc.Arbitrary<infer Value> ? Value : never;

const idOf = (index: number) => `U90${index}`;
const nameOf = (index: number, called: number) => `${MARKS[index]} ${called === 0 ? "Smith" : "Jones"}`;

async function play(world: AdminWorld, telnyx: FakeTelnyx, all: Asks): Promise<void> {
  const links = await Promise.all(
    [0, 1, 2].map(async (channel) => (await telnyx.createConversation({}, `key ${channel}`)).id),
  );
  for (const { by, channel, heard, called } of all)
    await world.ask({
      channel: `C${channel}`,
      question: `Asks the ${MARKS[by]}?`,
      answer: `The ${MARKS[by]} is told.`,
      user: { id: idOf(by), name: nameOf(by, called) },
      heard: heard.map((one) => ({ id: idOf(one), name: nameOf(one, called) })),
      telnyxId: links[channel] ?? "",
    });
}

/** What the admins looked for before. */
async function look(world: AdminWorld, telnyx: FakeTelnyx): Promise<void> {
  const admin = serviceOf(world, telnyx);
  for (const mark of MARKS) {
    await admin.turns(ROOT, { query: `user:${mark}*` });
    await admin.conversations(ROOT, { query: mark });
  }
}

const isInRows = async (bench: StoreBench, mark: string) =>
  (await everyRow(bench)).toLowerCase().includes(mark);

/** What everybody else asked. */
async function asked(bench: StoreBench, id: string): Promise<readonly string[]> {
  const rows = await bench.query("SELECT message FROM turn ORDER BY id");
  const messages = rows.map(({ message }) => JSON.parse(String(message)) as Message);
  const left = messages.filter(({ author }) => author.id !== id && author.id !== "forgotten");
  return left.map(({ author, text }) => `${author.id} ${text}`);
}

async function heardOfWhom(bench: StoreBench): Promise<readonly unknown[]> {
  const rows = await bench.query("SELECT author FROM heard ORDER BY place, message_key");
  return rows.map(({ author }) => author);
}

const world = fc.record({ all: asks, index: person, held: fc.boolean() });
type Case = typeof world extends fc.Arbitrary<infer Value> ? Value : never;

/** Forgetting, of all that the bot does with a database. */
export function forgettingContract(name: string, open: OpenBench, runs: number): void {
  describe(`${name}: forgetting somebody`, () => {
    it("leaves nothing of them in any table, and all of everybody else", async () => {
      const whole = async (one: Case) => {
        const bench = await open();
        try {
          await forgets(bench, one);
        } finally {
          await bench.close();
        }
      };
      await fc.assert(fc.asyncProperty(world, whole), { numRuns: runs });
    });

    it("is tried with people who asked, who were only heard, both, among others, and on hold", () => {
      const cases = fc.sample(world, { numRuns: 200, seed: 1 }).map(factsOf);
      for (const fact of ["asked", "onlyHeard", "both", "amongOthers", "held"] as const)
        expect(cases.filter((one) => one[fact]).length, fact).toBeGreaterThan(20);
    });
  });
}

async function forgets(bench: StoreBench, { all, index, held }: Case): Promise<void> {
  const telnyx = createFakeTelnyx({ now: () => 1_700_000_000_000 });
  const played = adminWorldOn(bench);
  const admin = serviceOf(played, telnyx);
  const [mark, id] = [MARKS[index] ?? "", idOf(index)];
  const forget = () =>
    Array.fromAsync(admin.forget(ROOT, { query: "", person: `slack:T1:${id}`, dry: false }));
  await play(played, telnyx, all);
  await look(played, telnyx);
  const before = await asked(bench, id);
  if (held) {
    const query = `place:${placeOf("C0")}`;
    await admin.hold(ROOT, query, true);
    await forget();
    const isThere = all.some((one) => one.channel === 0 && (one.by === index || one.heard.includes(index)));
    expect(await isInRows(bench, mark)).toBe(isThere);
    await admin.hold(ROOT, query, false);
  }
  await forget();
  expect(await isInRows(bench, mark)).toBe(false);
  expect(await asked(bench, id)).toEqual(before);
  expect(await heardOfWhom(bench)).toEqual(heardLeft(all, index));
  expect(await bench.audit.verify()).toMatchObject({ kind: "whole" });
}

/** Whose messages are still known to be theirs: in conversations of which a turn is left, everybody else's. */
function heardLeft(all: Asks, index: number): readonly string[] {
  const byPlace = [0, 1, 2].flatMap((channel) => {
    const here = all.map((one, at) => ({ ...one, at })).filter((one) => one.channel === channel);
    const isLeft = here.some(({ by }) => by !== index);
    const keys = here.flatMap(({ heard, at }) =>
      heard.map((one, position) => ({ key: `m${at + 1}-heard-${position}`, one })),
    );
    return keys
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ one }) => (isLeft && one !== index ? idOf(one) : "forgotten"));
  });
  return byPlace;
}

function factsOf({ all, index, held }: Case) {
  const isAsked = all.some(({ by }) => by === index);
  const isHeard = all.some(({ heard }) => heard.includes(index));
  return {
    asked: isAsked,
    onlyHeard: isHeard && !isAsked,
    both: isHeard && isAsked,
    amongOthers: all.some(({ heard }) => heard.includes(index) && heard.some((other) => other !== index)),
    held: held && (isAsked || isHeard),
  };
}
