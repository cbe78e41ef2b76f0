import { describe, expect, it } from "vitest";
import { aside, LEFT_OVER } from "../../src/reply/notice.ts";
import { say } from "../fakes/telnyx.ts";
import { useKilledBench } from "./killed.ts";

describe("the pages of a turn that a kill interrupted", () => {
  const bench = useKilledBench();

  it("are gone on with, in the same messages", async () => {
    const { chat, telnyx, clock, settle } = bench();
    const text = Array.from({ length: 30 }, (_, i) => `Line ${i} of the answer to it.`).join("\n");
    telnyx.model(async function* () {
      yield { kind: "text", delta: text.slice(0, 500) };
      await new Promise(() => undefined);
    });
    const place = chat.openPlace();
    await chat.say(place, "long");
    await clock.advance(3_000);
    const before = chat
      .stored(place)
      .filter(({ key }) => key !== undefined)
      .map(({ message: { id } }) => id);
    expect(before.length).toBeGreaterThan(0);
    telnyx.model(() => say(text));
    await bench().crash();
    await settle();
    expect(telnyx.asked).toHaveLength(2);
    const pages = chat.stored(place).filter(({ key }) => key !== undefined);
    // What was stored of a page is enough: nothing has to be looked for on the platform.
    expect(chat.calls.filter(({ key }) => key?.repeated)).toEqual([]);
    expect(pages.slice(0, before.length).map(({ message: { id } }) => id)).toEqual(before);
    expect(pages.every(({ final }) => final)).toBe(true);
    expect(pages.map((page) => page.message.text).join("")).toBe(text);
  });

  it("are not posted again when a post's id was never heard of", async () => {
    const { chat, telnyx, clock, settle } = bench();
    const held = chat.hold("post", "after");
    telnyx.model(() => say("Posted once."));
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await clock.advance(100);
    expect(chat.pages(place)).toHaveLength(1);
    await bench().crash();
    held.open();
    await settle();
    expect(chat.pages(place)).toEqual(["Posted once."]);
  });

  it("are all replaced when the second try ends in fewer, also one whose id was never heard of", async () => {
    const { chat, telnyx, clock, settle } = bench();
    const text = Array.from({ length: 12 }, (_, i) => `Line ${i} of the first answer to it.`).join("\n");
    telnyx.model(async function* () {
      yield { kind: "text", delta: text };
      await new Promise(() => undefined);
    });
    const place = chat.openPlace();
    await chat.say(place, "long");
    const held = chat.hold("post", "after");
    await clock.advance(100);
    held.release();
    await clock.advance(2_000);
    expect(chat.pages(place)).toHaveLength(2);
    telnyx.model(() => say("Short."));
    await bench().crash();
    held.open();
    await settle(30_000);
    expect(chat.pages(place)).toEqual(["Short.", aside(LEFT_OVER)]);
  });

  it("are not taken back to grow again", async () => {
    const { chat, telnyx, clock, settle } = bench();
    const text = Array.from({ length: 12 }, (_, i) => `Line ${i} of the answer to it.`).join("\n");
    telnyx.model(async function* () {
      yield { kind: "text", delta: text.slice(0, 250) };
      await new Promise(() => undefined);
    });
    const place = chat.openPlace();
    await chat.say(place, "long");
    await clock.advance(3_000);
    const [shown = ""] = chat.pages(place);
    telnyx.model(async function* () {
      for (let at = 0; at < text.length; at += 20) {
        yield { kind: "text", delta: text.slice(at, at + 20) };
        await clock.sleep(1_000);
      }
      yield { kind: "done" };
    });
    await bench().crash();
    for (let second = 0; second < 60; second += 1) {
      await clock.advance(1_000);
      expect(chat.pages(place)[0]?.length).toBeGreaterThanOrEqual(shown.length);
    }
    await settle(10_000);
    expect(chat.pages(place).join("")).toBe(text);
    expect(bench().chat.violations).toEqual([]);
  });
});
