import { describe, expect, it } from "vitest";
import { NEW_CONVERSATION } from "../../src/reply/notice.ts";
import { notFound, say, textOf } from "../fakes/telnyx.ts";
import { useBenches } from "./harness.ts";

const open = useBenches();

describe("a turn", () => {
  it("answers a mention in its place, in one page, with the model's text", async () => {
    const { chat, telnyx, settle } = await open();
    telnyx.model(() => say("A patch cord joins two lines."));
    const place = chat.openPlace();
    await chat.say(place, "what is a patch cord?");
    await settle();
    expect(chat.pages(place)).toEqual(["A patch cord joins two lines."]);
    expect(chat.stored(place).at(-1)?.final).toBe(true);
  });

  it("shows the first text while the model still writes", async () => {
    const { chat, telnyx, clock, settle } = await open();
    const gate = Promise.withResolvers<void>();
    telnyx.model(async function* () {
      yield { kind: "text", delta: "First words" };
      await gate.promise;
      yield { kind: "text", delta: ", last words." };
      yield { kind: "done" };
    });
    const place = chat.openPlace();
    await chat.say(place, "go");
    await clock.advance(10);
    expect(chat.pages(place)[0]).toMatch(/^First words/);
    gate.resolve();
    await settle();
    expect(chat.pages(place)).toEqual(["First words, last words."]);
  });

  it("keeps the conversation, and sends the instructions with its first request alone", async () => {
    const { chat, telnyx, settle } = await open();
    const place = chat.openPlace();
    await chat.say(place, "my name is Ada", { call: { startsPlace: true } });
    await settle(5_000);
    await chat.say(place, "what is my name?");
    await settle(5_000);
    expect(telnyx.created).toHaveLength(1);
    expect(telnyx.asked.map(({ conversation }) => conversation)).toEqual([
      telnyx.created[0]!.id,
      telnyx.created[0]!.id,
    ]);
    expect(telnyx.asked.map(({ instructions }) => instructions !== undefined)).toEqual([true, false]);
    expect(telnyx.asked[0]!.instructions).toContain("Be brief.");
  });

  it("names who speaks in a shared place, and nobody in a DM", async () => {
    const { chat, telnyx, settle } = await open();
    await chat.say(chat.openPlace(), "hello", { author: { id: "U7", name: "Grace" } });
    await chat.say(chat.openPlace({ channelKind: "dm" }), "hello");
    await settle(5_000);
    const inputs = telnyx.asked.map(textOf);
    expect(inputs.some((input) => input.startsWith('U7 "Grace"'))).toBe(true);
    expect(inputs).toContain("hello");
  });

  it("writes the place's names as the conversation's metadata", async () => {
    const { chat, telnyx, settle } = await open();
    await chat.say(chat.openPlace({ channel: "C9" }), "hello");
    await settle(5_000);
    expect(telnyx.created[0]!.metadata).toMatchObject({
      app: "patchcord",
      platform: "fake",
      channel_id: "C9",
      generation: "1",
      started_by_id: "U1",
    });
  });

  it("splits a long answer into pages that hold all of it", async () => {
    const { chat, telnyx, settle } = await open({ pageLength: 200 });
    const text = Array.from({ length: 60 }, (_, i) => `Sentence number ${i} of a long answer.`).join("\n\n");
    telnyx.model(() => say(text, 20));
    const place = chat.openPlace();
    const question = await chat.say(place, "long please");
    await settle();
    const posts = chat.calls.filter(({ kind }) => kind === "post");
    expect(posts.map(({ page }) => page?.replyTo)).toEqual([
      question.id,
      ...posts.slice(1).map(() => undefined),
    ]);
    expect(chat.pages(place).length).toBeGreaterThan(10);
    expect(chat.pages(place).join("\n\n").replaceAll(/\s+/g, " ")).toBe(text.replaceAll(/\s+/g, " "));
  });
});

describe("several messages", () => {
  it("in one place are answered in order, one after the other", async () => {
    const { chat, telnyx, settle } = await open();
    let live = 0;
    let most = 0;
    telnyx.model(async function* (request) {
      live += 1;
      most = Math.max(most, live);
      yield* say(`re: ${textOf(request)}`);
      live -= 1;
    });
    const place = chat.openPlace({ channelKind: "dm" });
    await Promise.all(["one", "two", "three"].map((text) => chat.say(place, text)));
    await settle();
    expect(chat.pages(place)).toEqual(["re: one", "re: two", "re: three"]);
    expect(most).toBe(1);
    expect(telnyx.created).toHaveLength(1);
  });

  it("in different places are answered side by side", async () => {
    const { chat, telnyx, clock, settle } = await open();
    const gate = Promise.withResolvers<void>();
    telnyx.model(async function* (request) {
      if (textOf(request) === "slow") await gate.promise;
      yield* say(`re: ${textOf(request)}`);
    });
    const [slow, quick] = [chat.openPlace({ channelKind: "dm" }), chat.openPlace({ channelKind: "dm" })];
    await chat.say(slow, "slow");
    await chat.say(quick, "quick");
    await clock.advance(1_000);
    expect(chat.pages(quick)).toEqual(["re: quick"]);
    expect(chat.pages(slow)).toEqual([]);
    gate.resolve();
    await settle(5_000);
    expect(chat.pages(slow)).toEqual(["re: slow"]);
  });

  it("of which one is delivered twice get one answer each", async () => {
    const { chat, telnyx, settle } = await open();
    const place = chat.openPlace();
    const message = await chat.say(place, "once");
    await chat.deliver(message);
    await settle(5_000);
    await chat.deliver(message);
    await settle(5_000);
    expect(telnyx.asked).toHaveLength(1);
    expect(chat.pages(place)).toHaveLength(1);
  });
});

describe("what was said before", () => {
  it("is given to the model when it is called into a thread, each message once", async () => {
    const { chat, telnyx, settle } = await open();
    await settle(61_000); // just after a start, every place is looked at again
    const place = chat.openPlace();
    const quiet = { call: { mentionsBot: false } };
    await chat.say(place, "the budget is 400", { author: { id: "U2", name: "Bob" }, ...quiet });
    await chat.say(place, "no, 500", { author: { id: "U3", name: "Eve" }, ...quiet });
    await chat.say(place, "what is the budget?");
    await settle(5_000);
    const stored = telnyx.messagesOf(telnyx.created[0]!.id).map(({ text }) => text);
    expect(stored.slice(0, 2)).toEqual([
      expect.stringContaining("the budget is 400"),
      expect.stringContaining("no, 500"),
    ]);
    expect(stored.filter((text) => text.includes("no, 500"))).toHaveLength(1);
    await chat.say(place, "and now?");
    await settle(5_000);
    expect(chat.calls.filter(({ kind }) => kind === "history")).toHaveLength(1);
  });

  it("is caught up with when people spoke among themselves meanwhile", async () => {
    const { chat, telnyx, settle } = await open();
    const place = chat.openPlace();
    await chat.say(place, "hello", { call: { startsPlace: true } });
    await settle(5_000);
    await chat.say(place, "Bob, it is in Paris", {
      call: { mentionsBot: false, mentionsOthers: true, inThread: true },
    });
    await chat.say(place, "where is it?");
    await settle(5_000);
    const stored = telnyx.messagesOf(telnyx.created[0]!.id).map(({ text }) => text);
    expect(stored.filter((text) => text.includes("it is in Paris"))).toHaveLength(1);
    expect(stored.findIndex((text) => text.includes("Paris"))).toBeLessThan(
      stored.findIndex((text) => text.includes("where is it?")),
    );
  });

  it("never enters another place's conversation", async () => {
    const { chat, telnyx, settle } = await open();
    const [mine, other] = [chat.openPlace(), chat.openPlace()];
    await chat.say(other, "the secret is 42", { call: { mentionsBot: false } });
    await chat.say(mine, "what was said?");
    await chat.say(other, "and here?");
    await settle(5_000);
    const [first] = telnyx.created;
    expect(JSON.stringify(telnyx.messagesOf(first!.id))).not.toContain("secret");
  });

  it("does not keep the bot from answering when it cannot be read", async () => {
    const { chat, settle } = await open();
    const place = chat.openPlace();
    chat.fail("history", "unreachable");
    await chat.say(place, "hello?");
    await settle(5_000);
    expect(chat.pages(place)).toHaveLength(1);
  });
});

describe("a conversation that is gone at Telnyx", () => {
  it("is followed by the place's next one, and the reply says so", async () => {
    const { chat, telnyx, settle } = await open();
    telnyx.model((request) => say(`re: ${textOf(request)}`));
    const place = chat.openPlace({ channelKind: "dm" });
    await chat.say(place, "first");
    await settle(5_000);
    telnyx.forget(telnyx.created[0]!.id);
    await chat.say(place, "second");
    await settle(5_000);
    expect(chat.pages(place)[1]).toBe(`_${NEW_CONVERSATION}_\n\nre: second`);
    expect(telnyx.created[1]!.metadata).toMatchObject({ generation: "2" });
    // What was said before is given to the new conversation: people would expect that it still knows.
    expect(telnyx.messagesOf(telnyx.created[1]!.id).map(({ role, text }) => `${role}: ${text}`)).toEqual([
      "user: first",
      "assistant: re: first",
      expect.stringMatching(/^system: Be brief/),
      "user: second",
      `assistant: re: second`,
    ]);
    await chat.say(place, "third");
    await settle(5_000);
    expect(chat.pages(place)[2]).toBe("re: third");
  });

  it("is noticed too when earlier messages are added to it", async () => {
    const { chat, telnyx, settle } = await open();
    const place = chat.openPlace();
    await chat.say(place, "said before", { call: { mentionsBot: false } });
    telnyx.refuse("addMessage", notFound());
    await chat.say(place, "hello");
    await settle(5_000);
    expect(telnyx.created).toHaveLength(2);
    expect(chat.pages(place)[0]).toContain(NEW_CONVERSATION);
  });
});
