import { describe, expect, it } from "vitest";
import { TelnyxError } from "../../src/telnyx/telnyx.ts";
import { say } from "../fakes/telnyx.ts";
import { failed, inTurn, only } from "./failing.ts";
import { useBenches } from "./harness.ts";

const open = useBenches();

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
    const { chat, telnyx, clock, settle, lines } = await open();
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
    expect(lines.filter((line) => line.includes('"outcome":"stopped"'))).toHaveLength(1);
    telnyx.model(() => say("Still here."));
    await chat.say(place, "are you there?");
    await settle(5_000);
    expect(chat.pages(place)).toEqual(["Still here."]);
  });
});
