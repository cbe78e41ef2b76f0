import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Failed } from "../../src/reply/event.ts";
import { NEW_CONVERSATION } from "../../src/reply/notice.ts";
import { say, textOf } from "../fakes/telnyx.ts";
import { type Bench, openBench } from "./harness.ts";

let folder: string;
let bench: Bench;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "patchcord-"));
  bench = await openBench({ path: join(folder, "test.db") });
});
afterEach(async () => {
  expect(bench.chat.violations).toEqual([]);
  await bench.close();
  rmSync(folder, { recursive: true });
});

/** How often the conversation was given the instructions, as Telnyx has them. */
const given = () =>
  bench.telnyx.messagesOf(bench.telnyx.created.at(-1)!.id).filter(({ role }) => role === "system").length;
const carried = () => bench.telnyx.asked.map(({ instructions }) => instructions !== undefined);
const broken: Failed = { kind: "failed", reason: "model_error", reached: "unknown", detail: "boom" };

describe("the instructions", () => {
  it("are not sent again because the first reply could not be delivered", async () => {
    const { chat, settle } = bench;
    const place = chat.openPlace();
    const held = chat.hold("post");
    chat.fail("post", "unreachable");
    await chat.say(place, "hello");
    await settle(1_000);
    held.open();
    await settle(4_000);
    await chat.say(place, "hello again");
    await settle(5_000);
    expect(carried()).toEqual([true, false]);
    expect(given()).toBe(1);
  });

  it.each([
    ["nothing of it", "on_completion", [true, true]],
    ["its input", "input_first", [true, false]],
  ] as const)(
    "are there once after a person deleted the first reply, though Telnyx kept %s",
    async (_, persistence, expected) => {
      const { chat, telnyx, clock, settle } = bench;
      telnyx.persistence = persistence;
      telnyx.model(async function* () {
        for (;;) {
          yield { kind: "text", delta: "and " };
          await clock.sleep(500);
        }
      });
      const place = chat.openPlace();
      await chat.say(place, "for ever");
      await clock.advance(2_000);
      chat.remove(place, chat.stored(place).at(-1)!.message.id);
      await settle(5_000);
      telnyx.model(() => say("Here."));
      await chat.say(place, "are you there?");
      await settle(5_000);
      expect(chat.pages(place)).toEqual(["Here."]);
      expect(carried()).toEqual(expected);
      expect(given()).toBe(1);
    },
  );

  it.each([
    ["nothing of it", "on_completion"],
    ["its input", "input_first"],
  ] as const)(
    "are there once after the model failed on the first request, though Telnyx kept %s",
    async (_, persistence) => {
      const { chat, telnyx, settle } = bench;
      telnyx.persistence = persistence;
      telnyx.model(async function* () {
        yield { kind: "thinking" };
        yield broken;
      });
      const place = chat.openPlace();
      await chat.say(place, "hello");
      await settle(5_000);
      telnyx.model(() => say("Hello."));
      await chat.say(place, "again, please");
      await settle(5_000);
      expect(given()).toBe(1);
    },
  );

  it("are there once after a kill in the middle of the first answer", async () => {
    const { chat, telnyx, clock, settle } = bench;
    telnyx.persistence = "input_first";
    telnyx.model(async function* () {
      yield { kind: "text", delta: "Half" };
      await new Promise(() => undefined);
    });
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await clock.advance(2_000);
    telnyx.model(() => say("Whole."));
    await bench.crash();
    await settle(30_000);
    expect(chat.pages(place)).toEqual(["Whole."]);
    expect(carried()).toEqual([true, false]);
  });

  it("are there once after a kill in the middle of the first answer, though the model fails then", async () => {
    const { chat, telnyx, clock, settle } = bench;
    telnyx.persistence = "input_first";
    telnyx.model(async function* () {
      yield { kind: "thinking" };
      await new Promise(() => undefined);
    });
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await clock.advance(2_000);
    telnyx.model(async function* () {
      yield { ...broken, reached: "refused" };
    });
    await bench.crash();
    await settle(30_000);
    telnyx.model(() => say("Hello."));
    await chat.say(place, "again, please");
    await settle(5_000);
    expect(chat.pages(place)).toEqual([expect.stringContaining("could not answer"), "Hello."]);
    expect(given()).toBe(1);
  });
});

describe("what was said before", () => {
  it("is not given to the model again, nor its own answer, after a kill before the delivery's end", async () => {
    const { chat, telnyx, clock, settle } = bench;
    const place = chat.openPlace();
    await chat.say(place, "the budget is 400", { call: { mentionsBot: false } });
    telnyx.model(() => say("Four hundred."));
    const held = chat.hold("post", "after");
    await chat.say(place, "what is the budget?");
    await clock.advance(100);
    await bench.crash();
    held.open();
    await settle(5_000);
    telnyx.model((request) => say(`re: ${textOf(request)}`));
    await chat.say(place, "and now?");
    await settle(5_000);
    const texts = telnyx.messagesOf(telnyx.created[0]!.id).map(({ text }) => text);
    expect(texts.filter((text) => text.includes("400"))).toHaveLength(1);
    expect(texts.filter((text) => text === "Four hundred.")).toHaveLength(1);
  });

  it("by the bot is not given to the model again because history could not be read at first", async () => {
    const { chat, telnyx, settle } = bench;
    const place = chat.openPlace();
    telnyx.model(() => say("My own words."));
    await chat.say(place, "the budget is 400", { call: { mentionsBot: false } });
    chat.fail("history", "unreachable");
    await chat.say(place, "one");
    await settle(5_000);
    await chat.say(place, "two");
    await settle(5_000);
    const texts = telnyx.messagesOf(telnyx.created[0]!.id).map(({ text }) => text);
    expect(texts.filter((text) => text === "My own words.")).toHaveLength(2); // two turns, an answer each
    expect(texts.filter((text) => text.includes("400"))).toHaveLength(1);
  });
});

describe("the line that says that a conversation is new", () => {
  it("stays over a kill before the delivery's end", async () => {
    const { chat, telnyx, clock, settle } = bench;
    const place = chat.openPlace({ channelKind: "dm" });
    await chat.say(place, "first");
    await settle(5_000);
    telnyx.forget(telnyx.created[0]!.id);
    telnyx.model(() => say("Answer."));
    const held = chat.hold("post", "after");
    await chat.say(place, "second");
    await clock.advance(1_000);
    expect(chat.pages(place)).toHaveLength(2);
    await bench.crash();
    held.open();
    await settle(5_000);
    expect(chat.pages(place)[1]).toBe(`_${NEW_CONVERSATION}_\n\nAnswer.`);
    await chat.say(place, "third");
    await settle(5_000);
    expect(chat.pages(place)[2]).toBe("Answer.");
  });
});
