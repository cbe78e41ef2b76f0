import { describe, expect, it } from "vitest";
import { PatchcordError } from "../../src/errors.ts";
import type { Store } from "../../src/store/store.ts";
import { openBench } from "./harness.ts";

describe("a turn whose database fails", () => {
  const failing = (calls: Set<number>) => {
    let count = 0;
    return (store: Store): Store => ({
      ...store,
      markStreaming: async (...facts) => {
        count += 1;
        if (calls.has(count)) throw new PatchcordError("database_full", "the disk is full");
        await store.markStreaming(...facts);
      },
    });
  };
  const talk = async function* () {
    for (const word of ["One ", "two ", "three ", "four."]) yield { kind: "text" as const, delta: word };
    yield { kind: "done" as const };
  };

  it("for a moment is run again, and answered once", async () => {
    const bench = await openBench({ storeAs: failing(new Set([1])) });
    const { chat, telnyx, settle, lines } = bench;
    telnyx.model(talk);
    const place = chat.openPlace();
    await chat.say(place, "count");
    await settle(60_000);
    expect(chat.pages(place)).toEqual(["One two three four."]);
    expect(lines.join("")).toContain("the disk is full");
    expect(chat.violations).toEqual([]);
    await bench.close();
  });

  it("for good ends, and is logged", async () => {
    const bench = await openBench({
      storeAs: failing(new Set(Array.from({ length: 99 }, (_, index) => index))),
    });
    const { chat, telnyx, clock, lines } = bench;
    telnyx.model(async function* () {
      yield* talk();
      await new Promise(() => undefined);
    });
    const place = chat.openPlace();
    await chat.say(place, "count");
    await clock.advance(1_200_000);
    expect(lines.filter((line) => line.includes('"turn broke off"')).length).toBeLessThanOrEqual(6);
    expect(chat.pages(place)).toEqual([expect.stringMatching(/^_I could not answer: something broke/)]);
    await bench.close();
    expect(clock.sleeping()).toBe(0);
  });

  it("while a page is being painted is not run again before that is over", async () => {
    let failures = 1;
    const bench = await openBench({
      storeAs: (store) => ({
        ...store,
        markAnswered: async (...facts) => {
          failures -= 1;
          if (failures >= 0) throw new PatchcordError("database_full", "the disk is full");
          await store.markAnswered(...facts);
        },
      }),
    });
    const { chat, telnyx, clock, settle } = bench;
    telnyx.model(async function* () {
      yield { kind: "text", delta: "Half" };
      await clock.sleep(1_000);
      yield { kind: "text", delta: " and half" };
      await clock.sleep(1_000);
      yield { kind: "text", delta: "." };
      yield { kind: "done" };
    });
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await clock.advance(500);
    const held = chat.hold("edit");
    await clock.advance(20_000);
    expect(held.held).toBe(1);
    held.open();
    await settle(60_000);
    expect(chat.pages(place)).toEqual(["Half and half."]);
    expect(chat.violations).toEqual([]);
    await bench.close();
  });

  it("because another process has its place is left to that process, unsettled", async () => {
    let fences = 1;
    const bench = await openBench({
      storeAs: (store) => ({
        ...store,
        markCalling: async (...facts) => {
          fences -= 1;
          if (fences >= 0) throw new PatchcordError("fenced", "the claim is over");
          await store.markCalling(...facts);
        },
      }),
    });
    const { chat, settle, lines } = bench;
    await chat.say(chat.openPlace(), "hello");
    await settle(5_000);
    expect(lines.join("")).toContain("a turn was left unsettled");
    expect(lines.join("")).not.toContain("turn broke off");
    await bench.close();
  });
});
