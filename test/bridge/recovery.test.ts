import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fateIn } from "../../src/bridge/recovery.ts";
import { NEW_CONVERSATION } from "../../src/reply/notice.ts";
import type { StoredMessage } from "../../src/telnyx/telnyx.ts";
import { say, textOf } from "../fakes/telnyx.ts";
import { useKilledBench } from "./killed.ts";

const message = (role: string, text: string): StoredMessage => ({ role, text, metadata: {} });
const sent = (earlierCopies = 0) => ({ conversation: "c", input: "hello", earlierCopies });

describe("the fate of a request", () => {
  it("is absent while Telnyx has no copy of it more than was settled before", () => {
    expect(fateIn([], sent())).toEqual({ kind: "absent" });
    expect(fateIn([message("user", "hello"), message("assistant", "hi")], sent(1))).toEqual({
      kind: "absent",
    });
  });

  it("is unanswered while nothing of the assistant's follows it", () => {
    expect(fateIn([message("user", "hello")], sent())).toEqual({ kind: "unanswered" });
    expect(
      fateIn([message("user", "hello"), message("reasoning", "hm"), message("tool", "{}")], sent()),
    ).toEqual({ kind: "unanswered" });
  });

  it("is answered by what the assistant said after its last copy, and by nothing else", () => {
    const answer = fc.string({ minLength: 1 }).filter((text) => text.trim() !== "");
    fc.assert(
      fc.property(answer, answer, fc.nat(3), (old, fresh, copies) => {
        const earlier = Array.from({ length: copies }, () => [
          message("user", "hello"),
          message("assistant", old),
        ]).flat();
        const history = [
          ...earlier,
          message("user", " hello\n"),
          message("assistant", fresh),
          message("user", "next"),
          message("assistant", old),
        ];
        expect(fateIn(history, sent(copies))).toEqual({ kind: "answered", text: fresh });
      }),
    );
  });
});

describe("a turn that a kill interrupted", () => {
  const bench = useKilledBench();

  it("before the model was asked is answered by the next process", async () => {
    const { chat, telnyx, settle } = bench();
    const place = chat.openPlace();
    const held = chat.hold("history");
    await chat.say(place, "hello");
    await bench().clock.advance(100);
    await bench().crash();
    held.open();
    await settle();
    expect(telnyx.asked).toHaveLength(1);
    expect(chat.pages(place)).toHaveLength(1);
  });

  it("after the answer was stored at Telnyx is delivered without asking the model again", async () => {
    const { chat, telnyx, clock, settle } = bench();
    telnyx.model(async function* (request) {
      telnyx
        .messagesOf(request.conversation!)
        .push(message("user", textOf(request)), message("assistant", "All of it."));
      yield { kind: "text", delta: "All" };
      await new Promise(() => undefined);
    });
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await clock.advance(1_000);
    await bench().crash();
    await settle(2_000);
    expect(telnyx.asked).toHaveLength(1);
    expect(chat.pages(place)).toEqual(["All of it."]);
  });

  it("while Telnyx still wrote the answer is given a while, and is not asked again", async () => {
    const { chat, telnyx, clock, settle } = bench();
    telnyx.model(async function* (request) {
      void clock.sleep(8_000).then(() => telnyx.keep(request, "All of it."));
      yield { kind: "text", delta: "All" };
      await new Promise(() => undefined);
    });
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await clock.advance(1_000);
    await bench().crash();
    await settle(30_000);
    expect(telnyx.asked).toHaveLength(1);
    expect(chat.pages(place)).toEqual(["All of it."]);
  });

  it("between the answer and its delivery is only delivered", async () => {
    const { chat, telnyx, clock, settle } = bench();
    const held = chat.hold("post");
    telnyx.model(() => say("Short."));
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await clock.advance(100);
    telnyx.model(() => say("Another."));
    await bench().crash();
    held.open();
    await settle();
    expect(telnyx.asked).toHaveLength(1);
    expect(chat.pages(place)).toEqual(["Short."]);
  });

  it("between an answer that the model ended early and its delivery still says so", async () => {
    const { chat, telnyx, clock, settle } = bench();
    const held = chat.hold("post");
    telnyx.model(async function* () {
      yield { kind: "text", delta: "Too long" };
      yield { kind: "done", incomplete: "max_output_tokens" };
    });
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await clock.advance(100);
    await bench().crash();
    held.open();
    await settle(5_000);
    expect(telnyx.asked).toHaveLength(1);
    expect(chat.pages(place)).toEqual([expect.stringMatching(/^Too long\n\n_The answer stops here/)]);
  });

  it("and that waited in the mailbox is answered after its predecessor", async () => {
    const { chat, telnyx, clock, settle } = bench();
    telnyx.model(async function* () {
      await new Promise(() => undefined);
      yield { kind: "done" };
    });
    const place = chat.openPlace({ channelKind: "dm" });
    await chat.say(place, "one");
    await chat.say(place, "two");
    await clock.advance(100);
    telnyx.model((request) => say(`re: ${textOf(request)}`));
    await bench().crash();
    await settle();
    expect(chat.pages(place)).toEqual(["re: one", "re: two"]);
  });

  it("and whose conversation is deleted meanwhile goes on in the next one, without a wait", async () => {
    const { chat, telnyx, clock, settle } = bench();
    telnyx.model(async function* () {
      yield { kind: "thinking" };
      await new Promise(() => undefined);
    });
    const place = chat.openPlace({ channelKind: "dm" });
    await chat.say(place, "hello");
    await clock.advance(1_000);
    telnyx.forget(telnyx.created[0]!.id);
    telnyx.model(() => say("Here."));
    await bench().crash();
    await settle(5_000);
    expect(chat.pages(place)).toEqual([`_${NEW_CONVERSATION}_\n\nHere.`]);
  });

  it("again and again is given up, with a sentence that says so", async () => {
    const { chat, telnyx, clock, settle } = bench();
    telnyx.model(async function* () {
      yield { kind: "thinking" };
      await new Promise(() => undefined);
    });
    const place = chat.openPlace();
    await chat.say(place, "what kills you?");
    for (let kill = 0; kill < 8; kill += 1) {
      await clock.advance(20_000);
      await bench().crash();
    }
    await settle(30_000);
    expect(telnyx.asked.length).toBeLessThanOrEqual(5);
    expect(chat.pages(place)).toEqual([expect.stringMatching(/^_I could not answer: something broke/)]);
    telnyx.model(() => say("Here."));
    await chat.say(place, "are you there?");
    await settle(5_000);
    expect(chat.pages(place)[1]).toBe("Here.");
  });
});
