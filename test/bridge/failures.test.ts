import { afterEach, describe, expect, it } from "vitest";
import type { Failed, ReplyEvent } from "../../src/reply/event.ts";
import { TelnyxError } from "../../src/telnyx/telnyx.ts";
import { type FakeModel, say } from "../fakes/telnyx.ts";
import { type Bench, type BenchOptions, openBench } from "./harness.ts";

const benches: Bench[] = [];
const open = async (options?: BenchOptions) => {
  const bench = await openBench(options);
  benches.push(bench);
  return bench;
};

afterEach(async () => {
  for (const bench of benches.splice(0)) {
    expect(bench.chat.violations).toEqual([]);
    expect(bench.chat.indicating.size).toBe(0);
    await bench.close();
    expect(bench.clock.sleeping()).toBe(0);
  }
});

const failed = (reason: Failed["reason"], reached: Failed["reached"] = "refused"): Failed => ({
  kind: "failed",
  reason,
  reached,
  detail: "secret detail",
});

/** Plays one model after the other; the last one stays. */
function inTurn(...models: FakeModel[]): FakeModel {
  let count = 0;
  return (request, history) => {
    const model = models[Math.min(count, models.length - 1)]!;
    count += 1;
    return model(request, history);
  };
}
const only = (...events: ReplyEvent[]) =>
  async function* () {
    yield* events;
  };

describe("a failure of the model's", () => {
  it.each(["account", "model_gone", "rejected", "model_error", "content_filter"] as const)(
    "of kind %s ends in one honest sentence, and is tried no more",
    async (reason) => {
      const { chat, telnyx, settle } = await open();
      telnyx.model(only(failed(reason)));
      const place = chat.openPlace();
      await chat.say(place, "hello");
      await settle();
      expect(chat.pages(place)).toHaveLength(1);
      expect(chat.pages(place)[0]).toMatch(/^_?I could not answer: .+\. .+\._?$/);
      expect(chat.pages(place)[0]).not.toContain("secret detail");
      expect(telnyx.asked).toHaveLength(1);
    },
  );

  it("after some text keeps the text and says that it stops there", async () => {
    const { chat, telnyx, settle } = await open();
    telnyx.model(only({ kind: "text", delta: "Half an answ" }, failed("model_error", "unknown")));
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await settle();
    expect(chat.pages(place)[0]).toMatch(/^Half an answ\n\n_?The answer stops here: .+/);
  });

  it("that passes by itself is tried again in silence", async () => {
    const { chat, telnyx, settle } = await open();
    telnyx.model(
      inTurn(only(failed("unavailable", "never")), only(failed("rate_limited")), () => say("Here I am.")),
    );
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await settle();
    expect(chat.pages(place)).toEqual(["Here I am."]);
  });

  it("that does not pass is said after a few tries, and the next message is answered", async () => {
    const { chat, telnyx, settle } = await open();
    telnyx.model(only(failed("unavailable", "never")));
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await settle();
    expect(chat.pages(place)).toEqual([expect.stringMatching(/^_?I could not answer/)]);
    expect(telnyx.asked.length).toBeLessThanOrEqual(3);
    telnyx.model(() => say("Back."));
    await chat.say(place, "and now?");
    await settle(5_000);
    expect(chat.pages(place)[1]).toBe("Back.");
  });

  it("in creating the conversation is said too", async () => {
    const { chat, telnyx, settle } = await open();
    telnyx.refuse(
      "createConversation",
      new TelnyxError("no", { code: "http_403", status: 403, reason: "account", reached: "refused" }),
    );
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await settle(5_000);
    expect(chat.pages(place)[0]).toMatch(/person who runs this bot/);
  });
});

describe("an answer that was lost on its way", () => {
  it("is fetched from Telnyx, which has it, and nothing is asked twice", async () => {
    const { chat, telnyx, clock, settle } = await open();
    telnyx.model(async function* () {
      yield { kind: "text", delta: "The whole " };
      const stored = telnyx.messagesOf(telnyx.created[0]!.id);
      stored.push({ role: "user", text: "hello", metadata: {} });
      // The model goes on after the line broke: its answer is there a few seconds later.
      void clock
        .sleep(3_000)
        .then(() => stored.push({ role: "assistant", text: "The whole answer.", metadata: {} }));
      yield failed("cut", "unknown");
    });
    const place = chat.openPlace({ channelKind: "dm" });
    await chat.say(place, "hello");
    await settle();
    expect(chat.pages(place)).toEqual(["The whole answer."]);
    expect(telnyx.asked).toHaveLength(1);
  });

  it("is not mistaken for the answer to the same words said earlier", async () => {
    const { chat, telnyx, settle } = await open();
    telnyx.model(
      inTurn(
        () => say("First answer."),
        only(failed("cut", "unknown")),
        () => say("Second answer."),
      ),
    );
    const place = chat.openPlace({ channelKind: "dm" });
    await chat.say(place, "hello");
    await settle(5_000);
    await chat.say(place, "hello");
    await settle();
    expect(chat.pages(place)).toEqual(["First answer.", "Second answer."]);
  });

  it("is not asked for again once text had come, but marked as cut", async () => {
    const { chat, telnyx, settle } = await open();
    telnyx.model(only({ kind: "text", delta: "The whole " }, failed("cut", "unknown")));
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await settle();
    expect(telnyx.asked).toHaveLength(1);
    expect(chat.pages(place)[0]).toMatch(/^The whole\s+_?The answer stops here: the connection/);
  });

  it("is asked for once more when Telnyx has not even the question", async () => {
    const { chat, telnyx, settle } = await open();
    telnyx.model(inTurn(only(failed("unavailable", "unknown")), () => say("Second time.")));
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await settle();
    expect(chat.pages(place)).toEqual(["Second time."]);
    expect(telnyx.asked).toHaveLength(2);
  });

  it("is not asked for again while Telnyx has the question and no answer", async () => {
    const { chat, telnyx, settle } = await open();
    telnyx.model(async function* () {
      telnyx.messagesOf(telnyx.created[0]!.id).push({ role: "user", text: "hello", metadata: {} });
      yield failed("timeout", "unknown");
    });
    const place = chat.openPlace({ channelKind: "dm" });
    await chat.say(place, "hello");
    await settle();
    expect(telnyx.asked).toHaveLength(1);
    expect(chat.pages(place)[0]).toMatch(/^_?I could not answer: the model was silent/);
  });
});

describe("a platform's refusal", () => {
  it("of a draft is healed by the next paint", async () => {
    const { chat, telnyx, settle } = await open();
    chat.fail("edit", "unavailable", { times: 3 });
    telnyx.model(async function* () {
      for (const word of ["one ", "two ", "three ", "four"]) yield { kind: "text", delta: word };
      yield { kind: "done" };
    });
    const place = chat.openPlace();
    await chat.say(place, "count");
    await settle();
    expect(chat.pages(place)).toEqual(["one two three four"]);
  });

  it.each(["rate_limited", "unavailable", "swallow", "cut"] as const)(
    "of the first post (%s) is tried again, and nothing is posted twice",
    async (failure) => {
      const { chat, settle } = await open();
      chat.fail("post", failure, { times: 2 });
      const place = chat.openPlace();
      await chat.say(place, "hello");
      await settle();
      expect(chat.pages(place)).toHaveLength(1);
      expect(chat.stored(place).at(-1)?.final).toBe(true);
    },
  );

  it("that lasts ends the turn, so that the place's next message has its chance", async () => {
    const { chat, settle, lines } = await open();
    const place = chat.openPlace();
    chat.fail("post", "unreachable");
    await chat.say(place, "hello");
    await settle(5_000);
    expect(chat.pages(place)).toEqual([]);
    expect(lines.join("")).toContain("fake_unreachable");
    await chat.say(place, "hello again");
    await settle(5_000);
    expect(chat.pages(place)).toHaveLength(1);
  });

  it("because a person deleted the message stops the model", async () => {
    const { chat, telnyx, clock, settle } = await open();
    let stopped = false;
    telnyx.model(async function* () {
      try {
        for (let i = 0; i < 1_000; i += 1) {
          await clock.sleep(100);
          yield { kind: "text", delta: `word ${i} ` };
        }
        yield { kind: "done" };
      } finally {
        stopped = true;
      }
    });
    const place = chat.openPlace();
    await chat.say(place, "talk");
    await clock.advance(500);
    const page = chat.stored(place).at(-1)!.message;
    expect(page.author.kind).toBe("self");
    chat.remove(place, page.id);
    await settle(10_000);
    expect(chat.pages(place)).toEqual([]);
    expect(stopped).toBe(true);
    telnyx.model(() => say("Still here."));
    await chat.say(place, "are you there?");
    await settle(5_000);
    expect(chat.pages(place)).toEqual(["Still here."]);
  });
});
