import { describe, expect } from "vitest";
import type { Place, Whereabouts } from "../../src/chat/place.ts";
import type { Claim } from "../../src/store/mailbox.ts";
import { LEASE_MS } from "../../src/store/sql-mailbox.ts";
import type { Store } from "../../src/store/store.ts";
import {
  addTaking,
  begin,
  draft,
  everything,
  id,
  messageIn,
  p,
  testOn,
  type OpenBench,
  type Test,
} from "./store-bench.ts";
import { adopting } from "./store-adopt.ts";
import { listening } from "./store-listening.ts";
import { pages, turns } from "./store-turns.ts";

/** Every implementation of the store passes these. */
export function storeContract(name: string, open: OpenBench): void {
  describe(`the store on ${name}`, () => {
    const test = testOn(open);
    fence(test);
    conversations(test);
    seenAndHeard(test);
    names(test);
    turns(test);
    pages(test);
    listening(test);
    adopting(test);
  });
}

/** Every write that needs a claim, on the first conversation of the place `p` and its turn. */
export const writes: Record<string, (store: Store, claim: Claim, turn: number) => Promise<unknown>> = {
  openConversation: (store, claim) => store.openConversation(claim, draft(2)),
  linkConversation: (store, claim) => store.linkConversation(claim, 1, "telnyx"),
  markSeen: (store, claim) => store.markSeen(claim, 1, { id: id("m"), at: 5 }),
  markInstructed: (store, claim) => store.markInstructed(claim, 1),
  markHeard: (store, claim) => store.markHeard(claim, 1, messageIn(p, "k")),
  markCalling: (store, claim, turn) => store.markCalling(claim, turn, { generation: 1, input: "hi", at: 5 }),
  markStreaming: (store, claim, turn) => store.markStreaming(claim, turn, { text: "Hel", at: 5 }),
  markAnswered: (store, claim, turn) => store.markAnswered(claim, turn, { text: "Hello", at: 5 }),
  markPageIntended: (store, claim, turn) => store.markPageIntended(claim, turn, 1),
  markPagePosted: (store, claim, turn) => store.markPagePosted(claim, turn, 0, id("m")),
};

function fence(test: Test) {
  for (const [name, write] of Object.entries(writes)) {
    test(`${name} is refused once another has the place, and may be repeated by who has it`, async (world) => {
      const { bench, b, store } = world;
      const { claim, turn } = await begin(world);
      await store.markCalling(claim, turn.id, { generation: 1, input: "before", at: 4 });
      await bench.pass(LEASE_MS + 1);
      const [taken] = await b.sweep(1);

      const before = await everything(world);
      await expect(write(store, claim, turn.id)).rejects.toMatchObject({ code: "fenced" });
      expect(await everything(world)).toEqual(before);

      await write(store, taken!, turn.id);
      const after = await everything(world);
      expect(after).not.toEqual(before);
      await write(store, taken!, turn.id);
      expect(await everything(world)).toEqual(after);
    });
  }

  test("a claim on one place writes nothing of another", async (world) => {
    const { turn } = await begin(world);
    const other = await addTaking(world.b, "q", "1");
    const before = await everything(world);
    await world.store.markCalling(other, turn.id, { generation: 1, input: "hi", at: 5 });
    await world.store.markAnswered(other, turn.id, { text: "Hello", at: 5 });
    await world.store.markPageIntended(other, turn.id, 0);
    await world.store.markPagePosted(other, turn.id, 0, id("m"));
    await world.store.linkConversation(other, 1, "telnyx");
    expect(await everything(world)).toEqual(before);
  });
}

function conversations(test: Test) {
  test("the bot takes part in a place from the first addressed message that was sent there on", async ({
    a,
    store,
  }) => {
    expect(await store.takesPart(p, 9_000)).toBe(false);
    await a.add({ ...messageIn(p, "2"), sentAt: 2_000 }, false);
    expect(await store.takesPart(p, 2_001)).toBe(true);
    expect(await store.takesPart(p, 2_000)).toBe(false);
    await a.add({ ...messageIn(p, "1"), sentAt: 1_000 }, false); // it comes late
    await a.add({ ...messageIn(p, "3"), sentAt: 3_000 }, false);
    expect(await store.takesPart(p, 1_001)).toBe(true);
    expect(await store.takesPart(p, 1_000)).toBe(false);
    expect(await store.takesPart("q" as Place, 9_000)).toBe(false);
  });

  test("two who open a generation get one and the same row", async ({ a, store }) => {
    const claim = await addTaking(a, p, "1");
    const opened = await Promise.all(
      ["first", "second"].map((key) => store.openConversation(claim, draft(1, key))),
    );
    expect(opened[0]).toEqual({
      place: p,
      generation: 1,
      createKey: expect.stringMatching(/^(?:first|second)$/) as string,
      createBody: '{"n":1}',
      instructed: false,
    });
    expect(opened[1]).toEqual(opened[0]);
    expect(await store.conversation(p)).toEqual(opened[0]);
  });

  test("a place's conversation is its newest generation", async (world) => {
    const { store } = world;
    expect(await store.conversation(p)).toBeUndefined();
    const { claim } = await begin(world);
    await store.linkConversation(claim, 1, "old");
    await store.openConversation(claim, draft(2));
    await store.linkConversation(claim, 2, "new");
    await store.markInstructed(claim, 2);
    expect(await store.conversation(p)).toMatchObject({ generation: 2, telnyxId: "new", instructed: true });
    expect(await store.openConversation(claim, draft(1))).toMatchObject({
      telnyxId: "old",
      instructed: false,
    });
  });

  test("the metadata is kept with the conversation", async (world) => {
    await begin(world);
    const [row] = await world.bench.query("SELECT metadata, created_at FROM conversation");
    expect(row).toEqual({ metadata: '{"app":"patchcord"}', created_at: 7 });
  });
}

function seenAndHeard(test: Test) {
  test("what the model has seen never moves back", async (world) => {
    const { store } = world;
    const { claim } = await begin(world);
    await store.markSeen(claim, 1, { id: id("m2"), at: 20 });
    await store.markSeen(claim, 1, { id: id("m1"), at: 10 });
    expect((await store.conversation(p))?.seen).toEqual({ id: "m2", at: 20 });
    await store.markSeen(claim, 1, { id: id("m3"), at: 30 });
    expect((await store.conversation(p))?.seen).toEqual({ id: "m3", at: 30 });
  });

  test("a gap is as late as the latest message that made one", async (world) => {
    const { store } = world;
    await begin(world);
    expect(await store.conversation(p)).not.toHaveProperty("gapAt");
    await store.markGap(p, 20);
    await store.markGap(p, 10);
    expect((await store.conversation(p))?.gapAt).toBe(20);
  });

  test("a platform that was not listened to leaves a gap in each of its places, and in no other", async ({
    a,
    store,
  }) => {
    const [here, there] = ["chat:1", "chats:1"] as Place[];
    for (const place of [here!, there!]) {
      const claim = await addTaking(a, place, "1");
      await store.openConversation(claim, draft(1));
    }
    await store.markGap(here!, 20);
    for (const [at, gapAt] of [
      [15, 20],
      [25, 25],
      [24, 25],
    ] as const) {
      await store.markDeaf("chat", at);
      expect((await store.conversation(here!))?.gapAt).toBe(gapAt);
    }
    expect(await store.conversation(there!)).not.toHaveProperty("gapAt");
  });

  test("a gap counts also where the conversation is opened after it", async ({ a, store }) => {
    const claim = await addTaking(a, p, "1");
    await store.markGap(p, 20);
    expect(await store.openConversation(claim, draft(1))).toMatchObject({ gapAt: 20 });
  });

  test("a gap in a place that was never addressed leaves no trace", async ({ bench, store }) => {
    await store.markGap(p, 20);
    expect(await bench.query("SELECT * FROM mailbox")).toEqual([]);
  });

  test("a conversation has heard what was added to it, and the place's turns that are or will be sent to it", async (world) => {
    const { a, store } = world;
    const { claim, turn } = await begin(world);
    const key = (name: string) => messageIn(p, name).key;
    const keys = ["1", "2", "3", "added", "unknown"].map(key);
    for (const name of ["2", "3"]) await a.add(messageIn(p, name), false);
    await store.markHeard(claim, 1, messageIn(p, "added"));
    await store.markCalling(claim, turn.id, { generation: 1, input: "hi", at: 5 });
    expect(await store.heard(p, 1, keys)).toEqual(new Set(["1", "2", "3", "added"].map(key)));
    expect(await store.heard(p, 1, [key("2")])).toEqual(new Set([key("2")]));
    expect(await store.heard(p, 1, [])).toEqual(new Set());

    const second = await a.next(claim, { turn: turn.id, kind: "done" });
    await a.next(claim, { turn: second!.id, kind: "failed", error: "never sent" });
    expect(await store.heard(p, 1, keys)).toEqual(new Set(["1", "3", "added"].map(key)));
    await store.openConversation(claim, draft(2));
    expect(await store.heard(p, 2, keys)).toEqual(new Set([key("3")]));
    expect(await store.heard("q" as Place, 1, keys)).toEqual(new Set());
  });
}

function names(test: Test) {
  test("a place's names are kept with their dates", async ({ bench, store }) => {
    const where = (channelName?: string): Whereabouts => ({
      workspaceId: "T1",
      channelId: "C1",
      channelKind: "public",
      ...(channelName !== undefined && { channelName }),
    });
    const history = async () =>
      (await bench.query("SELECT since, facts FROM whereabouts WHERE place = 'p' ORDER BY since")).map(
        ({ since, facts }) => [since, (JSON.parse(String(facts)) as Whereabouts).channelName],
      );
    await store.noteWhereabouts(p, where("general"), 10);
    await store.noteWhereabouts(p, where("general"), 20);
    await store.noteWhereabouts(p, where(), 30);
    await store.noteWhereabouts("q" as Place, where("elsewhere"), 35);
    expect(await history()).toEqual([[10, "general"]]);
    await store.noteWhereabouts(p, where("lounge"), 40);
    await store.noteWhereabouts(p, where("lounge"), 40);
    await store.noteWhereabouts(p, where("general"), 50);
    // Late ones find their place among the dates.
    await store.noteWhereabouts(p, where("general"), 25);
    await store.noteWhereabouts(p, where("lounge"), 45);
    await store.noteWhereabouts(p, where("first"), 5);
    expect(await history()).toEqual([
      [5, "first"],
      [10, "general"],
      [40, "lounge"],
      [50, "general"],
    ]);
  });
}
