import { expect, it } from "vitest";
import type { Place } from "../../src/chat/place.ts";
import { draft, messageIn, type OpenBench } from "./store-bench.ts";

const PLACE = "chat:given" as Place;
const SETTINGS = { instructions: "Be brief.", instructed: "now" } as const;

const ADA = { id: "U7", name: "Ada", kind: "person" } as const;
const saidBy = (id: string) => ({ id, sentAt: 1, userId: "U7", userName: "Ada" });

/** What is told of what the model was given, on every implementation. */
export function givenContract(open: OpenBench): void {
  it("tells what the model was given for a turn: what was heard and asked before it, and what held then", async () => {
    const bench = await open();
    try {
      const mailbox = bench.mailbox("a");
      const turns: number[] = [];
      const ask = async (name: string, heard: readonly string[]) => {
        await bench.pass(10);
        const added = await mailbox.add(messageIn(PLACE, name), true);
        if (added.kind === "seen" || !added.claim) throw new Error("it was not taken");
        await mailbox.next(added.claim);
        if (turns.length === 0) await bench.store.openConversation(added.claim, draft(1));
        turns.push(added.turn);
        for (const one of heard)
          await bench.store.markHeard(added.claim, 1, { ...messageIn(PLACE, one), sentAt: 1, author: ADA });
        return { claim: added.claim, turn: added.turn };
      };
      const first = await ask("one", ["a", "b"]);
      const asked = { model: "glm", settings: SETTINGS };
      await bench.store.markCalling(first.claim, first.turn, {
        generation: 1,
        input: "first",
        at: bench.now(),
        asked,
      });
      await mailbox.next(first.claim, { turn: first.turn, kind: "done" });
      const second = await ask("two", ["c"]);
      await bench.store.markCalling(second.claim, second.turn, {
        generation: 1,
        input: "second",
        at: bench.now(),
      });
      await mailbox.next(second.claim, { turn: second.turn, kind: "failed", error: "timeout" });
      const third = await ask("three", []);
      await bench.archive.refresh();
      const { archive } = bench;
      expect(await archive.given(first.turn)).toEqual({
        input: "first",
        heard: 2,
        heardMessages: [saidBy("a"), saidBy("b")],
        earlierTurns: 0,
        settings: SETTINGS,
      });
      expect(await archive.given(second.turn)).toEqual({
        input: "second",
        heard: 3,
        heardMessages: [saidBy("a"), saidBy("b"), saidBy("c")],
        earlierTurns: 1,
      });
      expect(await archive.given(third.turn)).toBeUndefined();
      expect(await archive.given(99)).toBeUndefined();
      expect(await archive.turnOf(PLACE, "two")).toBe(second.turn);
    } finally {
      await bench.close();
    }
  });
}
