import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Condition } from "../../src/store/archive.ts";
import { hearing } from "./erasure-heard.ts";
import {
  ALICE,
  asking,
  BOB,
  everything,
  everyRow,
  KEY,
  NEWEST,
  PLACE,
  send,
  type World,
} from "./erasure-scene.ts";
import type { StoreBench } from "./store-bench.ts";

/** Forgetting, on any database. */
export function erasureContract(name: string, open: () => StoreBench | Promise<StoreBench>): void {
  describe(`${name}: forgetting`, () => {
    let bench: StoreBench;
    beforeEach(async () => void (bench = await open()));
    afterEach(() => bench.close());
    const world: World = {
      bench: () => bench,
      wish: async (more = {}) => {
        const stored = await bench.erasure.wish({ conversation: KEY, ...more });
        if (stored === "held") throw new Error("held");
        return stored;
      },
      stored: async () => {
        await bench.erasure.clean();
        // Who is to be forgotten is known until it is done.
        for (const due of await bench.erasure.due(bench.now(), 9)) {
          await bench.erasure.cleaned(due);
          await bench.erasure.done(due);
        }
        return everyRow(bench);
      },
      found: async (text) => {
        const where: Condition = { kind: "text", words: [text], prefix: true };
        return (await bench.archive.turns({ where, sort: NEWEST, limit: 9 })).rows;
      },
    };
    erasing(world);
    parts(world);
    hearing(world);
    steps(world);
    limits(world);
  });
}

function erasing(world: World): void {
  it("takes what was said and who said it out of every table, and leaves a turn that is known again", async () => {
    const bench = world.bench();
    const ask = asking(bench);
    const { message } = await ask({ name: "m1", text: "zebraquestion" });
    await ask({ name: "m2", author: BOB, text: "more zebras", ends: "failed" });
    await bench.archive.refresh();
    expect(await world.found("zebra")).toHaveLength(2);
    const asked = await world.wish();
    expect(asked).toMatchObject({ step: "here", tries: 0, telnyxId: "telnyx-1", opened: true });
    expect(await bench.erasure.erase(asked)).toMatchObject({ kind: "erased", turns: 2 });
    await bench.archive.refresh();
    expect(await world.stored()).not.toMatch(/zebra|alice|bob/i);
    expect(await world.found("zebra")).toEqual([]);
    expect(await bench.archive.contents([1, 2])).toEqual([]);
    const { rows } = await bench.archive.turns({ where: everything, sort: NEWEST, limit: 9 });
    expect(rows.map(({ status, userId, userName, error }) => [status, userId, userName, error])).toEqual([
      ["forgotten", "forgotten", "forgotten", undefined],
      ["forgotten", "forgotten", "forgotten", "timeout"],
    ]);
    expect(rows[0]).toMatchObject({ messageId: "m1", pages: ["page-1"], channelName: "support" });
    expect(await bench.archive.turnOf(PLACE, "page-1")).toBe(1);
    expect(await bench.mailbox("a").add(message, true)).toEqual({ kind: "seen" });
    expect(await bench.archive.conversation(KEY)).toMatchObject({ turns: 2, startedByName: "forgotten" });
  });

  it("of a late message leaves nothing that could be answered after all", async () => {
    const bench = world.bench();
    const { turn } = await asking(bench)({ name: "m1", text: "zebra", ends: "late" });
    await bench.erasure.erase(await world.wish());
    expect(await bench.mailbox("a").reopen(PLACE, turn)).toBe(false);
    expect(await world.stored()).not.toMatch(/zebra|alice/i);
  });

  it("takes a direct message's name, which says who it is with", async () => {
    const bench = world.bench();
    const dm = { channelKind: "dm", channelName: "zebra-with-alice" } as const;
    await asking(bench)({ name: "m1", text: "zebra", where: dm });
    await bench.archive.refresh();
    await bench.erasure.erase(await world.wish());
    expect(await world.stored()).not.toMatch(/zebra|alice/i);
  });
}

function parts(world: World): void {
  it("of one person leaves what others said, and forgets that person's names where nothing else has them", async () => {
    const bench = world.bench();
    const ask = asking(bench);
    await ask({ name: "m1", text: "zebraquestion" });
    await ask({ name: "m2", author: BOB, text: "giraffes" });
    await ask({ name: "m3", author: { ...ALICE, name: "Alice the second" }, text: "zebraquestion two" });
    await bench.archive.refresh();
    const asked = await world.wish({ person: { id: "UAlice", names: ["Alice Zebrawood"] } });
    expect(await bench.erasure.erase(asked)).toMatchObject({ kind: "erased", turns: 2 });
    await bench.archive.refresh();
    expect(await world.stored()).not.toMatch(/zebraq|zebrawood|alice/i);
    expect(await world.found("giraffes")).toHaveLength(1);
    const conversation = await bench.archive.conversation(KEY);
    expect(conversation).toMatchObject({ threadName: "zebraprivate thread", startedById: "forgotten" });
    const names = await bench.archive.names("user", "", everything, 9);
    expect(names.toSorted()).toEqual(["Bob", "forgotten"]);
  });

  it("takes a group's name, which is the people in it, also where others' turns are left", async () => {
    const bench = world.bench();
    const group = { channelKind: "group_dm", channelName: "Alice Zebrawood and Bob" } as const;
    const ask = asking(bench);
    await ask({ name: "m1", author: BOB, text: "giraffes", where: group });
    await ask({ name: "m2", text: "zebraquestion", where: group });
    await bench.archive.refresh();
    await bench.erasure.erase(await world.wish({ person: { id: "UAlice", names: [] } }));
    await bench.archive.refresh();
    expect(await world.stored()).not.toMatch(/zebraq|zebrawood|alice/i);
    expect(await world.found("giraffes")).toHaveLength(1);
    await ask({
      name: "m3",
      author: BOB,
      text: "again",
      where: { ...group, channelName: "Bob" },
      generation: 2,
    });
    await bench.archive.refresh();
    expect(await bench.archive.conversation({ ...KEY, generation: 2 })).toMatchObject({ channelName: "Bob" });
  });

  it("keeps the person's names that other turns have, and the newest of them", async () => {
    const bench = world.bench();
    const ask = asking(bench);
    await ask({ name: "m1", text: "early" });
    await bench.pass(100);
    const before = bench.now();
    await ask({ name: "m2", author: { ...ALICE, name: "Alice Newname" }, text: "late" });
    await bench.archive.refresh();
    expect(await bench.erasure.erase(await world.wish({ before }))).toMatchObject({
      kind: "erased",
      turns: 1,
    });
    await bench.archive.refresh();
    const { rows } = await bench.archive.turns({ where: everything, sort: NEWEST, limit: 9 });
    expect(rows.map(({ status, userNames }) => [status, userNames])).toEqual([
      ["forgotten", ["forgotten"]],
      ["done", ["Alice Newname"]],
    ]);
    expect(await world.stored()).not.toContain("early");
  });

  it("comes to its end with many turns", async () => {
    const bench = world.bench();
    const ask = asking(bench);
    for (let index = 0; index < 205; index += 1) await ask({ name: `m${index}`, text: "zebra" });
    expect(await bench.erasure.erase(await world.wish())).toMatchObject({ kind: "erased", turns: 205 });
    expect(await world.stored()).not.toMatch(/zebra|alice/i);
  });
}

function steps(world: World): void {
  it("ends the conversation: the place's next message opens its next one", async () => {
    const bench = world.bench();
    await asking(bench)({ name: "m1" });
    expect(await bench.store.conversation(PLACE)).not.toHaveProperty("endedAt");
    await world.wish();
    expect(await bench.store.conversation(PLACE)).toMatchObject({ generation: 1, endedAt: bench.now() });
  });

  it("is one wish for one conversation and person, that reaches as far as any of them did", async () => {
    const bench = world.bench();
    await asking(bench)({ name: "m1" });
    const first = await world.wish({ before: 5 });
    await bench.erasure.erase(first);
    const second = await world.wish();
    expect(second).toMatchObject({ id: first.id, step: "here" });
    expect(second).not.toHaveProperty("before");
    expect(await world.wish({ before: 9 })).not.toHaveProperty("before");
    expect((await world.wish({ person: { id: "UBob", names: [] } })).id).not.toBe(first.id);
    expect(await bench.erasure.due(bench.now(), 9)).toHaveLength(2);
  });

  it("is done step by step, each of which may be repeated, by two at once", async () => {
    const bench = world.bench();
    await asking(bench)({ name: "m1" });
    const asked = await world.wish();
    const both = await Promise.all([bench.erasure.erase(asked), bench.erasure.erase(asked)]);
    expect(both.map((one) => (one.kind === "erased" ? one.turns : one.kind))).toEqual(
      expect.arrayContaining([0, 1]),
    );
    const step = async () => (await bench.erasure.due(bench.now(), 9)).map((one) => one.step);
    expect(await step()).toEqual(["files"]);
    await bench.erasure.clean();
    await bench.erasure.done(asked);
    expect(await step(), "it was not said to be clean").toEqual(["files"]);
    await bench.erasure.cleaned(asked);
    expect(await step()).toEqual(["there"]);
    await bench.erasure.later(asked, bench.now() + 10);
    expect(await bench.erasure.due(bench.now() + 9, 9)).toEqual([]);
    expect(await bench.erasure.due(bench.now() + 10, 9)).toMatchObject([{ tries: 1 }]);
    await bench.erasure.done(asked);
    await bench.erasure.done(asked);
    expect(await bench.erasure.due(bench.now() + 10, 9)).toEqual([]);
    expect(await bench.erasure.erase(asked)).toEqual({ kind: "gone" });
    expect(await bench.store.conversation(PLACE)).not.toHaveProperty("telnyxId");
  });
}

function limits(world: World): void {
  it("waits for what is being answered, and not for what will be the next conversation's", async () => {
    const bench = world.bench();
    const ask = asking(bench);
    const { claim, turn } = await ask({ name: "m1", text: "zebra", ends: "calling" });
    await ask({ name: "m2", text: "okapi", ends: "waiting" });
    const asked = await world.wish();
    expect(await bench.erasure.erase(asked)).toEqual({ kind: "open" });
    await bench.mailbox("a").next(claim!, { turn, kind: "done" });
    // The second has begun now, and may have been about to be sent to the conversation that was there.
    expect(await bench.erasure.erase(asked)).toEqual({ kind: "open" });
    await send(bench, claim!, { turn: 2, generation: 2, text: "okapi" });
    expect(await bench.erasure.erase(asked)).toMatchObject({ kind: "erased", turns: 1 });
    const rows = await bench.query("SELECT text FROM turn ORDER BY id");
    expect(rows).toEqual([{ text: null }, { text: "zebraanswer to okapi" }]);
  });

  it("is refused by a legal hold, before and after the wish", async () => {
    const bench = world.bench();
    await asking(bench)({ name: "m1", text: "zebra" });
    await bench.archive.refresh();
    await bench.erasure.hold([KEY, { place: PLACE, generation: 7 }], "cli:ada", true);
    await bench.erasure.hold([KEY], "cli:bob", true);
    expect(await bench.archive.conversation(KEY)).toMatchObject({ held: true });
    expect(await bench.erasure.wish({ conversation: KEY })).toBe("held");
    expect(await bench.store.conversation(PLACE)).not.toHaveProperty("endedAt");
    await bench.erasure.hold([KEY], "cli:bob", false);
    const asked = await world.wish();
    await bench.erasure.hold([KEY], "cli:ada", true);
    expect(await bench.erasure.erase(asked)).toEqual({ kind: "held" });
    expect(await bench.erasure.due(bench.now(), 9)).toEqual([]);
    expect(await world.found("zebra")).toHaveLength(1);
  });
}
