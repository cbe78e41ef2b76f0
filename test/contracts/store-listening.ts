import { expect } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import { LEASE_MS } from "../../src/store/sql-mailbox.ts";
import { begin, everything, messageIn, type Test } from "./store-bench.ts";

/** The part of the store's contract that is about what was heard, and by whom it may be answered. */
export function listening(test: Test) {
  test("a claim is confirmed for as long as nobody else has the place, and nothing is written", async (world) => {
    const { bench, b, store } = world;
    const { claim } = await begin(world);
    const before = await everything(world);
    await store.confirm(claim);
    await bench.pass(LEASE_MS + 1);
    await store.confirm(claim);
    expect(await everything(world)).toEqual(before);
    const [taken] = await b.sweep(9);
    await expect(store.confirm(claim)).rejects.toMatchObject({ code: "fenced" });
    await store.confirm(taken!);
    await b.handOver();
    await expect(store.confirm(taken!)).rejects.toMatchObject({ code: "fenced" });
    await expect(store.confirm({ place: "never" as Place, epoch: 0 })).rejects.toMatchObject({
      code: "fenced",
    });
  });

  test("each part of a platform was heard until a time of its own, which never moves back", async ({
    store,
  }) => {
    expect(await store.listenedUntil("chat", "shard 0 of 2")).toBeUndefined();
    await store.markListened("chat", "shard 0 of 2", 20);
    await store.markListened("chat", "shard 1 of 2", 5);
    await store.markListened("talk", "shard 0 of 2", 7);
    await store.markListened("chat", "shard 0 of 2", 10);
    expect(await store.listenedUntil("chat", "shard 0 of 2")).toBe(20);
    await store.markListened("chat", "shard 0 of 2", 30);
    expect(await store.listenedUntil("chat", "shard 0 of 2")).toBe(30);
    expect(await store.listenedUntil("chat", "shard 1 of 2")).toBe(5);
    expect(await store.listenedUntil("talk", "shard 0 of 2")).toBe(7);
    expect(await store.listenedUntil("chat", "")).toBeUndefined();
    await store.markListened("chat", "", 3);
    expect(await store.listenedUntil("chat", "")).toBe(3);
  });

  test("many who mark at once leave the latest", async ({ store }) => {
    await Promise.all([7, 3, 9, 1, 8].map((at) => store.markListened("chat", "", at)));
    expect(await store.listenedUntil("chat", "")).toBe(9);
  });

  test("the places in which the bot was addressed lately come newest first, each once, of one platform", async ({
    a,
    store,
  }) => {
    expect(await store.recentPlaces("chat", 9)).toEqual([]);
    for (const [place, name] of [
      ["chat:p", "1"],
      ["chat:q", "1"],
      ["talk:r", "1"],
      ["chat:s", "1"],
      ["chat:p", "2"],
      ["chatter:t", "1"],
    ] as const)
      await a.add(messageIn(place, name), false);
    expect(await store.recentPlaces("chat", 9)).toEqual(["chat:p", "chat:s", "chat:q"]);
    expect(await store.recentPlaces("chat", 2)).toEqual(["chat:p", "chat:s"]);
    expect(await store.recentPlaces("talk", 9)).toEqual(["talk:r"]);
    expect(await store.recentPlaces("none", 9)).toEqual([]);
  });
}
