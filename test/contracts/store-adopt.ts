import { expect } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import type { AdoptedConversation } from "../../src/store/store.ts";
import { addTaking, begin, draft, p, type Test } from "./store-bench.ts";

const adopted = (generation: number, telnyxId: string): AdoptedConversation => ({
  generation,
  telnyxId,
  metadata: { app: "patchcord", channel_id: "C1" },
  since: 5_000,
  at: 9_000,
});

/** The part that is about conversations that Telnyx has and the database has lost. */
export function adopting(test: Test) {
  test("a conversation that was lost is the place's again, once", async ({ bench, a, store }) => {
    expect(await store.adoptConversation(p, adopted(2, "lost"))).toBe(true);
    expect(await store.adoptConversation(p, adopted(2, "another"))).toBe(false);
    expect(await store.conversation(p)).toMatchObject({ generation: 2, telnyxId: "lost", instructed: true });
    expect(await store.takesPart(p, 5_001)).toBe(true);
    const [row] = await bench.query("SELECT metadata FROM conversation");
    expect(JSON.parse(String(row!["metadata"]))).toEqual(adopted(2, "lost").metadata);

    const claim = await addTaking(a, p, "1");
    expect(await a.next(claim)).toBeDefined();
  });

  test("a generation that is there is not replaced, nor its place's", async (world) => {
    const { store } = world;
    const { claim } = await begin(world);
    await store.linkConversation(claim, 1, "ours");
    expect(await store.adoptConversation(p, adopted(1, "theirs"))).toBe(false);
    expect(await store.conversation(p)).toMatchObject({ generation: 1, telnyxId: "ours" });
    expect(await store.adoptConversation("q" as Place, adopted(1, "theirs"))).toBe(true);
    expect(await store.openConversation(claim, draft(2))).toMatchObject({ generation: 2 });
  });
}
