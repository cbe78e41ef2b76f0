import { describe, expect, it } from "vitest";
import { TelnyxError } from "../../src/telnyx/telnyx.ts";
import { say } from "../fakes/telnyx.ts";
import { failed, inTurn, only } from "./failing.ts";
import { useBenches } from "./harness.ts";

const open = useBenches();

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

  it.each(["timeout", "unavailable", "cut"] as const)(
    "is not asked for again while Telnyx has the question and no answer (%s)",
    async (reason) => {
      const { chat, telnyx, settle } = await open();
      telnyx.model(async function* () {
        telnyx.messagesOf(telnyx.created[0]!.id).push({ role: "user", text: "hello", metadata: {} });
        yield failed(reason, "unknown");
      });
      const place = chat.openPlace({ channelKind: "dm" });
      await chat.say(place, "hello");
      await settle();
      expect(telnyx.asked).toHaveLength(1);
      expect(chat.pages(place)[0]).toMatch(/^_?I could not answer: /);
    },
  );

  it("is shown as far as it came when Telnyx has less of it", async () => {
    const { chat, telnyx, settle } = await open();
    telnyx.model(async function* (request) {
      yield { kind: "text", delta: "Most of the answer" };
      telnyx.keep(request, "Most of");
      yield failed("cut", "unknown");
    });
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await settle();
    expect(chat.pages(place)[0]).toMatch(/^Most of the answer\s+_?The answer stops here: the connection/);
  });

  it("is not asked for again while Telnyx cannot be asked what became of it, and the next request is whole", async () => {
    const { chat, telnyx, settle } = await open();
    telnyx.model(inTurn(only(failed("cut", "unknown")), () => say("Here.")));
    const down = new TelnyxError("no", { code: "http_503", reason: "unavailable", reached: "unknown" });
    telnyx.refuse("getMessages", down);
    const place = chat.openPlace();
    await chat.say(place, "hello");
    await settle();
    expect(telnyx.asked).toHaveLength(1);
    expect(chat.pages(place)).toEqual([expect.stringMatching(/^_I could not answer: the connection/)]);
    await chat.say(place, "hello again");
    await settle(5_000);
    expect(telnyx.asked.map(({ instructions }) => instructions !== undefined)).toEqual([true, true]);
  });

  it.each([
    ["the conversation has its instructions", say("Here."), failed("model_error", "unknown")],
    ["the first request was refused", undefined, failed("account")],
  ])("costs no second look at Telnyx when nothing was lost and %s", async (_, before, failure) => {
    const { chat, telnyx, settle, lines } = await open();
    const place = chat.openPlace();
    if (before) {
      telnyx.model(() => before);
      await chat.say(place, "hello");
      await settle(5_000);
    }
    telnyx.model(only({ kind: "thinking" }, failure));
    telnyx.refuse(
      "getMessages",
      new TelnyxError("nobody is to ask", { code: "x", reason: "unavailable", reached: "unknown" }),
    );
    await chat.say(place, "hello again");
    await settle(5_000);
    expect(chat.pages(place).at(-1)).toMatch(/^_I could not answer/);
    expect(lines.filter((line) => line.includes("Telnyx cannot be asked"))).toEqual([]);
  });
});
