import { expect } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import type { Turn } from "../../src/store/mailbox.ts";
import { begin, draft, everything, id, messageIn, p, type Test } from "./store-bench.ts";

/** The part of the store's contract that is about turns. */
export function turns(test: Test) {
  test("whoever takes a turn up again is told how far it was", async (world) => {
    const { a, store } = world;
    const { claim, turn } = await begin(world);
    await store.markCalling(claim, turn.id, { generation: 1, input: "hi", at: 5 });
    expect(await a.next(claim)).toMatchObject({ state: "calling", generation: 1, input: "hi" });
    await store.markStreaming(claim, turn.id, { text: "Hel", at: 6 });
    await store.markStreaming(claim, turn.id, { text: "Hello", at: 7 });
    expect(await a.next(claim)).toMatchObject({ state: "streaming", text: "Hello" });
    await store.markAnswered(claim, turn.id, { text: "Hello 🦊!", at: 8 });
    expect(await a.next(claim)).toMatchObject({
      state: "answered",
      text: "Hello 🦊!",
      input: "hi",
      tries: 3,
    });
  });

  test("takes any character there is, also those that cannot be shown", async (world) => {
    const { a, store } = world;
    const { claim, turn } = await begin(world);
    await store.markCalling(claim, turn.id, { generation: 1, input: "a\u0000b 🦊", at: 5 });
    await store.markAnswered(claim, turn.id, { text: "\u0000\u0001\u2028\uD83E end", at: 6 });
    const again = await a.next(claim);
    const shown = (text = "") => text.replaceAll("\u0000", "\uFFFD").replace(/\uFFFD+/g, "?");
    expect(shown(again?.input)).toBe("a?b 🦊");
    expect(shown(again?.text)).toBe("?\u0001\u2028? end");
    const where = messageIn(p, "1").where;
    await store.noteWhereabouts(p, { ...where, channelName: "cut \uD83E", channelTopic: "\u0000" }, 5);
    await store.noteWhereabouts(p, { ...where, channelName: "cut \uD83E", channelTopic: "\u0000" }, 9);
    expect(await world.bench.query("SELECT since FROM whereabouts")).toEqual([{ since: 5 }]);
  });

  test("keeps when a turn was sent, first spoke and was answered, and what it cost", async (world) => {
    const { bench, store } = world;
    const { claim, turn } = await begin(world);
    await store.markCalling(claim, turn.id, { generation: 1, input: "hi", at: 5 });
    for (const at of [6, 7]) await store.markStreaming(claim, turn.id, { text: "Hel", at });
    const usage = { inputTokens: 3, outputTokens: 4 };
    await store.markAnswered(claim, turn.id, {
      text: "Hello",
      usage,
      incomplete: "max_output_tokens",
      at: 8,
    });
    expect(
      await bench.query("SELECT calling_at, first_text_at, answered_at, usage, incomplete FROM turn"),
    ).toEqual([
      {
        calling_at: 5,
        first_text_at: 6,
        answered_at: 8,
        usage: '{"inputTokens":3,"outputTokens":4}',
        incomplete: "max_output_tokens",
      },
    ]);
  });

  test("a request that is sent again starts the text anew", async (world) => {
    const { a, bench, store } = world;
    const { claim, turn } = await begin(world);
    await store.markCalling(claim, turn.id, { generation: 1, input: "hi", at: 5 });
    await store.markStreaming(claim, turn.id, { text: "Hel", at: 6 });
    await store.openConversation(claim, draft(2));
    await store.markCalling(claim, turn.id, { generation: 2, input: "hi again", at: 9 });
    const again = await a.next(claim);
    expect(again).toMatchObject({ state: "calling", generation: 2, input: "hi again" });
    expect(again).not.toHaveProperty("text");
    expect(await bench.query("SELECT calling_at, first_text_at FROM turn")).toEqual([
      { calling_at: 9, first_text_at: null },
    ]);
  });

  test("a whole answer outlives late checkpoints and calls", async (world) => {
    const { a, store } = world;
    const { claim, turn } = await begin(world);
    await store.markCalling(claim, turn.id, { generation: 1, input: "hi", at: 5 });
    await store.markAnswered(claim, turn.id, { text: "Hello", at: 6 });
    await store.markStreaming(claim, turn.id, { text: "Hel", at: 7 });
    await store.markCalling(claim, turn.id, { generation: 1, input: "no", at: 8 });
    expect(await a.next(claim)).toMatchObject({ state: "answered", text: "Hello", input: "hi" });
  });

  test("a settled turn stays as it is", async (world) => {
    const { a, store } = world;
    const { claim, turn } = await begin(world);
    await a.add(messageIn(p, "2"), false);
    await a.next(claim, { turn: turn.id, kind: "stopped" });
    const before = await everything(world);
    await store.markCalling(claim, turn.id, { generation: 1, input: "no", at: 8 });
    await store.markStreaming(claim, turn.id, { text: "no", at: 8 });
    await store.markAnswered(claim, turn.id, { text: "no", at: 8 });
    expect(await everything(world)).toEqual(before);
  });

  test("counts the earlier turns of the generation with the same input", async (world) => {
    const { a, store } = world;
    const begun = await begin(world);
    const { claim } = begun;
    await store.openConversation(claim, draft(2));
    const inputs = [
      [1, "hi"],
      [1, "other"],
      [2, "hi"],
      [1, "hi"],
      [1, "hi"],
    ] as const;
    let turn: Turn | undefined = begun.turn;
    for (const [generation, input] of inputs) {
      await a.add(messageIn(p, `after ${turn!.id}`), false);
      await store.markCalling(claim, turn!.id, { generation, input, at: 5 });
      turn = await a.next(claim, { turn: turn!.id, kind: "done" });
    }
    expect(await store.countSameInput(p, 1, "hi", turn!.id)).toBe(3);
    expect(await store.countSameInput(p, 1, "hi", begun.turn.id + 1)).toBe(1);
    expect(await store.countSameInput(p, 1, "hi", begun.turn.id)).toBe(0);
    expect(await store.countSameInput(p, 2, "hi", turn!.id)).toBe(1);
    expect(await store.countSameInput("q" as Place, 1, "hi", turn!.id)).toBe(0);
  });
}

/** The part of the store's contract that is about a turn's pages. */
export function pages(test: Test) {
  test("a turn's pages are intended, then posted, and told in their order", async (world) => {
    const { store } = world;
    const { claim, turn } = await begin(world);
    expect(await store.pages(turn.id)).toEqual([]);
    await store.markPageIntended(claim, turn.id, 1);
    await store.markPageIntended(claim, turn.id, 0);
    await store.markPagePosted(claim, turn.id, 0, id("m0"));
    expect(await store.pages(turn.id)).toEqual([{ index: 0, id: "m0" }, { index: 1 }]);
    await store.markPageIntended(claim, turn.id, 0);
    expect(await store.pages(turn.id)).toEqual([{ index: 0, id: "m0" }, { index: 1 }]);
    expect(await store.pages(turn.id + 1)).toEqual([]);
  });
}
